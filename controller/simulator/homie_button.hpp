// SPDX-License-Identifier: Apache-2.0
// A wall button as a Homie 5 device: button/action `press` or `long`, an event and therefore not retained.
#pragma once

#include <string>
#include <vector>

#include "controller/homie/device.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class HomieButton : public MqttPeer {
 public:
  HomieButton(std::string device, std::string node);

  // Somebody presses it.
  void press(bool long_press, std::vector<MqttPublish>& out) const;

  std::string client_id() const override { return "sim-" + device_; }
  std::vector<std::string> subscriptions() const override { return {}; }
  std::vector<MqttPublish> on_connect(Instant /*now*/) override { return homie_.announcement(); }
  std::optional<MqttPublish> will() const override { return homie_.will(); }
  std::vector<MqttPublish> farewell() const override { return homie_.farewell(); }
  void receive(const MqttMessage& /*message*/, Instant /*now*/, std::vector<MqttPublish>& /*out*/) override {}
  void tick(Instant /*now*/, std::vector<MqttPublish>& /*out*/) override {}
  Instant next_wake() const override { return Instant::max(); }

 private:
  std::string device_;
  homie::Device homie_;
};

}  // namespace rytme::simulator
