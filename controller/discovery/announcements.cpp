// SPDX-License-Identifier: Apache-2.0
// What announcements say, and which of our profiles fit. Sources: Homie convention 5.0, "Device attributes";
// zigbee2mqtt documentation, "MQTT topics and messages" (bridge/devices) and "Exposes"; Home Assistant, "MQTT
// discovery" and its table of abbreviations.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "controller/discovery/listener.hpp"

namespace rytme::discovery {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 100;  // bytes
constexpr std::size_t deepest = 16;

std::optional<json::value> parsed(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = deepest;
  auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return std::nullopt;
  return value;
}

const json::value* at(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object != nullptr ? object->if_contains(json::string_view(key.data(), key.size())) : nullptr;
}

std::string text_at(const json::value& value, std::string_view key) {
  const auto* found = at(value, key);
  if (found == nullptr || !found->is_string()) return "";
  return std::string(found->get_string()).substr(0, longest_name);
}

// By its name or its abbreviation.
std::string either(const json::value& value, std::string_view name, std::string_view abbreviated) {
  auto found = text_at(value, name);
  return found.empty() ? text_at(value, abbreviated) : found;
}

std::string joined(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() ? one + other : one + " " + other;
}

std::string at_place(std::string_view head, std::string_view name) {
  const std::string tail = slug(name);
  return std::string(head) + (tail.empty() ? "new" : tail);
}

bool has(const json::value& nodes, std::string_view node, std::string_view property) {
  const auto* found = at(nodes, node);
  const auto* properties = found != nullptr ? at(*found, "properties") : nullptr;
  return properties != nullptr && at(*properties, property) != nullptr;
}

bool has_settable_level(const json::value& nodes) {
  const auto* all = nodes.if_object();
  if (all == nullptr) return false;
  return std::any_of(all->begin(), all->end(), [](const auto& node) {
    const auto* properties = at(node.value(), "properties");
    const auto* list = properties != nullptr ? properties->if_object() : nullptr;
    if (list == nullptr) return false;
    return std::any_of(list->begin(), list->end(), [](const auto& property) {
      const auto* settable = at(property.value(), "settable");
      const bool may = settable != nullptr && settable->is_bool() && settable->get_bool();
      const auto key = std::string_view(property.key().data(), property.key().size());
      return may && (key == "level" || key == "brightness" || key == "dim" || key == "dimmer");
    });
  });
}

Offer offer_for_homie(const std::string& device, const json::value& nodes) {
  if (has(nodes, "light", "level"))
    return {"homie-light", at_place("light.", device), "", {{"node", device}}};
  if (has(nodes, "player", "volume"))
    return {"homie-player", at_place("music.", device), "", {{"node", device}}};
  if (has(nodes, "button", "action"))
    return {"homie-button", at_place("button.", device), "", {{"node", device}}};
  if (at(nodes, "hr") != nullptr) return {"rytme-heart", at_place("heart.", device), "", {{"node", device}}};
  if (at(nodes, "motion") != nullptr) return {"rytme-motion", "swing.motion", "", {{"node", device}}};
  if (has_settable_level(nodes))
    return {"homie-device", at_place("light.", device), "", {{"device", device}}};
  return {"homie-sensor", at_place("environment.", device), "", {{"device", device}}};
}

// The names of everything that an entry exposes, and whether it is a light.
void collect(const json::value& exposes, std::size_t depth, std::vector<std::string>& names) {
  const auto* list = exposes.if_array();
  if (list == nullptr || depth == 0) return;
  for (const auto& item : *list) {
    if (const auto type = text_at(item, "type"); type == "light") names.emplace_back("a light");
    if (auto name = text_at(item, "name"); !name.empty()) names.push_back(std::move(name));
    if (const auto* features = at(item, "features")) collect(*features, depth - 1, names);
  }
}

Offer offer_for_zigbee(std::string_view base, const std::string& name, const json::value& definition) {
  std::vector<std::string> names;
  if (const auto* exposes = at(definition, "exposes")) collect(*exposes, 4, names);
  const auto exposed = [&](std::string_view wanted) {
    return std::find(names.begin(), names.end(), wanted) != names.end();
  };
  std::map<std::string, std::string> params{{"topic", std::string(base) + "/" + name}};
  if (base != "zigbee2mqtt") params["bridge"] = base;
  if (exposed("a light") && exposed("color_temp"))
    return {"zigbee2mqtt-light", at_place("light.", name), "", std::move(params)};
  if (exposed("a light") && exposed("brightness"))
    return {"zigbee2mqtt-light-white", at_place("light.", name), "", std::move(params)};
  if (exposed("vibration"))
    return {"zigbee2mqtt-vibration", at_place("environment.", name), "", std::move(params)};
  return {};
}

// A light by the topic that it takes its commands on: what stands before and between the fixed parts.
Offer offer_for_command(const std::string& topic) {
  const auto before = [&](std::string_view tail) {
    return topic.ends_with(tail) && topic.size() > tail.size() ? topic.substr(0, topic.size() - tail.size())
                                                               : std::string();
  };
  if (topic.starts_with("zigbee2mqtt/"))
    if (const auto name = before("/set"); !name.empty())
      return {"zigbee2mqtt-light", at_place("light.", name.substr(12)), "", {{"topic", name}}};
  if (const auto path = before("/command"); !path.empty()) {
    const auto light = path.find("/light/");
    if (light != std::string::npos && light > 0 && path.find('/', light + 7) == std::string::npos)
      return {"esphome-light",
              at_place("light.", path.substr(light + 7)),
              "",
              {{"prefix", path.substr(0, light)}, {"light", path.substr(light + 7)}}};
  }
  if (topic.starts_with("wled/") && topic.find('/', 5) == std::string::npos && topic.size() > 5)
    return {"wled", at_place("light.", topic.substr(5)), "", {{"topic", topic}}};
  if (topic.starts_with("cmnd/")) {
    const auto end = topic.find('/', 5);
    if (end != std::string::npos && end > 5)
      return {"tasmota-light",
              at_place("light.", topic.substr(5, end - 5)),
              "",
              {{"topic", topic.substr(5, end - 5)}}};
  }
  return {};
}

// A placeholder or a wildcard in a topic is no topic of a device.
bool is_topic(std::string_view text) { return text.find_first_of("+#{}\n") == std::string_view::npos; }

}  // namespace

std::vector<Found> from_homie(std::string_view device, std::string_view description) {
  const auto told = parsed(description);
  if (!told || !told->is_object() || !is_topic(device)) return {};
  const auto* nodes = at(*told, "nodes");
  const std::string id = std::string(device).substr(0, longest_name);
  return {{Source::homie, id, text_at(*told, "name"), text_at(*told, "type"), "",
           offer_for_homie(id, nodes != nullptr ? *nodes : json::value(json::object{}))}};
}

std::vector<Found> from_zigbee2mqtt(std::string_view base, std::string_view devices) {
  std::vector<Found> result;
  const auto told = parsed(devices);
  if (!told || !told->is_array()) return result;
  for (const auto& item : told->get_array()) {
    const auto name = text_at(item, "friendly_name");
    const auto* definition = at(item, "definition");
    if (name.empty() || !is_topic(name) || text_at(item, "type") == "Coordinator" || definition == nullptr ||
        result.size() == Listener::most_found)
      continue;
    result.push_back({Source::zigbee2mqtt, name, name,
                      joined(text_at(*definition, "vendor"), text_at(*definition, "model")), "",
                      offer_for_zigbee(base, name, *definition)});
  }
  return result;
}

std::vector<Found> from_home_assistant(std::string_view component, std::string_view config) {
  const auto told = parsed(config);
  if (!told || !told->is_object() || component != "light") return {};
  const auto* device = at(*told, "device");
  if (device == nullptr) device = at(*told, "dev");
  const json::value nobody(nullptr);
  const json::value& about = device != nullptr ? *device : nobody;
  auto id = either(*told, "unique_id", "uniq_id");
  auto name = either(about, "name", "name");
  if (name.empty()) name = text_at(*told, "name");
  if (id.empty()) id = name;
  auto topic = either(*told, "command_topic", "cmd_t");
  const auto base = text_at(*told, "~");
  if (topic.starts_with('~')) topic = base + topic.substr(1);
  if (topic.ends_with('~')) topic = topic.substr(0, topic.size() - 1) + base;
  if (id.empty() || topic.empty() || !is_topic(topic)) return {};
  return {{Source::home_assistant, id, name,
           joined(either(about, "manufacturer", "mf"), either(about, "model", "mdl")), "",
           offer_for_command(topic)}};
}

}  // namespace rytme::discovery
