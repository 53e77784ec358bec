// SPDX-License-Identifier: Apache-2.0
// A two-wire serial line with slaves on it, behind a pty: bytes take the time they would take at the baud
// rate (a pty has none), slaves wait for the silence that ends a request, and what two say at once is lost.
// Faults by a plan.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "controller/simulator/world.hpp"
#include "tests/support/truth_slave.hpp"
#include "tests/support/wire_log.hpp"

namespace rytme::test {

class SerialWire {
 public:
  struct Settings {
    std::chrono::nanoseconds character{86'806};  // 10 bits at 115 200 baud
    std::chrono::nanoseconds silence{303'819};   // before a slave answers
    std::size_t piece{8};                        // bytes handed over at once, as a UART's FIFO does
    bool echo{};                                 // the adapter returns whatever is sent
    FaultPlan faults;
  };

  // The slaves belong to the wire from now on.
  SerialWire(Settings settings, std::vector<std::unique_ptr<TruthSlave>> slaves);
  ~SerialWire();
  SerialWire(const SerialWire&) = delete;
  SerialWire& operator=(const SerialWire&) = delete;

  const std::string& path() const { return path_; }
  const WireLog& log() const { return log_; }
  void with_slave(std::uint8_t unit, const std::function<void(TruthSlave&)>& look);
  // From now on this unit says nothing.
  void silence(std::uint8_t unit) { silent_ = unit; }
  // Bytes that arrive by themselves, with the next thing on the wire or at once.
  void say(Bytes bytes);
  // What is done with each request beside the plan: bytes instead of the reply; nullopt: as usual.
  using Script = std::function<std::optional<Bytes>(const Bytes& request, std::uint64_t serial)>;
  void script(Script script);

 private:
  struct Piece {
    Instant due;
    Bytes bytes;
    bool out_of_turn{};  // nobody keeps the line free for it
  };
  void run();
  bool readable(Instant until);
  void take_request();
  void answer(const Bytes& request, Instant arrived);
  std::optional<Bytes> reply_to(const Bytes& request, std::uint64_t serial);
  void disturb(FaultDraw& draw, Bytes request, Bytes reply, Instant from);
  void schedule(const Bytes& bytes, Instant from, bool out_of_turn = false);
  void schedule_at_once(Bytes bytes, Instant at);
  void give(const Piece& piece);

  Settings settings_;
  std::vector<std::unique_ptr<TruthSlave>> slaves_;
  std::vector<simulator::RegisterPeer*> peers_;
  std::mutex mutex_;  // slaves_, script_, said_
  Script script_;
  Bytes said_;
  WireLog log_;
  int master_{-1};
  int slave_{-1};
  std::string path_;
  std::deque<Piece> pieces_;  // by time
  Instant last_end_{};
  Instant rebooted_until_{};
  std::atomic<int> silent_{-1};
  std::atomic<bool> stopping_{};
  std::thread thread_;
};

}  // namespace rytme::test
