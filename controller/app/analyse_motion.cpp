// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_motion.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "controller/signals/analyse_motion.hpp"
#include "controller/simulator/csv_rows.hpp"

namespace rytme::app {

namespace {

using simulator::CsvRows;

class MotionRows {
 public:
  explicit MotionRows(CsvRows& rows)
      : rows_(rows), t_s_(rows.column("t_s")), acceleration_(three({"ax", "ay", "az"})) {
    if (rows.find("gx") || rows.find("gy") || rows.find("gz")) rate_ = three({"gx", "gy", "gz"});
  }

  signals::MotionSample sample() {
    const double t_s = rows_.required(t_s_);
    if (std::isfinite(t_s)) watch_.time(t_s, rows_.line());
    if (!origin_s_ && std::abs(t_s) < clock_limit_s) origin_s_ = std::floor(t_s);
    const double since_s = t_s - origin_s_.value_or(0);
    signals::MotionSample sample{.t_us = std::abs(since_s) < clock_limit_s ? std::llround(since_s * 1e6) : -1,
                                 .acceleration = {},
                                 .rate = {}};
    for (std::size_t i = 0; i < 3; ++i) sample.acceleration[i] = rows_.required(acceleration_[i]);
    if (rate_) sample.rate = rate();
    return sample;
  }
  // Rows are told by the recording's own clock; the trackers run from its first whole second on.
  double origin_s() const { return origin_s_.value_or(0); }
  const RowWatch& watch() const { return watch_; }

 private:
  using Three = std::array<std::size_t, 3>;
  static constexpr double clock_limit_s = 1e11;  // AD 5138 in seconds; 1973 in milliseconds

  Three three(const std::array<std::string_view, 3>& names) const {
    return {rows_.column(names[0]), rows_.column(names[1]), rows_.column(names[2])};
  }
  // An empty cell: the gyroscope says nothing in this row.
  std::optional<signals::Vector3> rate() const {
    signals::Vector3 rate{};
    for (std::size_t i = 0; i < 3; ++i) {
      if (rows_.cell((*rate_)[i]) == "") return std::nullopt;
      rate[i] = rows_.required((*rate_)[i]);
    }
    return rate;
  }

  CsvRows& rows_;
  std::size_t t_s_;
  Three acceleration_;
  std::optional<Three> rate_;
  std::optional<double> origin_s_;
  RowWatch watch_;
};

std::string shown(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : "null";
}

std::string_view name_of(Quality quality) {
  switch (quality) {
    case Quality::good:
      return "good";
    case Quality::doubtful:
      return "doubtful";
    case Quality::unknown:
      return "unknown";
  }
  return "";
}

void write_row(std::ostream& out, double t_s, const signals::MotionNow& now) {
  const auto& swing = now.swing;
  const std::string_view occupied = !now.occupied ? "null" : *now.occupied ? "true" : "false";
  fmt::print(
      out,
      "{{\"t_s\":{:.1f},\"f_hz\":{},\"amplitude_deg\":{},\"phase_rad\":{},\"regularity\":{},\"pumping\":{},"
      "\"occupied\":{},\"quality\":\"{}\",\"twist_dps\":{},\"body_mad_mps2\":{}}}\n",
      t_s, shown(swing.frequency_hz, 6), shown(swing.amplitude_deg, 4), shown(swing.phase_rad, 5),
      shown(swing.regularity, 4), shown(swing.pumping, 5), occupied, name_of(swing.quality),
      shown(swing.twist_dps, 3), shown(now.body_mad_mps2, 4));
}

void tell_refused(const std::filesystem::path& file, const signals::MotionTracker::Counters& counted,
                  std::ostream& err) {
  const auto refused = counted.implausible + counted.disordered + counted.frozen;
  if (refused == 0) return;
  err << file.string() << ": " << refused << " of " << counted.samples
      << " samples refused: " << counted.implausible << " implausible, " << counted.disordered
      << " out of order, " << counted.frozen << " frozen\n";
}

}  // namespace

int analyse_motion_file(const MotionRequest& request, std::ostream& out, std::ostream& err) {
  return guarded_analysis(err, [&] {
    CsvRows csv(request.file);
    if (!request.where.column.empty()) csv.only(csv.column(request.where.column), request.where.value);
    MotionRows rows(csv);
    signals::MotionAnalysis analysis;
    while (out && csv.next())
      analysis.add(rows.sample(), [&](std::int64_t t_us, const signals::MotionNow& now) {
        write_row(out, rows.origin_s() + static_cast<double>(t_us) * 1e-6, now);
      });
    if (analysis.counters().samples == 0) csv.fail_empty();
    rows.watch().tell(request.file, err);
    tell_refused(request.file, analysis.counters(), err);
  });
}

}  // namespace rytme::app
