// SPDX-License-Identifier: Apache-2.0
#include "controller/web/json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <boost/json.hpp>

namespace rytme::web {
namespace json = boost::json;
namespace {

void append(const json::value& value, std::string& out);

void append_number(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 400> digits{};  // the longest double in plain notation has 327 characters
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  out.append(digits.data(), end.ptr);
}

void append_object(const json::object& object, std::string& out) {
  out += '{';
  for (const auto& member : object) {
    if (out.back() != '{') out += ',';
    out += json::serialize(member.key());
    out += ':';
    append(member.value(), out);
  }
  out += '}';
}

void append(const json::value& value, std::string& out) {
  if (value.is_double()) {
    append_number(value.get_double(), out);
  } else if (value.is_object()) {
    append_object(value.get_object(), out);
  } else if (value.is_array()) {
    out += '[';
    for (const json::value& item : value.get_array()) {
      if (out.back() != '[') out += ',';
      append(item, out);
    }
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

json::value word_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value();
}

json::value from(std::string_view text) { return json::value(json::string_view(text.data(), text.size())); }

json::array strings(const std::vector<std::string>& items) { return json::array(items.begin(), items.end()); }

json::array from(const std::vector<OfferedTrack>& tracks) {
  json::array out;
  for (const auto& [id, title] : tracks) out.push_back(json::object{{"id", id}, {"title", title}});
  return out;
}

json::object local_text(const LocalText& text) { return {{"nb", text.nb}, {"en", text.en}}; }

json::value from(Direction direction) {
  switch (direction) {
    case Direction::down:
      return "down";
    case Direction::up:
      return "up";
    case Direction::neutral:
      break;
  }
  return "neutral";
}

}  // namespace

std::string dump(const json::value& value) {
  std::string out;
  append(value, out);
  return out;
}

json::value to_json(const RoomState& s) {
  json::object out;
  out["state"] = from(name_of(s.mode));
  out["phase"] = word_or_null(s.phase);
  out["preset"] = word_or_null(s.preset);
  out["session"] = word_or_null(s.session);
  out["since_s"] = s.since_s;
  out["remaining_s"] = s.remaining_s;
  out["recording"] = s.recording;
  out["participant_named"] = s.participant_named;
  out["participant_change"] = s.participant_change;
  out["rate_after_s"] = s.rate_after_s;
  out["undo"] = {{"channel", word_or_null(s.undo.channel)}, {"left_s", s.undo.left_s}};
  out["clock_s"] = s.clock_s;
  out["light"] = {{"target", s.light.target}, {"level", s.light.level}, {"cct_k", s.light.cct_k}};
  out["safe_light"] = {{"level", s.safe_light.level}, {"cct_k", s.safe_light.cct_k}};
  out["tempo_bpm"] = or_null(s.tempo_bpm);
  out["volume"] = s.volume;
  out["muted"] = s.muted;
  out["source"] = word_or_null(s.source);
  out["player"] = {{"source", word_or_null(s.player.source)},
                   {"track", word_or_null(s.player.track)},
                   {"status", word_or_null(s.player.status)},
                   {"offered", from(s.player.offered)}};
  out["heart"] = {{"bpm", or_null(s.heart.bpm)},
                  {"age_s", or_null(s.heart.age_s)},
                  {"quality", from(name_of(s.heart.quality))},
                  {"unfit", word_or_null(s.heart_unfit)}};
  out["arousal"] = {{"level", or_null(s.arousal.level)},  {"index", or_null(s.arousal.index)},
                    {"confidence", s.arousal.confidence}, {"reason", word_or_null(s.arousal.reason)},
                    {"low_side", s.arousal.low_side},     {"wearer_unsure", s.arousal.wearer_unsure}};
  out["calm_pulse"] = {{"state", s.calm_pulse.state},
                       {"elapsed_s", s.calm_pulse.elapsed_s},
                       {"bpm", or_null(s.calm_pulse.bpm)},
                       {"reason", word_or_null(s.calm_pulse.reason)}};
  out["show_level"] = s.show_level;
  out["follow"] = {{"pace", s.follow.pace},
                   {"swing", s.follow.swing},
                   {"pace_step", word_or_null(s.follow.pace_step)},
                   {"beats_per_swing", s.follow.beats_per_swing}};
  out["sound"] = {{"calibrated", s.sound_calibrated}, {"volume_max", s.volume_max}};
  out["devices"] = {{"ok", s.devices_ok},
                    {"all", s.devices_all},
                    {"missing", strings(s.devices_missing)},
                    {"quarantined", strings(s.devices_quarantined)}};
  out["manual"] = strings(s.manual);
  out["simulated"] = s.simulated;
  out["origin"] = word_or_null(s.origin);
  out["generation"] = s.generation;
  return out;
}

json::value to_json(const StopConfirmation& confirmation) {
  return json::object{{"generation", confirmation.generation},
                      {"confirmed", strings(confirmation.confirmed)},
                      {"missing", strings(confirmation.missing)}};
}

json::value to_json(const std::vector<Preset>& presets) {
  json::array out;
  for (const Preset& preset : presets) {
    json::array phases;
    for (const Phase& phase : preset.phases)
      phases.push_back(json::object{{"id", phase.id}, {"minutes", or_null(phase.minutes)}});
    out.push_back(json::object{{"id", preset.id},
                               {"version", preset.version},
                               {"direction", from(preset.direction)},
                               {"name", local_text(preset.name)},
                               {"minutes", preset.minutes},
                               {"phases", std::move(phases)}});
  }
  return out;
}

json::value to_json(const std::vector<ActivityRow>& activities) {
  json::array out;
  for (const ActivityRow& row : activities)
    out.push_back(json::object{{"id", row.id}, {"direction", row.direction}, {"text", local_text(row.text)}});
  return out;
}

json::value to_json(const std::vector<DeviceRow>& devices) {
  json::array out;
  for (const DeviceRow& row : devices) {
    const json::value seen = row.last_seen_s < 0 ? json::value() : json::value(row.last_seen_s);
    out.push_back(json::object{{"id", row.id},
                               {"name", word_or_null(row.name)},
                               {"place", row.place},
                               {"profile", row.profile},
                               {"state", row.state},
                               {"last_seen_s", seen},
                               {"fail_safe", word_or_null(row.fail_safe)},
                               {"fail_safe_at", word_or_null(row.fail_safe_at)},
                               {"fail_safe_level", or_null(row.fail_safe_level)},
                               {"rssi_dbm", or_null(row.rssi_dbm)},
                               {"lqi", or_null(row.lqi)},
                               {"battery", or_null(row.battery)},
                               {"firmware", word_or_null(row.firmware)},
                               {"messages_per_min", row.messages_per_min},
                               {"errors", json::object(row.errors.begin(), row.errors.end())},
                               {"reconnects", row.reconnects},
                               {"silenced_until", word_or_null(row.silenced_until)}});
  }
  return out;
}

json::value to_json(const std::vector<FaultRow>& faults) {
  json::array out;
  for (const FaultRow& row : faults) {
    json::array steps, now;
    for (const auto& step : row.steps)
      steps.push_back(json::object{{"after_s", step.after_s}, {"response", step.response}});
    for (const auto& there : row.now)
      now.push_back(json::object{{"device", word_or_null(there.device)},
                                 {"since_s", there.since_s},
                                 {"silenced_until", word_or_null(there.silenced_until)}});
    out.push_back(json::object{{"fault", row.fault},
                               {"says", local_text(row.says)},
                               {"steps", std::move(steps)},
                               {"does", local_text(row.does)},
                               {"devices", strings(row.devices)},
                               {"now", std::move(now)},
                               {"may_be_silent", row.may_be_silent}});
  }
  return out;
}

json::value to_json(const Variant& variant) {
  return json::object{{"minutes", or_null(variant.minutes)},
                      {"top_level", or_null(variant.top_level)},
                      {"rhythm", variant.rhythm},
                      {"red", variant.red},
                      {"tempo_bpm", or_null(variant.tempo_bpm)},
                      {"source", word_or_null(variant.source.value_or(""))}};
}

}  // namespace rytme::web
