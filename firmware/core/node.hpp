// SPDX-License-Identifier: Apache-2.0
// What both nodes are: settings, counters, a lock, and a slave on the line. Main loop only.
#pragma once

#include <cstdint>
#include <span>

#include "firmware/core/board.hpp"
#include "firmware/core/identity.hpp"
#include "firmware/core/rtu_slave.hpp"
#include "firmware/core/settings.hpp"

namespace rytme::firmware {

class Node : public RegisterMap {
 public:
  std::uint8_t unit() const final;

 protected:
  Node(Board& board, std::uint16_t kind, std::span<const SettingRule> rules);
  ~Node() = default;

  // Feeds the watchdog, hears and answers. Once each turn of the main loop, with the time of that turn.
  void serve(RtuSlave& slave, Instant now);
  // The words that every status block begins with; `words` holds them all.
  void write_status(std::span<std::uint16_t> words, Signature signature, std::uint16_t state) const;

  Board& board_;
  Settings settings_;
  LineCounters counters_;
  Instant now_;
  LineTiming timing_;
};

inline void put_long(std::span<std::uint16_t> words, std::size_t at, std::uint32_t value) {
  words[at] = static_cast<std::uint16_t>(value >> 16U);
  words[at + 1] = static_cast<std::uint16_t>(value & 0xFFFFU);
}

// Whether `count` registers from `address` on lie within a block.
constexpr bool is_within(std::size_t address, std::size_t count, std::size_t base, std::size_t words) {
  return address >= base && address + count <= base + words;
}

// Whether a reading of `count` words from `at` on begins or ends within a value of 32 bits. `longs` has a bit
// for the first word of each. Two requests would see its halves at two moments.
constexpr bool cuts_a_long(std::uint32_t longs, std::size_t at, std::size_t count) {
  return ((longs << 1U) >> at & 1U) != 0 || (longs >> (at + count - 1) & 1U) != 0;
}
inline constexpr std::uint32_t common_longs =
    0b01'0101'0101'0100;  // status_registers: uptime and five counters

}  // namespace rytme::firmware
