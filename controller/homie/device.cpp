// SPDX-License-Identifier: Apache-2.0
#include "controller/homie/device.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

namespace rytme::homie {
namespace {

namespace json = boost::json;

MqttPublish retained(std::string topic, std::string payload) {
  MqttPublish out;
  out.topic = std::move(topic);
  out.payload = std::move(payload);
  out.qos = 1;
  out.retain = true;
  return out;
}

std::string path(const Property& property) { return property.node + "/" + property.id; }

json::object describe(const Property& property) {
  json::object out{{"name", property.id},
                   {"datatype", property.datatype},
                   {"settable", property.settable},
                   {"retained", property.retained}};
  if (!property.format.empty()) out["format"] = property.format;
  if (!property.unit.empty()) out["unit"] = property.unit;
  return out;
}

bool within(std::string_view range, double value) {  // "20:140"
  const auto colon = range.find(':');
  if (colon == std::string_view::npos) return true;
  return value >= *Device::number(range.substr(0, colon)) &&
         value <= *Device::number(range.substr(colon + 1));
}

bool is_choice(std::string_view choices, std::string_view value) {  // "press,long"
  while (!choices.empty()) {
    const auto comma = choices.find(',');
    if (choices.substr(0, comma) == value) return true;
    choices.remove_prefix(comma == std::string_view::npos ? choices.size() : comma + 1);
  }
  return false;
}

}  // namespace

std::optional<double> Device::number(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string Device::text(double value) {
  std::array<char, 32> out{};
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
}

std::optional<std::string> Device::accepted(const Property& asked, std::string_view payload) {
  const auto as_it_is = [&](bool good) { return good ? std::optional(std::string(payload)) : std::nullopt; };
  if (asked.datatype == "boolean") return as_it_is(payload == "true" || payload == "false");
  if (asked.datatype == "enum") return as_it_is(is_choice(asked.format, payload));
  if (asked.datatype != "float") return as_it_is(!payload.empty());
  const auto value = number(payload);
  return value && within(asked.format, *value) ? std::optional(text(*value)) : std::nullopt;
}

Property property(std::string node, std::string id, std::string datatype, std::string format,
                  std::string unit, bool settable, std::string value) {
  Property out;
  out.node = std::move(node);
  out.id = std::move(id);
  out.datatype = std::move(datatype);
  out.format = std::move(format);
  out.unit = std::move(unit);
  out.settable = settable;
  out.value = std::move(value);
  return out;
}

Device::Device(std::string id, std::string name, std::vector<Property> properties)
    : id_(std::move(id)), name_(std::move(name)), properties_(std::move(properties)) {}

std::vector<MqttPublish> Device::announcement() const {
  std::vector<MqttPublish> out{state("init"), retained(topic("$description"), description())};
  for (const auto& property : properties_) {
    if (property.retained && !property.value.empty()) out.push_back(value_message(property));
  }
  out.push_back(state("ready"));
  return out;
}

std::string Device::topic(std::string_view below) const {
  return "homie/5/" + id_ + "/" + std::string(below);
}

Property* Device::settable(std::string_view wanted) {
  const auto found = std::ranges::find_if(properties_, [&](const Property& property) {
    return property.settable && wanted == topic(path(property) + "/set");
  });
  return found == properties_.end() ? nullptr : &*found;
}

Property& Device::property(std::string_view id) {
  const auto found = std::ranges::find(properties_, id, &Property::id);
  if (found == properties_.end()) throw std::logic_error("no Homie property " + std::string(id));
  return *found;
}

MqttPublish Device::value_message(const Property& property) const {
  auto out = retained(topic(path(property)), property.value);
  out.retain = property.retained;
  out.qos = property.retained ? 1 : 0;
  return out;
}

MqttPublish Device::target_message(const Property& property, const std::string& target) const {
  return retained(topic(path(property) + "/$target"), target);
}

std::string Device::description() const {
  json::object nodes;
  for (const auto& property : properties_) {
    auto& node = nodes[property.node];
    if (node.is_null()) node = json::object{{"name", property.node}, {"properties", json::object{}}};
    node.as_object()["properties"].as_object()[property.id] = describe(property);
  }
  return json::serialize(
      json::object{{"homie", "5.0"}, {"version", 1}, {"name", name_}, {"nodes", std::move(nodes)}});
}

MqttPublish Device::state(std::string_view value) const {
  return retained(topic("$state"), std::string(value));
}

}  // namespace rytme::homie
