// SPDX-License-Identifier: Apache-2.0
// How a serial line is set, and the times that follow from it. Pure.
#pragma once

#include <cstdint>

#include "firmware/core/time.hpp"

namespace rytme::firmware {

enum class Parity : std::uint8_t { none, even, odd };

// What separates two frames: 3.5 characters at every speed, or the fixed 1750 us (and 750 us within a frame)
// that the standard advises above 19 200 baud.
enum class Silence : std::uint8_t { characters, us1750 };

struct LineFormat {
  std::uint32_t baud{115'200};
  Parity parity{Parity::none};
  std::uint8_t stop_bits{1};
  Silence silence{Silence::characters};
};

struct LineTiming {
  Micros character{};  // start, eight data bits, parity, stop
  Micros within{};     // T1.5: a longer silence within a frame spoils it
  Micros between{};    // T3.5: a silence as long ends it
  // So long the rest is waited for of a frame whose checksum is not right yet. The same as `between`, but in
  // an emulator, whose characters come when the host likes.
  Micros unfinished{};
};

// All times are rounded up. Source: MODBUS over Serial Line V1.02, 2.5.1.1.
constexpr LineTiming timing_of(const LineFormat& format) {
  const std::int64_t bits = 1 + 8 + (format.parity == Parity::none ? 0 : 1) + format.stop_bits;
  const std::int64_t baud = format.baud;
  const auto tenths = [&](std::int64_t characters_10) {
    return Micros((bits * characters_10 * 100'000 + baud - 1) / baud);
  };
  if (format.silence == Silence::us1750) return {tenths(10), Micros(750), Micros(1750), Micros(1750)};
  return {tenths(10), tenths(15), tenths(35), tenths(35)};
}

}  // namespace rytme::firmware
