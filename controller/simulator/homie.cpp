// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/homie.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

namespace rytme::simulator {
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

std::string path(const HomieProperty& property) { return property.node + "/" + property.id; }

json::object describe(const HomieProperty& property) {
  json::object out{{"name", property.id},
                   {"datatype", property.datatype},
                   {"settable", property.settable},
                   {"retained", property.retained}};
  if (!property.format.empty()) out["format"] = property.format;
  if (!property.unit.empty()) out["unit"] = property.unit;
  return out;
}

}  // namespace

HomieDevice::HomieDevice(std::string id, std::string name, std::vector<HomieProperty> properties)
    : id_(std::move(id)), name_(std::move(name)), properties_(std::move(properties)) {}

std::vector<MqttPublish> HomieDevice::announcement() const {
  std::vector<MqttPublish> out{state("init"), retained(topic("$description"), description())};
  for (const auto& property : properties_) {
    if (property.retained && !property.value.empty()) out.push_back(value_message(property));
  }
  out.push_back(state("ready"));
  return out;
}

std::string HomieDevice::topic(std::string_view below) const {
  return "homie/5/" + id_ + "/" + std::string(below);
}

HomieProperty* HomieDevice::settable(std::string_view wanted) {
  const auto found = std::ranges::find_if(properties_, [&](const HomieProperty& property) {
    return property.settable && wanted == topic(path(property) + "/set");
  });
  return found == properties_.end() ? nullptr : &*found;
}

HomieProperty& HomieDevice::property(std::string_view id) {
  const auto found = std::ranges::find(properties_, id, &HomieProperty::id);
  if (found == properties_.end()) throw std::logic_error("no Homie property " + std::string(id));
  return *found;
}

MqttPublish HomieDevice::value_message(const HomieProperty& property) const {
  auto out = retained(topic(path(property)), property.value);
  out.retain = property.retained;
  out.qos = property.retained ? 1 : 0;
  return out;
}

MqttPublish HomieDevice::target_message(const HomieProperty& property, const std::string& target) const {
  return retained(topic(path(property) + "/$target"), target);
}

std::string HomieDevice::description() const {
  json::object nodes;
  for (const auto& property : properties_) {
    auto& node = nodes[property.node];
    if (node.is_null()) node = json::object{{"name", property.node}, {"properties", json::object{}}};
    node.as_object()["properties"].as_object()[property.id] = describe(property);
  }
  return json::serialize(
      json::object{{"homie", "5.0"}, {"version", 1}, {"name", name_}, {"nodes", std::move(nodes)}});
}

MqttPublish HomieDevice::state(std::string_view value) const {
  return retained(topic("$state"), std::string(value));
}

}  // namespace rytme::simulator
