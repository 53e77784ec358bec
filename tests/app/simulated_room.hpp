// SPDX-License-Identifier: Apache-2.0
// The whole core with modelled devices under a clock that jumps from event to event: minutes of room in
// milliseconds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "controller/app/core.hpp"
#include "controller/settings/load.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::test {

class SimulatedRoom {
 public:
  // replay: a recording that plays the room's person instead of the simulated one.
  explicit SimulatedRoom(const std::string& settings = "config", const std::string& replay = "");

  Answer ask(Request request);
  void keep(entry::Erase erase);
  // Lets time pass.
  void run(std::chrono::steady_clock::duration time);
  // Until the condition holds; false when the time is over.
  bool run_until(std::chrono::steady_clock::duration limit, const std::function<bool()>& condition);

  RoomState state() const { return core.state(now_.steady); }
  Now now() const { return now_; }
  void broker(bool up);
  void shutdown();
  // A device stops to listen and to speak.
  void silence(const std::string& device) { silent_.push_back(device); }
  // A peer of ours plays the device of its name; it has just come to the broker.
  void take_the_place_of(std::unique_ptr<simulator::MqttPeer> peer);
  void deliver(const MqttMessage& message);
  // The Modbus device loses its power for a moment: all it held is as delivered, its uptime begins anew.
  void cut_power(const std::string& device);
  // Somebody at the wall sets a register of it.
  void set_by_hand(const std::string& device, RegisterArea area, std::uint16_t address, std::uint16_t value);
  // The player's beat, 0 to 1.
  double beat_phase();
  // What a register of it holds.
  std::uint16_t held(const std::string& device, RegisterArea area, std::uint16_t address);

  std::size_t count_events(const std::string& kind) const;
  std::vector<RegisterWrite> written;                         // by the core
  std::function<void(const MqttPublish&)> on_device_message;  // before the core has it

  settings::House house;
  app::Core core;
  std::vector<JournalEntry> entries;
  struct Sent {
    Instant at;
    MqttPublish message;
  };
  std::vector<Sent> published;  // by the core
  std::vector<StopConfirmation> confirmations;
  std::vector<std::string> recalls;  // participants whose memory the core has asked for

 private:
  void carry_out();
  void to_devices(const MqttPublish& message);
  void from_device(std::vector<MqttPublish>& messages);
  void poll_slaves();
  simulator::RegisterPeer& slave_of(const std::string& device);
  bool is_silent(const simulator::MqttPeer& peer) const;

  simulator::World world_;
  app::Effects effects_;
  Now now_;
  bool broker_up_{true};
  std::vector<std::string> silent_;
  Instant next_poll_;
};

}  // namespace rytme::test
