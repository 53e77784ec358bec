// SPDX-License-Identifier: Apache-2.0
// A Modbus slave on a serial line: frames in, replies out. Never answers what is broken, meant for others,
// sent to all, or late: a reply behind the master's patience would pass for the reply to its next request.
// Main loop only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/rtu_receiver.hpp"
#include "firmware/core/slave_pdu.hpp"

namespace rytme::firmware {

// Since the start; they wrap.
struct LineCounters {
  std::uint32_t requests{};    // to this unit or to all, whole
  std::uint32_t exceptions{};  // answered so
  std::uint32_t broken{};      // wrong checksum, too short
  std::uint32_t spoilt{};      // silence within, wrong characters, too long
  std::uint32_t late{};        // looked at too late, neither carried out nor answered
  std::uint32_t missed{};      // another frame began before anybody had looked
};

class RtuSlave {
 public:
  // No later than this after its last character is a request carried out and answered. Masters wait 100 ms
  // and more.
  static constexpr Micros patience{50'000};

  // All arguments but the times must outlive the slave.
  RtuSlave(RegisterMap& map, const Identity& identity, LineCounters& counters, const LineTiming& timing,
           Instant now)
      : map_(map), identity_(identity), counters_(counters), receiver_(timing, now) {}

  // As RtuReceiver::take.
  void take(std::uint8_t byte, bool good, Instant at) { receiver_.take(byte, good, at); }
  // What is to be sent now, with checksum; empty: nothing. Valid until the next call, which is not made while
  // it is sent.
  std::span<const std::uint8_t> poll(Instant now);

 private:
  std::span<const std::uint8_t> answer(std::span<const std::uint8_t> frame);

  RegisterMap& map_;
  const Identity& identity_;
  LineCounters& counters_;
  RtuReceiver receiver_;
  std::array<std::uint8_t, RtuReceiver::largest_frame> reply_{};
};

}  // namespace rytme::firmware
