// SPDX-License-Identifier: Apache-2.0
// Both ends for the tests of a bus: real libmodbus slaves on TCP and on a pty, and a bus whose results can be
// waited for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <modbus/modbus.h>

#include "controller/modbus/bus.hpp"

namespace rytme::modbus::test {

// What a slave does with the n-th request, counted from 1.
enum class Manner : std::uint8_t { reply, silent, hang_up };
using Script = std::function<Manner(modbus_t*, const std::vector<std::uint8_t>& request, int n)>;

// 1000 of each kind; discrete input i is i % 2, input register i is 1000 + i, holding register i is i.
class Registers {
 public:
  Registers();
  std::uint16_t holding(int address);
  int coil(int address);
  // Starts of all writes to holding registers, in order.
  std::vector<int> writes();
  void answer(modbus_t* context, const std::vector<std::uint8_t>& request, std::size_t header);

 private:
  std::mutex mutex_;
  std::unique_ptr<modbus_mapping_t, void (*)(modbus_mapping_t*)> map_;
  std::vector<int> writes_;
};

class TcpSlave {
 public:
  explicit TcpSlave(int port = 0, Script script = {});  // 0: a free port
  ~TcpSlave();
  TcpSlave(const TcpSlave&) = delete;
  TcpSlave& operator=(const TcpSlave&) = delete;
  int port() const { return port_; }
  int connections() const { return connections_; }
  Registers& registers() { return registers_; }

 private:
  void serve();
  void converse(modbus_t* context);

  Script script_;
  Registers registers_;
  int listener_;
  int port_{};
  std::atomic<int> peer_{-1};
  std::atomic<int> connections_{};
  int requests_{};
  std::thread thread_;
};

// Unit 1 on one end of a pty; the other is path().
class RtuSlave {
 public:
  explicit RtuSlave(Script script = {});
  ~RtuSlave();
  RtuSlave(const RtuSlave&) = delete;
  RtuSlave& operator=(const RtuSlave&) = delete;
  const std::string& path() const { return path_; }
  Registers& registers() { return registers_; }

 private:
  void serve();

  Script script_;
  Registers registers_;
  int master_{-1};
  int slave_{-1};
  std::string path_;
  std::atomic<bool> stopping_{};
  std::thread thread_;
};

class TestBus {
 public:
  TestBus(settings::BusSettings settings, std::vector<RegisterRead> polls);
  Bus& bus() { return bus_; }
  // Waits for a result that nobody has waited for and that fits; nullopt: none within 10 s.
  std::optional<RegisterBlock> wait_block(const std::function<bool(const RegisterBlock&)>& fits);
  std::optional<WriteResult> wait_write(std::uint64_t tag);

 private:
  std::optional<Result> wait(const std::function<bool(const Result&)>& fits);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_{};
  std::vector<Result> results_;
  Bus bus_;  // last: its thread uses all of the above
};

settings::BusSettings tcp_settings(int port);
settings::BusSettings rtu_settings(const std::string& path);
RegisterRead read_of(RegisterArea area, std::uint16_t address, std::uint16_t count, std::uint8_t unit = 1);
RegisterWrite write_of(std::uint16_t address, std::uint16_t value, std::uint64_t tag, std::uint8_t unit = 1);
Instant now();

}  // namespace rytme::modbus::test
