// SPDX-License-Identifier: Apache-2.0
// A wearable and a swing's sensor that can be late, stuck or absurd. The swing sends ten samples a second.
#pragma once

#include <memory>
#include <string>

#include "controller/homie/device.hpp"
#include "controller/simulator/random.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::test {

enum class SensorFault : std::uint8_t { none, stuck, zero, absurd, garbage };

class FaultySensor : public simulator::MqttPeer {
 public:
  enum class Kind : std::uint8_t { heart, swing };
  FaultySensor(Kind kind, std::string device, std::string node, std::uint64_t seed);

  void fault(SensorFault fault) { fault_ = fault; }

  std::string client_id() const override { return "sim-" + device_; }
  std::vector<std::string> subscriptions() const override { return {}; }
  std::vector<MqttPublish> on_connect(Instant now) override;
  std::optional<MqttPublish> will() const override { return homie_.will(); }
  std::vector<MqttPublish> farewell() const override { return homie_.farewell(); }
  void receive(const MqttMessage&, Instant, std::vector<MqttPublish>&) override {}
  void tick(Instant now, std::vector<MqttPublish>& out) override;
  Instant next_wake() const override { return next_; }

 private:
  std::string heart(std::int64_t t_us);
  std::string swing(std::int64_t t_us);

  Kind kind_;
  std::string device_;
  homie::Device homie_;
  simulator::Random random_;
  SensorFault fault_{SensorFault::none};
  double bpm_{80};
  std::uint64_t seq_{};
  Instant next_{Instant{} + std::chrono::hours{1}};
};

}  // namespace rytme::test
