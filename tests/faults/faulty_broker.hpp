// SPDX-License-Identifier: Apache-2.0
// The way between controller and MQTT devices under a simulated clock: the controller's own outbox, a network
// that takes its time and keeps the order, a broker that keeps what is retained. It can hang, lose the
// controller, restart, and lose sight of single devices.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/mqtt/outbox.hpp"
#include "controller/simulator/random.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::test {

class FaultyBroker {
 public:
  struct Handlers {
    std::function<void(const MqttMessage&)> to_core;
    std::function<void(bool up)> link;  // as the client tells it
    // A message is about to reach a device, and has reached it. `left`: when it left the controller.
    std::function<void(std::size_t peer, const MqttPublish&, Instant left)> before, after;
  };
  FaultyBroker(std::vector<std::unique_ptr<simulator::MqttPeer>>& peers, std::uint64_t seed,
               Handlers handlers);

  // The controller's side.
  void start(std::vector<MqttPublish> greeting, Instant now);  // a process begins
  void kill();                                                 // it is gone, and what it had not sent with it
  void publish(const MqttPublish& message, Instant now);
  void drop_before(std::uint64_t generation) { outbox_->drop_before(generation); }

  // Faults.
  // One at a time: no broker that hangs for longer than a command lives can keep what was handed to it from
  // being late.
  void hang(Instant until, Instant now) {
    if (hangs_until_ <= now) hangs_until_ = until;
  }
  void lose_controller(Instant back);
  void restart_devices(Instant now);  // the broker was gone: its devices come back and announce themselves
  void silence(std::size_t peer, bool is, Instant now);
  void announce(std::size_t peer, Instant now);
  bool reaches(std::size_t peer) const { return up_ && !silent_[peer]; }
  bool up() const { return up_; }

  void say(std::vector<MqttPublish>& messages, Instant now);  // something a device says
  void run(Instant now);
  Instant next_wake() const;

 private:
  struct Underway {
    Instant arrives;
    Instant left;
    int id{};
    MqttPublish message;
  };
  void find_controller(Instant now);
  void pump(Instant now);
  void route(const Underway& underway, Instant now);
  void tick_peers(Instant now);
  Instant arrival(std::deque<Underway>& queue, Instant now);

  std::vector<std::unique_ptr<simulator::MqttPeer>>& peers_;
  std::vector<std::vector<std::string>> filters_;
  std::vector<bool> silent_;
  simulator::Random random_;
  Handlers handlers_;
  std::unique_ptr<mqtt::Outbox> outbox_;
  std::vector<MqttPublish> greeting_;
  std::map<std::string, std::string> retained_;
  std::deque<Underway> out_, in_;
  std::vector<MqttPublish> said_;
  Instant hangs_until_{};
  Instant back_{Instant::max()};  // when the controller that was lost is let in again
  int ids_{};
  bool up_{};
};

}  // namespace rytme::test
