// SPDX-License-Identifier: Apache-2.0
// A room that lives through faults under a simulated clock: the whole core, the outbox and the bus schedules
// it talks through, modelled devices, and judges of what reaches them. What the daemon does when it starts,
// ends and starts again after a kill is done here as it does it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/app/core.hpp"
#include "controller/simulator/homie_button.hpp"
#include "controller/simulator/zigbee2mqtt_light.hpp"
#include "tests/faults/faulty_broker.hpp"
#include "tests/faults/faulty_bus.hpp"
#include "tests/faults/faulty_sensor.hpp"
#include "tests/faults/lamp_judge.hpp"
#include "tests/faults/player_judge.hpp"
#include "tests/faults/session_judge.hpp"

namespace rytme::test {

// [room], buses and devices that the modelled room has; `room` are further keys of [room].
std::string living_room_toml(const std::string& room);

class LivingRoom {
 public:
  static constexpr std::size_t lamps = 2, dimmers = 2;
  // Positions of the devices on the broker.
  enum Peer : std::size_t { ceiling, floor, player, button, strap, swing, peers };

  LivingRoom(const settings::House& house, std::uint64_t seed, Report report);

  Now now() const { return now_; }
  void step_wall(std::chrono::seconds by) { now_.wall += by; }
  // Everything that happens until then.
  void run_until(Instant end);
  std::uint64_t steps() const { return steps_; }

  // The process.
  bool runs() const { return core_ != nullptr; }
  void start(const settings::House& house);
  void kill();
  void end();  // SIGTERM; it leaves when it is settled, or after 6 s
  Answer ask(Request request, const std::string& origin, Instant expires);
  RoomState state() const { return core_->state(now_.steady); }

  // The world.
  FaultyBroker& broker() { return *broker_; }
  FaultyBus& bus(std::size_t index) { return *buses_[index]; }
  FaultySensor& sensor(Peer peer) { return *dynamic_cast<FaultySensor*>(mqtt_[peer].get()); }
  void cut_lamp_power(Peer lamp, std::uint64_t seed);
  void cut_player_power();
  void press(bool long_press);
  void contact(bool closed);                                       // of the wall stop, on the serial line
  void say(const std::string& topic, const std::string& payload);  // from some device
  // Something was or is wrong: nothing can be expected of the devices for a while.
  void trouble() { calm_since_ = now_.steady; }

  // Light and sound as after a stop: every lamp at its safe light, and silence.
  bool is_safe() const;
  const PlayerJudge& heard() const { return player_judge_; }
  double light(std::size_t lamp) const { return lamp_judges_[lamp].linear_at(now_.steady); }
  const std::optional<StopConfirmation>& confirmation() const { return confirmation_; }

  struct Counts {
    std::uint64_t commands{}, requests{}, late{}, stops{}, sessions{}, restarts{};
  };
  const Counts& counts() const { return counts_; }
  void judge();  // what is left to be judged at the end

 private:
  void make_peers(std::uint64_t seed);
  void make_judges();
  void carry_out();
  void look();
  void pass_moment();
  void left_process();
  void reaches_device(std::size_t peer, const MqttPublish& message, Instant left);
  void reached_device(std::size_t peer, const MqttPublish& message, Instant left);
  bool is_of_stop(Instant left) const;
  bool is_after_stop(const MqttPublish& message, Instant left) const;
  void told_lamp(std::size_t lamp, const MqttPublish& message, Instant left);
  void told_player(const MqttPublish& message, Instant left);
  void before_write(std::size_t bus);
  void after_write(std::size_t bus, const RegisterWrite& write, Instant left);
  double held_level(std::size_t bus);
  void slave_asked(std::size_t bus);
  Instant next_wake() const;

  Report report_;
  const settings::House* house_;
  Now now_{Instant{} + std::chrono::hours{1}, WallTime{std::chrono::seconds{1800000000}}};
  std::vector<std::unique_ptr<simulator::MqttPeer>> mqtt_;
  std::vector<simulator::World::Slave> slaves_;
  std::array<double, dimmers> dimmer_levels_{};
  std::uint64_t dropped_before_{};  // the generation of the last stop; what is older is dropped by it
  bool contact_closed_{true};
  Instant contact_changed_{};
  std::vector<LampJudge> lamp_judges_;  // lamps, then dimmers
  PlayerJudge player_judge_;
  SessionJudge session_judge_;
  std::unique_ptr<FaultyBroker> broker_;
  std::vector<std::unique_ptr<FaultyBus>> buses_;
  std::unique_ptr<app::Core> core_;
  app::Effects effects_;
  std::optional<StopConfirmation> confirmation_;
  std::uint64_t next_seq_{1};
  std::uint64_t sessions_{};
  std::uint64_t steps_{};
  Instant calm_since_{};
  Instant end_by_{Instant::max()};
  Instant next_look_{};
  Counts counts_;
};

}  // namespace rytme::test
