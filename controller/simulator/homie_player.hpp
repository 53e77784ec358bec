// SPDX-License-Identifier: Apache-2.0
// The music player as a Homie 5 device: player/{play,source,track,bpm,phase,volume,mute,status}. It plays
// nothing; it answers as a player does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/homie/device.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class HomiePlayer : public MqttPeer {
 public:
  HomiePlayer(std::string device, std::string node);

  std::string client_id() const override { return "sim-" + device_; }
  std::vector<std::string> subscriptions() const override { return {homie_.topic("player/+/set")}; }
  std::vector<MqttPublish> on_connect(Instant now) override;
  std::optional<MqttPublish> will() const override { return homie_.will(); }
  std::vector<MqttPublish> farewell() const override { return homie_.farewell(); }
  void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) override;
  void tick(Instant now, std::vector<MqttPublish>& out) override;
  Instant next_wake() const override;

  // 0 to 1 of a beat, now; 0 while nothing plays.
  double phase(Instant now);

 private:
  void change(const std::string& id, const std::string& value, std::vector<MqttPublish>& out);
  // What follows from a value that was set: status and track change with play and source.
  void follow(const std::string& id, Instant now, std::vector<MqttPublish>& out);
  bool playing() { return homie_.property("play").value == "true"; }
  void advance_phase(Instant now);

  std::string device_;
  homie::Device homie_;
  double beats_{};                        // since it began to play, at the tempo as it was
  double behind_{};                       // beats it was asked to be further on
  std::optional<Instant> playing_since_;  // when beats_ was last advanced; nullopt: not playing
  Instant next_phase_{Instant::max()};
};

}  // namespace rytme::simulator
