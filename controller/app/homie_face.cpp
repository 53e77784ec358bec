// SPDX-License-Identifier: Apache-2.0
#include "controller/app/homie_face.hpp"

#include <charconv>
#include <cmath>
#include <functional>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace rytme::app {
namespace {

namespace json = boost::json;

json::object property(std::string_view datatype, std::string_view format, bool settable,
                      bool retained = true) {
  json::object result{{"datatype", datatype}};
  if (!format.empty()) result["format"] = format;
  if (settable) result["settable"] = true;
  if (!retained) result["retained"] = false;
  return result;
}

json::object node(json::object properties) { return {{"properties", std::move(properties)}}; }

std::string describe(std::string_view room_name, const std::vector<Preset>& presets, std::int64_t version) {
  std::string preset_ids;
  for (const auto& preset : presets) preset_ids += (preset_ids.empty() ? "" : ",") + preset.id;
  json::object nodes;
  nodes["session"] =
      node({{"state", property("enum", "idle,starting,running,paused,stopping,stopped,safe_mode", false)},
            {"preset", property(presets.empty() ? "string" : "enum", preset_ids, true)},
            {"phase", property("string", "", false)},
            {"end", property("boolean", "", true, false)}});
  nodes["stop"] = node({{"active", property("boolean", "", false)},
                        {"trigger", property("boolean", "", true, false)},
                        {"reset", property("boolean", "", true, false)}});
  nodes["light"] =
      node({{"level", property("float", "0:100", true)}, {"cct", property("integer", "1000:10000", true)}});
  nodes["sound"] = node({{"volume", property("float", "0:100", true)},
                         {"mute", property("boolean", "", true)},
                         {"tempo", property("float", "20:140", true)},
                         {"source", property("string", "", true)}});
  nodes["devices"] = node({{"ok", property("integer", "", false)}, {"all", property("integer", "", false)}});
  return json::serialize(
      json::object{{"homie", "5.0"}, {"version", version}, {"name", room_name}, {"nodes", std::move(nodes)}});
}

std::optional<double> number(std::string_view text, double low, double high) {
  double value{};
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end || !(value >= low && value <= high)) return std::nullopt;
  return value;
}

template <typename Asked>
std::optional<Request> when_true(std::string_view payload) {
  if (payload != "true") return std::nullopt;
  return Asked{};
}

using Maker = std::optional<Request> (*)(std::string_view);

// Property -> what its /set asks of the room.
const std::map<std::string, Maker, std::less<>>& makers() {
  static const std::map<std::string, Maker, std::less<>> table{
      {"session/preset",
       [](std::string_view text) -> std::optional<Request> {
         if (text.empty() || text.size() > 64) return std::nullopt;
         return request::StartSession{std::string(text), std::nullopt, std::nullopt};
       }},
      {"session/end", when_true<request::EndGently>},
      {"stop/trigger", when_true<request::StopAll>},
      {"stop/reset", when_true<request::ResetStop>},
      {"light/level",
       [](std::string_view text) -> std::optional<Request> {
         const auto percent = number(text, 0, 100);
         if (!percent) return std::nullopt;
         return request::SetLight{*percent / 100, std::nullopt};
       }},
      {"sound/volume",
       [](std::string_view text) -> std::optional<Request> {
         const auto percent = number(text, 0, 100);
         if (!percent) return std::nullopt;
         return request::SetVolume{*percent / 100};
       }},
      {"sound/tempo",
       [](std::string_view text) -> std::optional<Request> {
         const auto bpm = number(text, 20, 140);
         if (!bpm) return std::nullopt;
         return request::SetTempo{*bpm};
       }},
      {"sound/mute",
       [](std::string_view text) -> std::optional<Request> {
         if (text != "true" && text != "false") return std::nullopt;
         return request::SetMute{text == "true"};
       }},
      {"sound/source",
       [](std::string_view text) -> std::optional<Request> {
         if (text.empty() || text.size() > 64) return std::nullopt;
         return request::SetSource{std::string(text)};
       }},
  };
  return table;
}

std::string percent(double share) { return fmt::format("{:.1f}", share * 100); }

}  // namespace

HomieFace::HomieFace(std::string_view room_id, std::string_view room_name, const std::vector<Preset>& presets,
                     std::int64_t version)
    : base_(fmt::format("homie/5/rytme-{}/", room_id)), description_(describe(room_name, presets, version)) {}

std::vector<MqttSubscription> HomieFace::subscriptions() const { return {{base_ + "+/+/set", false, true}}; }

std::vector<MqttPublish> HomieFace::greeting() const {
  return {{base_ + "$state", "init", 1, true, Instant::max(), 0},
          {base_ + "$description", description_, 1, true, Instant::max(), 0}};
}

MqttPublish HomieFace::will() const { return {base_ + "$state", "lost", 1, true, Instant::max(), 0}; }

std::vector<MqttPublish> HomieFace::farewell() const {
  return {{base_ + "$state", "disconnected", 1, true, Instant::max(), 0}};
}

void HomieFace::put(std::string_view property, std::string value, std::vector<MqttPublish>& out) {
  auto found = sent_.find(property);
  if (found != sent_.end() && found->second == value) return;
  out.push_back({base_ + std::string(property), value, 1, true, Instant::max(), 0});
  if (found == sent_.end())
    sent_.emplace(property, std::move(value));
  else
    found->second = std::move(value);
}

void HomieFace::update(const RoomState& state, std::vector<MqttPublish>& out) {
  put("session/state", std::string(name_of(state.mode)), out);
  put("session/preset", state.preset, out);
  put("session/phase", state.phase, out);
  put("stop/active", state.mode == RoomMode::stopped ? "true" : "false", out);
  light_target_ = state.light.target;
  put("light/level/$target", percent(state.light.target), out);
  put("light/level", percent(state.light.level), out);
  put("light/cct", fmt::format("{:.0f}", state.light.cct_k), out);
  put("sound/volume", percent(state.volume), out);
  put("sound/mute", state.muted ? "true" : "false", out);
  // An empty retained payload takes the value off the broker: no tempo is left standing after a session.
  const bool tells_tempo = state.tempo_bpm && !state.session.empty();
  put("sound/tempo", tells_tempo ? fmt::format("{:.0f}", *state.tempo_bpm) : "", out);
  put("sound/source", state.source, out);
  put("devices/ok", std::to_string(state.devices_ok), out);
  put("devices/all", std::to_string(state.devices_all), out);
  if (ready_) return;
  out.push_back({base_ + "$state", "ready", 1, true, Instant::max(), 0});
  ready_ = true;
}

std::optional<Request> HomieFace::request(std::string_view topic, std::string_view payload) const {
  constexpr std::string_view suffix = "/set";
  if (!is_mine(topic) || !topic.ends_with(suffix)) return std::nullopt;
  topic.remove_prefix(base_.size());
  topic.remove_suffix(suffix.size());
  if (topic == "light/cct") {
    const auto kelvin = number(payload, 1000, 10000);
    if (!kelvin) return std::nullopt;
    return request::SetLight{light_target_, *kelvin};
  }
  const auto found = makers().find(topic);
  return found == makers().end() ? std::nullopt : found->second(payload);
}

}  // namespace rytme::app
