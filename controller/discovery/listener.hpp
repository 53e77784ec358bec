// SPDX-License-Identifier: Apache-2.0
// Hears for a while how devices announce themselves on a broker: Homie 5, zigbee2mqtt, Home Assistant's
// discovery. Whatever comes, it holds a bounded amount of it. Pure; logic thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/discovery/found.hpp"
#include "controller/room/wire.hpp"

namespace rytme::discovery {

class Listener {
 public:
  static constexpr std::size_t most_messages = 2000;
  static constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;
  static constexpr std::size_t most_found = 200;

  // Where announcements stand; all of them retained.
  static std::vector<MqttSubscription> subscriptions();

  // `own`: the controller's own Homie id, which is no device of the room.
  explicit Listener(std::string own) : own_(std::move(own)) {}

  void hear(const MqttMessage& message);
  // No more is taken.
  bool full() const { return messages_ >= most_messages || bytes_ >= most_bytes; }
  // Each device once: what its bridge says of it counts more than what is told of it to Home Assistant.
  std::vector<Found> found() const;

 private:
  void add(Found found);

  std::string own_;
  std::size_t messages_{}, bytes_{};
  std::map<std::string, Found> found_;         // by source and id
  std::map<std::string, std::string> states_;  // Homie's $state, which may come first
};

// What one announcement says. A payload that is none says nothing.
std::vector<Found> from_homie(std::string_view device, std::string_view description);
std::vector<Found> from_zigbee2mqtt(std::string_view base, std::string_view devices);
std::vector<Found> from_home_assistant(std::string_view component, std::string_view config);

}  // namespace rytme::discovery
