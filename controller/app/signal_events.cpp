// SPDX-License-Identifier: Apache-2.0
#include "controller/app/signal_events.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

namespace rytme::app {
namespace {

namespace json = boost::json;
using signals::BaselineDoubt;
using signals::BaselineMeasurement;
using State = BaselineMeasurement::State;

constexpr std::array<std::pair<BaselineDoubt, std::string_view>, 5> words{
    {{BaselineDoubt::too_short, "too_short"},
     {BaselineDoubt::noisy, "rejected"},
     {BaselineDoubt::moving, "moving"},
     {BaselineDoubt::drifting, "slope"},
     {BaselineDoubt::arrived_aroused, "above_history"}}};

std::optional<BaselineDoubt> first_doubt(std::uint8_t doubts) {
  for (const auto& [doubt, word] : words)
    if ((doubts & static_cast<std::uint8_t>(doubt)) != 0) return doubt;
  return std::nullopt;
}

std::string_view reason(const BaselineMeasurement& measurement) {
  if (!measurement.result() && measurement.heart_seconds() == 0) return "no_data";
  const auto first = first_doubt(measurement.result() ? measurement.result()->doubts : measurement.doubts());
  const auto* found =
      std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.first == first; });
  return found == words.end() ? "" : found->second;
}

std::string_view state_word(State state) {
  switch (state) {
    case State::running:
      return "running";
    case State::good:
      return "good";
    case State::doubtful:
      return "doubtful";
    case State::failed:
      break;
  }
  return "failed";
}

}  // namespace

std::string calm_pulse_data(const std::string& participant, const BaselineMeasurement& measurement) {
  const auto& result = measurement.result();
  const double elapsed_s = measurement.elapsed_s();
  const auto n = static_cast<double>(measurement.heart_seconds());
  json::object data{{"participant", participant}};
  data["bpm"] = result ? json::value(result->today_bpm) : json::value();
  data["calm_bpm"] = result ? json::value(result->calm_bpm) : json::value();
  data["iqr"] = result ? json::value(result->iqr_bpm) : json::value();
  data["n"] = measurement.heart_seconds();
  data["valid_share"] = elapsed_s > 0 ? json::value(std::min(1.0, n / elapsed_s)) : json::value();
  data["duration_s"] = elapsed_s;
  data["quality"] = result ? state_word(measurement.state()) : "unknown";
  data["reason"] = reason(measurement);
  return json::serialize(data);
}

CalmPulseNow calm_pulse_now(const BaselineMeasurement& measurement, bool norwegian) {
  CalmPulseNow now;
  now.state = state_word(measurement.state());
  now.elapsed_s = measurement.elapsed_s();
  if (measurement.result()) now.bpm = measurement.result()->today_bpm;
  const auto doubts = measurement.result() ? measurement.result()->doubts : measurement.doubts();
  const bool too_early = measurement.state() == State::running && measurement.elapsed_s() < 30;
  if (const auto doubt = first_doubt(doubts); doubt && !too_early)
    now.reason = signals::doubt_text(*doubt, norwegian);
  return now;
}

std::string gains_data(const std::string& participant, signals::SensorPlace place,
                       const signals::MovementGainLearner::Sums& sums) {
  return json::serialize(json::object{{"participant", participant},
                                      {"place", place == signals::SensorPlace::wrist ? "wrist" : "chest"},
                                      {"xx", sums.xx},
                                      {"xy", sums.xy},
                                      {"yy", sums.yy},
                                      {"xd", sums.xd},
                                      {"yd", sums.yd},
                                      {"seconds", sums.seconds}});
}

entry::Event heart_event(signals::HeartEvent::Kind kind, const std::string& device,
                         const std::string& previous) {
  using Kind = signals::HeartEvent::Kind;
  json::object data{{"device", device}};
  switch (kind) {
    case Kind::source_chosen:
      data["previous"] = previous.empty() ? json::value() : json::value(previous);
      return {"heart_source", json::serialize(data)};
    case Kind::source_lost:
      return {"heart_source", json::serialize(json::object{{"device", nullptr}, {"previous", previous}})};
    case Kind::contact_lost:
      return {"heart_contact_lost", json::serialize(data)};
    case Kind::wearer_returned:
      data["doubt"] = "returned";
      return {"heart_wearer", json::serialize(data)};
    case Kind::wearer_probably_another:
    case Kind::battery_low:  // of the device, not of a heart: told elsewhere
      break;
  }
  data["doubt"] = "probably_another";
  return {"heart_wearer", json::serialize(data)};
}

entry::Event heart_quality(const std::string& device, const signals::HeartTracker::Counters& before,
                           const signals::HeartTracker::Counters& now) {
  json::object data{{"device", device}};
  data["beats"] = now.beats - before.beats;
  data["accepted"] = now.accepted - before.accepted;
  data["gaps"] = now.gaps - before.gaps;
  data["lost_frames"] = now.lost_frames - before.lost_frames;
  data["duplicates"] = now.duplicates - before.duplicates;
  data["implausible"] = now.implausible - before.implausible;
  constexpr std::array<const char*, 4> flags{"ectopic", "missed", "extra", "longshort"};
  json::object settled;
  for (std::size_t i = 0; i < flags.size(); ++i)
    settled[flags.at(i)] = now.flagged.at(i) - before.flagged.at(i);
  data["settled"] = std::move(settled);
  return {"heart_quality", json::serialize(data)};
}

}  // namespace rytme::app
