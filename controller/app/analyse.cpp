// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse.hpp"

#include <cmath>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "controller/app/analyse_rows.hpp"
#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/beat_cleaner.hpp"
#include "controller/simulator/csv_rows.hpp"

namespace rytme::app {

namespace {

namespace json = boost::json;

constexpr std::size_t most_beats = 10'000'000;
constexpr double longest_s = 100 * 86'400;

std::vector<signals::Beat> read_beats(simulator::CsvRows& rows, RowWatch& watch) {
  const auto rr_ms = rows.column("rr_ms");
  const auto t_s = rows.find("t_s");
  const auto number = [&rows](std::size_t column) {
    const double value = rows.required(column);
    if (!std::isfinite(value)) rows.fail_not_a_number(column);
    return value;
  };
  std::vector<signals::Beat> beats;
  for (double elapsed_s = 0; rows.next();) {
    signals::Beat beat{.rr_ms = number(rr_ms), .t_s = {}};
    if (t_s) {
      beat.t_s = number(*t_s);
      watch.time(*beat.t_s, rows.line());
    }
    if (signals::is_interval(beat.rr_ms)) elapsed_s += beat.rr_ms / 1000;
    if (elapsed_s > longest_s) rows.fail_in_line("more than 100 days of beats are not one recording");
    beats.push_back(beat);
  }
  if (beats.empty()) rows.fail_empty();
  return beats;
}

json::value or_null(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value();
}

json::object to_json(const signals::HeartStatistics& s) {
  return {{"n", s.n},
          {"hr_bpm", or_null(s.hr_bpm)},
          {"rmssd_ms", or_null(s.rmssd_ms)},
          {"ln_rmssd", or_null(s.ln_rmssd)},
          {"sdnn_ms", or_null(s.sdnn_ms)},
          {"pnn50_pct", or_null(s.pnn50_pct)}};
}

json::object to_json(const signals::HeartWindow& window) {
  json::object clean = to_json(window.clean);
  clean["accepted_share"] = window.accepted_share;
  clean["pairs_share"] = window.pairs_share;
  clean["valid"] = window.valid;
  clean["reason"] = window.reason;
  return {{"from_s", window.from_s}, {"to_s", window.to_s}, {"raw", to_json(window.raw)}, {"clean", clean}};
}

json::value to_json(const std::optional<signals::BandPower>& power) {
  if (!power) {
    return nullptr;
  }
  return {{"lf_ms2", power->lf_ms2}, {"hf_ms2", power->hf_ms2}, {"lf_hf", or_null(power->lf_hf)}};
}

json::array to_json_with_spectrum(const std::vector<signals::HeartWindow>& windows) {
  json::array array;
  for (const auto& window : windows) {
    json::object object = to_json(window);
    object["spectrum"] = to_json(window.spectrum);
    array.push_back(std::move(object));
  }
  return array;
}

json::array to_json(const std::vector<signals::HeartWindow>& windows) {
  json::array array;
  for (const auto& window : windows) {
    array.push_back(to_json(window));
  }
  return array;
}

std::string_view name_of(signals::BeatFlag kind) {
  switch (kind) {
    case signals::BeatFlag::ectopic:
      return "ectopic";
    case signals::BeatFlag::missed:
      return "missed";
    case signals::BeatFlag::extra:
      return "extra";
    case signals::BeatFlag::longshort:
      return "longshort";
  }
  return "";
}

json::object to_json(const signals::HeartAnalysis& analysis) {
  json::array flags;
  for (const auto& flag : analysis.flags) {
    flags.push_back({{"i", flag.i}, {"kind", name_of(flag.kind)}});
  }
  return {{"n", analysis.n},
          {"record", to_json(analysis.record)},
          {"windows_300s", to_json_with_spectrum(analysis.windows_300s)},
          {"windows_60s", to_json(analysis.windows_60s)},
          {"flags", std::move(flags)},
          {"gate", json::array(analysis.gate.begin(), analysis.gate.end())}};
}

}  // namespace

int analyse_heart_file(const HeartRequest& request, std::ostream& out, std::ostream& err) {
  return guarded_analysis(err, [&] {
    simulator::CsvRows rows(request.file, most_beats);
    if (!request.where.column.empty()) rows.only(rows.column(request.where.column), request.where.value);
    RowWatch watch;
    const auto beats = read_beats(rows, watch);
    out << to_json(signals::analyse_heart(beats)) << '\n';
    watch.tell(request.file, err);
  });
}

}  // namespace rytme::app
