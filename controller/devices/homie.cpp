// SPDX-License-Identifier: Apache-2.0
// A Homie 5 device without a profile of its own: its retained $description says which properties it has,
// their datatype, format and unit; from these come the same reads and writes that a profile would have. Until
// then its values are held. Bounded: as many properties as the profile names, as many held topics as
// `most_held`.
#include <algorithm>
#include <array>
#include <utility>

#include "controller/devices/engine.hpp"

namespace rytme::devices {
namespace {

using settings::Colour;
using settings::MqttRead;
using settings::MqttWrite;
using settings::PayloadField;
using settings::PayloadFormat;
using settings::Placeholder;
using settings::Wording;

constexpr std::size_t most_held = 64;
constexpr std::size_t most_nodes = 64;  // of a description, and properties of a node

// How a property is found when the settings do not name it.
struct Habit {
  Capability capability{};
  bool is_boolean{};
  std::array<std::string_view, 6> ids;  // the property's own id
  std::string_view unit;                // or its unit; "": the id decides
};
constexpr std::array habits{
    Habit{Capability::light_level, false, {"level", "brightness", "dim", "dimmer", "intensity"}, ""},
    Habit{Capability::light_on, true, {"on", "power", "switch", "state"}, ""},
    Habit{Capability::light_cct_k,
          false,
          {"cct", "ct", "color-temperature", "colour-temperature", "temperature", "white-temperature"},
          ""},
    Habit{Capability::relay_on, true, {"on", "power", "switch", "relay", "state"}, ""},
    Habit{Capability::player_volume, false, {"volume"}, ""},
    Habit{Capability::player_mute, true, {"mute", "muted"}, ""},
    Habit{Capability::player_play, true, {"play", "playing"}, ""},
    Habit{Capability::env_lux, false, {"illuminance", "lux"}, "lx"},
    Habit{Capability::env_temperature_c, false, {"temperature"}, "°C"},
    Habit{Capability::env_humidity, false, {"humidity"}, ""},
    Habit{Capability::env_co2_ppm, false, {"co2"}, "ppm"},
    Habit{Capability::env_sound_db, false, {"sound", "noise", "sound-level"}, "dB"},
    Habit{Capability::device_battery, false, {"battery", "battery-level"}, ""},
    Habit{Capability::input_on, true, {"input", "contact", "motion", "occupancy"}, ""},
    Habit{Capability::power_active_w, false, {"power", "active-power"}, "W"},
    Habit{Capability::hr_bpm, false, {"bpm", "heart-rate", "pulse"}, "bpm"}};

std::string_view text_at(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return "";
  return {value->get_string().data(), value->get_string().size()};
}

bool flag_at(const boost::json::object& object, const char* key, bool otherwise) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

bool is_number(std::string_view datatype) { return datatype == "integer" || datatype == "float"; }

bool fits(const settings::HomieProperty& wanted, std::string_view id, const boost::json::object& property) {
  const std::string_view datatype = text_at(property, "datatype");
  if (wanted.colour) return datatype == "color";
  const auto* habit = std::find_if(habits.begin(), habits.end(),
                                   [&](const Habit& row) { return row.capability == wanted.capability; });
  if (habit == habits.end()) return false;
  if (habit->is_boolean ? datatype != "boolean" : !is_number(datatype)) return false;
  if (!habit->unit.empty() && text_at(property, "unit") == habit->unit) return true;
  const bool unit_fits = habit->unit.empty() || text_at(property, "unit").empty();
  return unit_fits && std::find(habit->ids.begin(), habit->ids.end(), id) != habit->ids.end();
}

struct Found {
  std::string place;  // node/property
  const boost::json::object* property{};
};

const boost::json::object* property_at(const boost::json::value& root, const std::string& place) {
  const auto slash = place.find('/');
  if (slash == std::string::npos) return nullptr;
  const auto* value =
      find(root, Pointer{"nodes", place.substr(0, slash), "properties", place.substr(slash + 1)});
  return value != nullptr ? value->if_object() : nullptr;
}

Found first_fitting(const boost::json::value& root, const settings::HomieProperty& wanted) {
  const auto* nodes = find(root, Pointer{"nodes"});
  if (nodes == nullptr || !nodes->is_object()) return {};
  std::size_t seen = 0;
  for (const auto& [node_id, node] : nodes->get_object()) {
    if (++seen > most_nodes) break;
    const auto* properties = node.is_object() ? node.get_object().if_contains("properties") : nullptr;
    if (properties == nullptr || !properties->is_object()) continue;
    std::size_t looked = 0;
    for (const auto& [id, property] : properties->get_object()) {
      if (++looked > most_nodes) break;
      if (property.is_object() && fits(wanted, id, property.get_object()))
        return {std::string(node_id) + "/" + std::string(id), &property.get_object()};
    }
  }
  return {};
}

// "0:100", "0:100:5"; an open end is none.
std::pair<std::optional<double>, std::optional<double>> range_of(std::string_view format) {
  const auto colon = format.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view rest = format.substr(colon + 1);
  return {parse_number(format.substr(0, colon)), parse_number(rest.substr(0, rest.find(':')))};
}

// How many of the property's units are one of the capability's.
double units_per_one(Capability capability, const boost::json::object& property) {
  if (info(capability).unit != "1") return 1;
  const auto [low, high] = range_of(text_at(property, "format"));
  if (high && *high > 0) return *high;
  return text_at(property, "unit") == "%" ? 100 : 1;
}

MqttRead read_for(const std::string& topic, const settings::HomieProperty& wanted,
                  const boost::json::object& property) {
  MqttRead read;
  read.topic = topic;
  read.capability = wanted.colour ? Capability::light_red : wanted.capability;
  if (wanted.colour) {
    read.format = PayloadFormat::text;
    read.colour = Colour::tagged;
    return read;
  }
  const ValueKind kind = info(wanted.capability).kind;
  read.format = kind == ValueKind::number ? PayloadFormat::number : PayloadFormat::text;
  if (!flag_at(property, "retained", true)) read.retained = settings::Retained::ignore;
  if (kind != ValueKind::number) return read;
  const auto [low, high] = range_of(text_at(property, "format"));
  read.scaling.raw_min = low;
  read.scaling.raw_max = high;
  read.scaling.scale = 1 / units_per_one(wanted.capability, property);
  if (wanted.capability == Capability::light_cct_k && text_at(property, "unit") == "mired")
    read.scaling.convert = settings::Conversion::mired_to_k;
  if (wanted.capability == Capability::hr_bpm) {
    read.scaling.plausible_min = 30;
    read.scaling.plausible_max = 220;
    read.scaling.invalid = {0, 255};
    read.retained = settings::Retained::ignore;
    read.ttl_s = 5;
  }
  return read;
}

MqttWrite write_for(const std::string& topic, Capability capability, const boost::json::object& property) {
  MqttWrite write;
  write.topic = topic + "/set";
  write.says = {capability};
  Placeholder placeholder;
  placeholder.capability = capability;
  placeholder.factor = units_per_one(capability, property);
  placeholder.wording = text_at(property, "datatype") == "integer" ? Wording::integer : Wording::number;
  if (text_at(property, "unit") == "mired") placeholder.wording = Wording::mired;
  if (info(capability).kind == ValueKind::boolean) {
    placeholder.wording = Wording::choice;
    placeholder.if_true = "true";
    placeholder.if_false = "false";
  }
  write.payload.kind = PayloadField::Kind::value;
  write.payload.placeholder = std::move(placeholder);
  return write;
}

}  // namespace

void Devices::Engine::bind_homie(DeviceIndex device) {
  using Kind = TopicUse::Kind;
  const std::string base = "homie/5/" + filled(profile_of(device).homie.device, device);
  bind_topic(base + "/$description", {device, Kind::homie, 0}, true);
  bind_topic(base + "/+/+", {device, Kind::homie_value, 0}, false);
  bind_topic(base + "/+/+/$target", {device, Kind::homie_value, 0}, false);
  bind_topic(base + "/+/+/set", {device, Kind::command, 0}, false);
  settings::AvailabilitySource state;
  state.map = {{"ready", 1, ""}, {"sleeping", 1, "sleeping"}, {"init", 0, ""}, {"disconnected", 0, ""},
               {"lost", 0, ""},  {"", 0, "removed"}};
  MqttBinding& binding = states_[device].mqtt;
  bind_topic(base + "/$state", {device, Kind::availability, binding.sources.size()}, false);
  binding.sources.push_back({std::move(state), {}, std::nullopt});
}

Outcome Devices::Engine::take_description(DeviceIndex device, const boost::json::value* root) {
  if (root == nullptr || !root->is_object())
    return Refused{Refusal::malformed, "the $description is not a JSON object"};
  const settings::Homie& homie = profile_of(device).homie;
  const std::string base = "homie/5/" + filled(homie.device, device) + "/";
  unbind(device, base);
  MqttBinding& binding = states_[device].mqtt;
  binding.reads.clear();
  binding.writes.clear();
  binding.has_on = false;
  for (const settings::HomieProperty& wanted : homie.properties) {
    const std::string place = filled(wanted.property, device);
    if (place == "none") continue;
    const Found found =
        place == "auto" ? first_fitting(*root, wanted) : Found{place, property_at(*root, place)};
    if (found.property == nullptr) continue;
    const std::string topic = base + found.place;
    const MqttRead read = read_for(topic, wanted, *found.property);
    bind_read(read, device);
    if (wanted.colour || !settings::is_commanded(wanted.capability) ||
        !flag_at(*found.property, "settable", false))
      continue;
    if (wanted.capability == Capability::light_level) {
      MqttRead target = read;
      target.topic = topic + "/$target";
      target.capability = Capability::light_target_level;
      bind_read(target, device);
    }
    bind_write(write_for(topic, wanted.capability, *found.property), device);
  }
  states_[device].homie.described = true;
  return {};
}

Outcome Devices::Engine::hold(DeviceIndex device, const MqttMessage& message) {
  HomieState& homie = states_[device].homie;
  if (homie.described) return {};
  const auto same = std::find_if(homie.held.begin(), homie.held.end(),
                                 [&](const MqttMessage& other) { return other.topic == message.topic; });
  if (same != homie.held.end())
    *same = message;
  else if (homie.held.size() < most_held)
    homie.held.push_back(message);
  else
    return Refused{Refusal::too_large, "more than 64 properties before the $description"};
  return {};
}

void Devices::Engine::release_held(DeviceIndex device, std::vector<Decoded>& out) {
  for (const auto& message : std::exchange(states_[device].homie.held, {})) {
    const auto found = topics_.find(std::string_view(message.topic));
    if (found != topics_.end()) decode_for(found->second, message, out);
  }
}

}  // namespace rytme::devices
