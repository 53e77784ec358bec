// SPDX-License-Identifier: Apache-2.0
// The wire of one bus: libmodbus 3.1.6 with recovery NONE, flushed before every request, one deadline per
// request. Thread: the bus's worker only.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/house.hpp"

struct _modbus;  // NOLINT(bugprone-reserved-identifier): libmodbus names it so

namespace rytme::modbus {

// refused: an exception from the slave, which is alive. busy: the same, and worth another try. unreachable: a
// gateway says so for a slave. lost: the bus itself.
enum class Answer : std::uint8_t { ok, timeout, garbled, refused, busy, unreachable, lost };

class Line {
 public:
  explicit Line(settings::BusSettings settings);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  bool open();
  bool is_open() const { return context_ != nullptr; }
  void close() { context_.reset(); }

  // One value per register or bit.
  Answer read(const RegisterRead& read, std::vector<std::uint16_t>& values);
  Answer write(const RegisterWrite& write);

 private:
  struct Free {
    void operator()(_modbus* context) const;
  };
  bool prepare(std::uint8_t unit, std::size_t bytes_both_ways);
  int read_bits(const RegisterRead& read, std::vector<std::uint16_t>& values);
  int read_registers(const RegisterRead& read, std::vector<std::uint16_t>& values);
  int write_bits(const RegisterWrite& write);
  int write_registers(const RegisterWrite& write);
  Answer done(int result, std::size_t expected);

  settings::BusSettings settings_;
  std::unique_ptr<_modbus, Free> context_;
  Instant last_traffic_{};
};

// Silence that separates two frames on a serial line, Modbus over serial line 1.02, 2.5.1.1.
std::chrono::microseconds frame_silence(const settings::BusSettings& settings);
// How long so many bytes take on the line; 0 for TCP.
std::chrono::microseconds wire_time(const settings::BusSettings& settings, std::size_t bytes);

}  // namespace rytme::modbus
