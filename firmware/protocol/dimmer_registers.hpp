// SPDX-License-Identifier: Apache-2.0
// The registers of the dimmer node. Levels are linear light, 0 dark to 65535 full, which is the share of time
// that the output is on.
#pragma once

#include <cstdint>

#include "firmware/protocol/node_registers.hpp"

namespace rytme::firmware::dimmer_registers {

constexpr std::uint16_t channels = 4;
constexpr std::uint16_t full = 65535;

// Holding: the block that is polled.
enum ChannelsAt : std::uint16_t {
  signature,   // read only
  level,       // one for each channel: what it goes to. Written: a new aim, which ends what the watchdog has
               // begun.
  output = 5,  // read only, one for each channel: what the output has now, read back from its timer
  state = 9,   // read only: one bit for each discrete input
  channels_words = 10,
};

// Discrete inputs, and bits of `state`.
enum Input : std::uint16_t {
  stop_open,     // the wired stop is pressed or its wire is broken: safe light, levels are not taken
  muted,         // the mute input is closed
  watchdog,      // nobody has asked for so long that the node went to safe light; until a level is written
  output_fault,  // an output is not what was given to it
  unlocked,
  unsaved,
  forgotten,
  input_count,
};

// Coils: a channel is dark, by ramp, while its coil is on; its level is kept. Stop and watchdog end it.
enum Coil : std::uint16_t { mute, coil_count = mute + channels };

// Settings, behind the common ones.
enum SettingAt : std::uint16_t {
  watchdog_time = settings_registers::own,  // 0.1 s, 5-6000
  fade_time,   // 0.1 s, 0-600: from where the light is to safe light; the slew limit holds
  slew,        // thousandths of full per second, 10-600
  safe_level,  // one for each channel, 13107-39321 (0.2-0.6)
  power_on_level = safe_level + channels,  // one for each channel
  settings_end = power_on_level + channels,
};

// Status block (input), behind the common words.
enum StatusAt : std::uint16_t {
  watchdog_trips = status_registers::own,  // 32 bits
  stops = status_registers::own + 2,       // 32 bits: times the wired stop has opened
  status_words = status_registers::own + 4,
};

}  // namespace rytme::firmware::dimmer_registers
