// SPDX-License-Identifier: Apache-2.0
// What both nodes have at the same registers: settings (holding) and what each polled block begins with. A
// register map is a contract with what is screwed to the wall: a changed meaning gets a new signature.
#pragma once

#include <cstdint>

namespace rytme::firmware {

// The first register of a block says which one it is. A master that finds another number there has the reply
// to another question, or another device, and takes nothing of it.
enum class Signature : std::uint16_t {
  settings = 0x5352,         // SR
  motion_earlier = 0x4D45,   // ME
  motion_newest = 0x4D4E,    // MN
  motion_status = 0x4D53,    // MS
  dimmer_channels = 0x4443,  // DC
  dimmer_status = 0x4453,    // DS
};

namespace settings_registers {

constexpr std::uint16_t base = 512;
constexpr std::uint16_t signature = base;  // read only
constexpr std::uint16_t unlock =
    base + 1;  // write `key`: the settings can be written for `open_s`; reads 1 while so
constexpr std::uint16_t order = base + 2;  // write one of Order; reads 0
constexpr std::uint16_t first = base + 3;  // the settings themselves, in their order
constexpr std::uint16_t unit = first;      // 1-247; holds from the next request on
constexpr std::uint16_t baud =
    first + 1;  // hundreds of baud; this and the next three hold from the next start on
constexpr std::uint16_t parity = first + 2;     // 0 none, 1 even, 2 odd
constexpr std::uint16_t stop_bits = first + 3;  // 1, 2
constexpr std::uint16_t silence = first + 4;    // 0: 3.5 characters, 1: 1750 us
constexpr std::uint16_t own = first + 5;        // of the kind of node

constexpr std::uint16_t key = 0x5254;  // RT
constexpr int open_s = 60;

// What is written to the settings holds at once and until the next start, and is kept beyond it by `save`.
enum class Order : std::uint16_t { save = 1, restart = 2, defaults = 3 };

}  // namespace settings_registers

// The words that both status blocks (input) begin with; counters since the start.
namespace status_registers {

constexpr std::uint16_t base = 256;
enum At : std::uint16_t {
  signature,
  state,     // one bit for each discrete input of the node
  uptime_s,  // 32 bits, as are all counters; high word first
  requests = 4,
  exceptions = 6,
  broken = 8,   // frames with a wrong checksum
  spoilt = 10,  // frames with a silence within, wrong characters, too long
  late = 12,    // frames looked at too late, or never
  starts = 14,  // since power came, by watchdog or order; 16 bits
  own = 15,     // of the kind of node
};

}  // namespace status_registers

}  // namespace rytme::firmware
