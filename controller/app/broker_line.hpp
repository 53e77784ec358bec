// SPDX-License-Identifier: Apache-2.0
// The broker as a command of `rytme device` uses it: a client of its own beside the room's. Thread: one.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/app/commission.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

// As the room's settings say; `name` becomes part of the client's id.
mqtt::Options broker_options(const settings::House& house, const std::string& name);

class BrokerLine : public TalkPort {
 public:
  // Throws std::runtime_error when the broker is not reached within 5 s.
  BrokerLine(const settings::House& house, const std::string& name,
             std::vector<MqttSubscription> subscriptions);
  void say(const MqttPublish& message) override;
  std::optional<MqttMessage> hear(std::chrono::milliseconds limit) override;
  // Everything heard by now.
  void drain(std::vector<MqttMessage>& out);

 private:
  mqtt::Client client_;
  std::deque<MqttMessage> heard_;
};

}  // namespace rytme::app
