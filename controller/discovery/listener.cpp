// SPDX-License-Identifier: Apache-2.0
#include "controller/discovery/listener.hpp"

#include <algorithm>
#include <utility>

namespace rytme::discovery {
namespace {

constexpr std::string_view homie = "homie/5/";
constexpr std::string_view description = "/$description";
constexpr std::string_view state = "/$state";
constexpr std::string_view bridge = "/bridge/devices";
constexpr std::string_view home_assistant = "homeassistant/";
constexpr std::string_view config = "/config";

std::string_view between(std::string_view text, std::string_view head, std::string_view tail) {
  if (!text.starts_with(head) || !text.ends_with(tail) || text.size() < head.size() + tail.size()) return {};
  return text.substr(head.size(), text.size() - head.size() - tail.size());
}

}  // namespace

std::vector<MqttSubscription> Listener::subscriptions() {
  return {"homie/5/+/$description", "homie/5/+/$state", "zigbee2mqtt/bridge/devices",
          "homeassistant/+/+/config", "homeassistant/+/+/+/config"};
}

void Listener::hear(const MqttMessage& message) {
  if (full()) return;
  ++messages_;
  bytes_ += message.topic.size() + message.payload.size();
  const std::string_view topic = message.topic;
  if (const auto device = between(topic, homie, description); !device.empty() && device != own_)
    for (auto& one : from_homie(device, message.payload)) add(std::move(one));
  if (const auto device = between(topic, homie, state); !device.empty() && states_.size() < most_found)
    states_[std::string(device)] = message.payload.substr(0, 32);
  if (const auto base = between(topic, "", bridge); !base.empty())
    for (auto& one : from_zigbee2mqtt(base, message.payload)) add(std::move(one));
  if (const auto path = between(topic, home_assistant, config); !path.empty())
    for (auto& one : from_home_assistant(path.substr(0, path.find('/')), message.payload))
      add(std::move(one));
}

void Listener::add(Found found) {
  const std::string key = std::string(name_of(found.source)) + " " + found.id;
  if (found_.size() < most_found || found_.contains(key)) found_[key] = std::move(found);
}

std::vector<Found> Listener::found() const {
  std::vector<Found> result;
  for (const auto& [key, found] : found_) {
    if (found.source == Source::home_assistant) continue;
    result.push_back(found);
    if (const auto said = states_.find(found.id); found.source == Source::homie && said != states_.end())
      result.back().state = said->second;
  }
  for (const auto& [key, found] : found_) {
    if (found.source != Source::home_assistant) continue;
    const bool told = !found.offer.params.empty() &&
                      std::any_of(result.begin(), result.end(), [&, &other = found](const Found& one) {
                        return one.offer.params == other.offer.params;
                      });
    if (!told) result.push_back(found);
  }
  return result;
}

}  // namespace rytme::discovery
