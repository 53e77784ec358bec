// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_arousal.hpp"

#include <charconv>
#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string_view>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/signals/arousal_text.hpp"
#include "controller/simulator/table.hpp"

namespace rytme::app {

namespace {

namespace json = boost::json;
using simulator::Table;

constexpr double standard_gravity = 9.80665;

// What a reader leaves out, the signals refuse and count: a cell without a number is one second without a
// value.
const std::vector<double>& column(const Table& table, std::string_view name) {
  const auto found = table.columns.find(name);
  if (found == table.columns.end()) {
    throw std::runtime_error(fmt::format("{}: no column {}", table.file, name));
  }
  if (found->second.empty()) {
    throw std::runtime_error(table.file + ": has no rows");
  }
  return found->second;
}

std::vector<signals::TimedRate> rates_of(const Table& table) {
  const auto& t_s = column(table, "t_s");
  const auto& bpm = column(table, "hr_bpm");
  std::vector<signals::TimedRate> rates(t_s.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    rates[i] = {.t_s = t_s[i], .bpm = bpm[i]};
  }
  return rates;
}

std::vector<signals::Beat> beats_of(const Table& table) {
  const auto& rr_ms = column(table, "rr_ms");
  std::vector<signals::Beat> beats(rr_ms.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    beats[i].rr_ms = rr_ms[i];
    if (table.has("t_s")) {
      beats[i].t_s = table.columns.find("t_s")->second[i];
    }
  }
  return beats;
}

// By the # line, else by the columns' own unit, else m/s².
double g_per_unit(const Table& table, std::string_view suffix) {
  if (suffix == "_g") {
    return 1;
  }
  if (suffix == "_mg") {
    return 1e-3;
  }
  const auto unit = table.notes.find("unit");
  if (unit == table.notes.end() || unit->second == "m/s2" || unit->second == "m/s²") {
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
  throw std::runtime_error(
      fmt::format("{}: unit {} is none of m/s2, g, mg, 1/64 g", table.file, unit->second));
}

std::string_view suffix_of(const Table& table) {
  for (const std::string_view suffix : {"", "_g", "_mg"}) {
    if (table.has(fmt::format("ax{}", suffix))) {
      return suffix;
    }
  }
  throw std::runtime_error(table.file + ": no column ax");
}

std::vector<signals::Acceleration> acceleration_of(const Table& table) {
  const auto suffix = suffix_of(table);
  const double g = g_per_unit(table, suffix);
  const auto& ax = column(table, fmt::format("ax{}", suffix));
  const auto& ay = column(table, fmt::format("ay{}", suffix));
  const auto& az = column(table, fmt::format("az{}", suffix));
  const bool timed = table.has("t_s");
  const double t0_s = timed ? 0 : table.note("t0_s");
  const double fs_hz = timed ? 1 : table.note("fs_hz");
  if (!(fs_hz > 0)) {
    throw std::runtime_error(table.file + ": fs_hz is not above 0");
  }
  std::vector<signals::Acceleration> samples(ax.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t_s = timed ? column(table, "t_s")[i] : t0_s + static_cast<double>(i) / fs_hz;
    samples[i] = {.t_s = t_s, .ax_g = ax[i] * g, .ay_g = ay[i] * g, .az_g = az[i] * g};
  }
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

ArousalColumns read_arousal_columns(const ArousalRequest& request) {
  ArousalColumns columns;
  if (request.hr.empty() && request.rr.empty()) {
    throw std::runtime_error("give --hr, --rr or both");
  }
  if (!request.hr.empty()) {
    columns.rates = rates_of(simulator::read_table(request.hr));
  }
  if (!request.rr.empty()) {
    columns.beats = beats_of(simulator::read_table(request.rr));
  }
  if (!request.acc.empty()) {
    columns.acceleration = acceleration_of(simulator::read_table(request.acc));
  }
  return columns;
}

int analyse_arousal_files(const ArousalRequest& request, std::ostream& out, std::ostream& err) {
  try {
    const auto columns = read_arousal_columns(request);
    const auto language = request.norwegian ? signals::ArousalLanguage::nb : signals::ArousalLanguage::en;
    signals::ArousalLine line;
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
          out << to_json(t_s, result, line.write(result, baseline, language)) << '\n';
        });
    if (!one_recording) {
      throw std::runtime_error("the times span more than a week, or there are none");
    }
    return 0;
  } catch (const std::runtime_error& problem) {
    err << problem.what() << '\n';
    return 2;
  }
}

}  // namespace rytme::app
