// SPDX-License-Identifier: Apache-2.0
// The controller announced to Home Assistant: one message that names what HomieFace says and takes, on
// Homie's own topics. Nothing about a person is among it, and what only a person in the room should do (the
// end of a stop, the choice of a participant) is not offered. Off unless the settings want it; then an
// earlier announcement is withdrawn. Pure; logic thread. Source: Home Assistant, MQTT discovery, device
// payload.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

class HomeAssistant {
 public:
  HomeAssistant(const settings::House& house, std::string_view software);

  // None where discovery is off.
  std::vector<MqttSubscription> subscriptions() const;
  // For every connect and every birth: retained; empty where discovery is off, which deletes what stood
  // there.
  MqttPublish announcement() const;

  bool is_mine(std::string_view topic) const { return !birth_topic_.empty() && topic == birth_topic_; }
  // Home Assistant has started and asks for announcements.
  static bool is_birth(std::string_view payload) { return payload == "online"; }

 private:
  std::string config_topic_;
  std::string birth_topic_;  // "": off
  std::string payload_;
};

}  // namespace rytme::app
