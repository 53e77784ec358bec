// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_arousal.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string_view>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/signals/arousal_text.hpp"
#include "controller/simulator/csv_rows.hpp"

namespace rytme::app {

namespace {

namespace json = boost::json;
using simulator::CsvRows;

constexpr double standard_gravity = 9.80665;

constexpr double week_s = 7 * 86'400;
constexpr std::size_t most_values = 10'000'000;
constexpr std::size_t most_accelerations = 32'000'000;  // a week at 50 Hz
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// One of the files: its wanted rows, and what there is to say of them.
class Source {
 public:
  Source(const std::filesystem::path& file, std::size_t most_rows, const RowFilter& where)
      : file_(file), rows_(file, most_rows) {
    if (where.column.empty()) return;
    if (const auto column = rows_.find(where.column)) {
      rows_.only(*column, where.value);
      filtered_ = true;
    }
  }

  CsvRows& rows() { return rows_; }
  bool filtered() const { return filtered_; }
  bool next() {
    if (!rows_.next()) return false;
    watch_.row();
    return true;
  }
  void without_value() { watch_.without_value(rows_.line()); }
  // NaN: there is none in this row.
  double number(std::size_t column) {
    const auto value = rows_.number(column);
    if (value && std::isfinite(*value)) return *value;
    without_value();
    return no_number;
  }
  // Of this row; nullopt: it has none. Throws when it is of another recording.
  std::optional<double> time(std::size_t column) {
    const double t_s = number(column);
    if (std::isnan(t_s)) return std::nullopt;
    if (!first_s_) first_s_ = t_s;
    if (std::abs(t_s - *first_s_) > week_s)
      rows_.fail_in_line(fmt::format("t_s is {}: more than a week from the first, {}", t_s, *first_s_));
    watch_.time(t_s, rows_.line());
    return t_s;
  }
  void tell(std::ostream& err) const { watch_.tell(file_, err); }

 private:
  std::filesystem::path file_;
  CsvRows rows_;
  RowWatch watch_;
  std::optional<double> first_s_;
  bool filtered_{};
};

// A cell without a number is one second without a value.
std::vector<signals::TimedRate> rates_of(Source& source) {
  const auto t_s = source.rows().column("t_s");
  const auto bpm = source.rows().column("hr_bpm");
  std::vector<signals::TimedRate> rates;
  while (source.next()) {
    const auto time = source.time(t_s);
    if (!time) continue;
    rates.push_back({.t_s = *time, .bpm = source.number(bpm)});
    const double value = rates.back().bpm;
    if (!std::isnan(value) && !(value > 0 && signals::rr_in_range(60'000 / value))) source.without_value();
  }
  if (rates.empty()) source.rows().fail_empty();
  return rates;
}

std::vector<signals::Beat> beats_of(Source& source) {
  const auto rr_ms = source.rows().column("rr_ms");
  const auto t_s = source.rows().find("t_s");
  std::vector<signals::Beat> beats;
  while (source.next()) {
    const auto time = t_s ? source.time(*t_s) : std::nullopt;
    if (!t_s || time) beats.push_back({.rr_ms = source.number(rr_ms), .t_s = time});
  }
  if (beats.empty()) source.rows().fail_empty();
  return beats;
}

// By the # line, else by the columns' own unit, else m/s².
double g_per_unit(const CsvRows& rows, std::string_view suffix) {
  if (suffix == "_g") {
    return 1;
  }
  if (suffix == "_mg") {
    return 1e-3;
  }
  const auto unit = rows.notes().find("unit");
  if (unit == rows.notes().end() || unit->second == "m/s2" || unit->second == "m/s²") {
    return 1 / standard_gravity;
  }
  if (unit->second == "g") {
    return 1;
  }
  if (unit->second == "mg") {
    return 1e-3;
  }
  if (unit->second == "1/64 g") {
    return 1.0 / 64;
  }
  rows.fail(fmt::format("unit {} is none of m/s2, g, mg, 1/64 g", simulator::shown_text(unit->second)));
}

std::string_view suffix_of(const CsvRows& rows) {
  for (const std::string_view suffix : {"", "_g", "_mg"}) {
    if (rows.find(fmt::format("ax{}", suffix))) {
      return suffix;
    }
  }
  rows.column("ax");  // throws
  return "";
}

double note(const CsvRows& rows, const std::string& key) {
  const auto found = rows.notes().find(key);
  const auto value = found == rows.notes().end() ? std::nullopt : simulator::number_of(found->second);
  if (!value || !std::isfinite(*value)) {
    rows.fail(fmt::format("has neither a column t_s nor {}= with a number in its # line", key));
  }
  return *value;
}

// Even times from the # line: where t_s is no column.
struct EvenTimes {
  double t0_s{}, fs_hz{1};
  std::size_t row{};
  double next() { return t0_s + static_cast<double>(row++) / fs_hz; }
};

EvenTimes even_times(const CsvRows& rows) {
  const EvenTimes times{.t0_s = note(rows, "t0_s"), .fs_hz = note(rows, "fs_hz"), .row = 0};
  if (!(times.fs_hz >= 0.01 && times.fs_hz <= 100'000)) {
    rows.fail(fmt::format("fs_hz is {}; expected 0.01 to 100000", times.fs_hz));
  }
  return times;
}

std::vector<signals::Acceleration> acceleration_of(Source& source) {
  const auto& rows = source.rows();
  const auto suffix = suffix_of(rows);
  const double g = g_per_unit(rows, suffix);
  const auto ax = rows.column(fmt::format("ax{}", suffix));
  const auto ay = rows.column(fmt::format("ay{}", suffix));
  const auto az = rows.column(fmt::format("az{}", suffix));
  const auto t_s = rows.find("t_s");
  auto even = t_s ? EvenTimes{} : even_times(rows);
  std::vector<signals::Acceleration> samples;
  bool any = false;
  while (source.next()) {
    any = true;
    const auto time = t_s ? source.time(*t_s) : even.next();
    const auto x = rows.number(ax);
    const auto y = rows.number(ay);
    const auto z = rows.number(az);
    if (!x || !y || !z) {
      source.without_value();
    } else if (time) {
      samples.push_back({.t_s = *time, .ax_g = *x * g, .ay_g = *y * g, .az_g = *z * g});
    }
  }
  if (!any) rows.fail_empty();
  return samples;
}

json::value or_null(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value();
}

json::object to_json(double t_s, const signals::ArousalNowResult& result, std::string_view reason) {
  return {{"t_s", t_s},
          {"hr_bpm", or_null(result.hr_bpm)},
          {"expected_hr_bpm", or_null(result.expected_bpm)},
          {"index", or_null(result.index)},
          {"level", result.level ? json::value(*result.level) : json::value()},
          {"confidence", result.confidence},
          {"low_side", result.low_side},
          {"reason", reason}};
}

}  // namespace

bool parse_span(std::string_view text, double& from_s, double& to_s) {
  const auto* const end = text.data() + text.size();
  const auto from = std::from_chars(text.data(), end, from_s);
  if (from.ec != std::errc{} || from.ptr == end || *from.ptr != ',') {
    return false;
  }
  const auto to = std::from_chars(from.ptr + 1, end, to_s);
  return to.ec == std::errc{} && to.ptr == end && from_s < to_s;
}

ArousalColumns read_arousal_columns(const ArousalRequest& request, std::ostream& err) {
  ArousalColumns columns;
  if (request.hr.empty() && request.rr.empty()) {
    throw std::runtime_error("give --hr, --rr or both");
  }
  bool filtered = request.where.column.empty();
  const auto read = [&](const std::filesystem::path& file, std::size_t most_rows, auto& values,
                        auto values_of) {
    if (file.empty()) return;
    Source source(file, most_rows, request.where);
    filtered = filtered || source.filtered();
    values = values_of(source);
    source.tell(err);
  };
  read(request.hr, most_values, columns.rates, rates_of);
  read(request.rr, most_values, columns.beats, beats_of);
  read(request.acc, most_accelerations, columns.acceleration, acceleration_of);
  if (!filtered) {
    throw std::runtime_error(fmt::format("--where: no file has a column {}", request.where.column));
  }
  return columns;
}

namespace {

void tell_no_calm_pulse(const ArousalRequest& request, double from_s, double to_s, std::ostream& err) {
  err << fmt::format(
      "--baseline {},{}: no calm pulse could be taken there, so there is no level; the recording has {} to "
      "{} s\n",
      request.baseline_from_s, request.baseline_to_s, from_s, to_s);
}

}  // namespace

int analyse_arousal_files(const ArousalRequest& request, std::ostream& out, std::ostream& err) {
  return guarded_analysis(err, [&] {
    const auto columns = read_arousal_columns(request, err);
    const auto language = request.norwegian ? signals::ArousalLanguage::nb : signals::ArousalLanguage::en;
    signals::ArousalLine line;
    std::optional<double> from_s;
    double to_s{};
    bool calm_pulse = false;
    const bool one_recording = signals::analyse_arousal(
        {.rates = columns.rates,
         .beats = columns.beats,
         .acceleration = columns.acceleration,
         .baseline_from_s = request.baseline_from_s,
         .baseline_to_s = request.baseline_to_s,
         .place = request.place,
         .optical = request.place == signals::SensorPlace::wrist},
        [&](double t_s, const signals::ArousalInput&, const signals::ArousalNowResult& result,
            const std::optional<signals::Baseline>& baseline) {
          if (!from_s) from_s = t_s;
          to_s = t_s;
          calm_pulse = baseline.has_value();
          out << to_json(t_s, result, line.write(result, baseline, language)) << '\n';
        });
    if (!one_recording) {
      throw std::runtime_error("the times of the recording span more than a week");
    }
    if (!calm_pulse) tell_no_calm_pulse(request, *from_s, to_s, err);
  });
}

}  // namespace rytme::app
