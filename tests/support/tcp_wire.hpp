// SPDX-License-Identifier: Apache-2.0
// A Modbus TCP gateway with slaves behind it that is late, forgetful and wrong by a plan. Modbus TCP has no
// checksum of its own, and TCP's covers the wire: what is corrupted here is what a faulty gateway gets wrong,
// the header and the form of the reply, not the values in it.
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

class TcpWire {
 public:
  struct Settings {
    int port{};  // 0: a free one
    std::chrono::microseconds answer_time{200};
    FaultPlan faults;
  };

  TcpWire(Settings settings, std::vector<std::unique_ptr<TruthSlave>> slaves);
  ~TcpWire();
  TcpWire(const TcpWire&) = delete;
  TcpWire& operator=(const TcpWire&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  const WireLog& log() const { return log_; }
  int connections() const { return connections_; }
  void with_slave(std::uint8_t unit, const std::function<void(TruthSlave&)>& look);
  // Frames to send instead of the reply; nullopt: as usual. To be set before a bus is there.
  using Script = std::function<std::optional<std::vector<Bytes>>(const Bytes& request, std::uint64_t serial)>;
  void script(Script script) { script_ = std::move(script); }

 private:
  struct Frame {
    Instant due;
    Bytes bytes;
  };
  void run();
  void accept();
  void take_requests();
  void answer(const Bytes& request);
  std::optional<Bytes> reply_to(const Bytes& request, std::uint64_t serial);
  void disturb(FaultDraw& draw, Bytes reply, Instant at);
  void hang_up();
  void schedule(Bytes bytes, Instant at);

  Settings settings_;
  std::vector<std::unique_ptr<TruthSlave>> slaves_;
  std::mutex mutex_;  // slaves_
  Script script_;
  WireLog log_;
  int listener_{-1};
  int peer_{-1};
  int port_{};
  std::atomic<int> connections_{};
  Bytes input_;
  std::deque<Frame> frames_;  // by time
  Instant rebooted_until_{};
  std::atomic<bool> stopping_{};
  std::thread thread_;
};

}  // namespace rytme::test
