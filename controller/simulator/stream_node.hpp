// SPDX-License-Identifier: Apache-2.0
// A wearable or a swing node: a Homie device whose one property is a stream, QoS 0, not retained. When its
// source ends the node goes silent and stays connected, as a node on an empty swing does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/homie/device.hpp"
#include "controller/simulator/frames.hpp"
#include "controller/simulator/stream_clock.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class StreamNode : public MqttPeer {
 public:
  struct Settings {
    std::string device;      // id in the settings
    std::string node;        // Homie device id
    std::string stream;      // "hr/sample" or "motion/frame"
    std::string controller;  // Homie device id of the controller: "rytme-<room>"
    std::string boot;        // 4 hex digits
  };
  // `source` may be null: a node that has nothing to tell. Takes part in `clock` from here on.
  StreamNode(Settings settings, std::unique_ptr<FrameSource> source, std::shared_ptr<StreamClock> clock);

  std::string client_id() const override { return "sim-" + settings_.device; }
  std::vector<std::string> subscriptions() const override { return {controller_state_}; }
  std::vector<MqttPublish> on_connect(Instant now) override;
  std::optional<MqttPublish> will() const override { return homie_.will(); }
  std::vector<MqttPublish> farewell() const override { return homie_.farewell(); }
  void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) override;
  void tick(Instant now, std::vector<MqttPublish>& out) override;
  Instant next_wake() const override;

 private:
  Settings settings_;
  homie::Device homie_;
  std::string controller_state_;
  std::unique_ptr<FrameSource> source_;
  std::shared_ptr<StreamClock> clock_;
  bool begun_{};
  std::uint64_t seq_{};
};

}  // namespace rytme::simulator
