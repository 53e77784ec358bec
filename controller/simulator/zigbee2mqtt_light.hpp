// SPDX-License-Identifier: Apache-2.0
// A tunable white lamp behind zigbee2mqtt: an optimistic echo at once, a fade of its own, then what the lamp
// reports. Sources: zigbee2mqtt docs/guide/usage/mqtt_topics_and_messages.md and its publish tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "controller/simulator/random.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class Zigbee2mqttLight : public MqttPeer {
 public:
  static constexpr double full = 254.0;  // brightness
  // `announces_bridge`: this lamp's client also says that the bridge is online (one lamp of a room does).
  Zigbee2mqttLight(std::string device, std::string topic, bool announces_bridge, std::uint64_t seed);

  // The light it gives at `now`, its own scale 0-1; 0 while off.
  double level_at(Instant now) const;

  std::string client_id() const override { return "sim-" + device_; }
  std::vector<std::string> subscriptions() const override;
  std::vector<MqttPublish> on_connect(Instant now) override;
  std::optional<MqttPublish> will() const override { return availability("offline"); }
  std::vector<MqttPublish> farewell() const override { return {availability("offline")}; }
  void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) override;
  void tick(Instant now, std::vector<MqttPublish>& out) override;
  Instant next_wake() const override;

 private:
  // What the lamp gives off runs from one brightness to another; off is brightness 0.
  struct Fade {
    Instant from{};
    Instant to{};
    double from_brightness{};
    double to_brightness{};
  };
  struct Wish {
    std::optional<bool> on;
    std::optional<double> brightness;
    std::optional<double> mired;
    double transition_s{};
  };
  static Wish wish_of(const boost::json::object& asked);
  void carry_out(const Wish& wish, Instant now);
  double brightness_after(const Wish& wish) const;
  double given_off(Instant now) const;
  MqttPublish availability(std::string_view state) const;
  MqttPublish state_message(double brightness) const;
  // As the lamp reports it itself, now and then one step beside the truth.
  MqttPublish report(double brightness);

  std::string device_;
  std::string topic_;
  bool announces_bridge_;
  Random random_;
  bool on_{true};
  double brightness_{152};  // what is told; kept while off
  double mired_{286};
  Fade fade_{{}, {}, 152, 152};
  std::optional<Instant> middle_report_;
  std::optional<Instant> end_report_;
};

}  // namespace rytme::simulator
