// SPDX-License-Identifier: Apache-2.0
// The registers of the motion node on a swing or hammock.
//
// The node keeps its latest 64 samples and shows 35 of them in two blocks that overlap: `earlier` and, behind
// it in time, `newest`. Whoever reads both, in this order, ten times a second misses no sample of 100 Hz
// unless it was away for more than 0.3 s; the number of the first sample in each block says what is new and
// what is lost. A block is read from its first register on, in one request; the two differ in length, so that
// none passes for the other.
#pragma once

#include <array>
#include <cstdint>

#include "firmware/protocol/node_registers.hpp"

namespace rytme::firmware {

// As the sensor counts: acceleration x y z, then turning x y z.
struct Sample {
  std::array<std::int16_t, 6> axes{};
  friend bool operator==(const Sample&, const Sample&) = default;
};

namespace motion_registers {

constexpr int samples_per_s = 100;
// LSM6DSO at +-8 g and +-1000 deg/s. Source: its data sheet DS12140, table 2.
constexpr double mps2_per_count = 0.000244 * 9.80665;
constexpr double dps_per_count = 0.035;
// Where the sensor ends: what reaches it may have been more.
constexpr std::int16_t full_scale = 32'700;

// Both blocks of samples (input).
enum BlockAt : std::uint16_t {
  signature,
  boot,          // another number after each start
  state,         // low byte: samples in the block, the first of them valid; with bits of State above
  first_number,  // 32 bits, high word first: of the first sample, from 0; one for each 10 ms
  samples = 5,
};
constexpr std::uint16_t words_per_sample = 6;
constexpr std::uint16_t over_range_bit =
    0x100;  // in `state`: a sample of the block may have been more than it says

constexpr std::uint16_t earlier = 0;
constexpr std::uint16_t earlier_samples = 19;
constexpr std::uint16_t earlier_words = BlockAt::samples + earlier_samples * words_per_sample;
constexpr std::uint16_t newest = 128;
constexpr std::uint16_t newest_samples = 20;
constexpr std::uint16_t newest_words = BlockAt::samples + newest_samples * words_per_sample;
// While a master reads one block and then the other the node goes on sampling.
constexpr std::uint16_t overlap = 4;
static_assert(newest_words == 125 && earlier_words == 119);

// Discrete inputs, and bits of the status block's `state`.
enum Input : std::uint16_t {
  sensor_present,
  stuck,       // the same sample for half a second: none are given until the sensor speaks again
  over_range,  // within the last 10 s
  unlocked,    // the settings can be written
  unsaved,     // the settings are not what the next start will have
  forgotten,   // nothing valid was in the memory at the start
  input_count,
};

// Coils.
enum Coil : std::uint16_t { locate, coil_count };  // its light, for whoever looks for it

// Status block (input), behind the common words.
enum StatusAt : std::uint16_t {
  temperature = status_registers::own,  // of the sensor, 0.01 degC, signed; 0x8000 unknown
  frequency,                            // of the swing by the node itself, mHz; 0xFFFF unknown
  amplitude,                            // 0.01 deg, to one side; 0xFFFF unknown
  axis,                                 // 0 x, 1 y, 2 z
  samples_taken,                        // 32 bits
  samples_missed = 21,                  // 32 bits: that the sensor did not give
  samples_over = 23,                    // 32 bits: over range
  times_stuck = 25,                     // 32 bits
  status_words = 27,
};
constexpr std::uint16_t unknown = 0xFFFF;
constexpr std::uint16_t unknown_temperature = 0x8000;

}  // namespace motion_registers
}  // namespace rytme::firmware
