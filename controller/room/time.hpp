// SPDX-License-Identifier: Apache-2.0
// The two kinds of time, never mixed: steady time for every interval, age and deadline; system time only as a
// stamp for people. Core functions take `Now`; only app and the transports ask a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace rytme {

using Instant = std::chrono::steady_clock::time_point;              // monotonic; comparable within one boot
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;  // UTC; may jump, decides nothing

struct Now {
  Instant steady{};
  WallTime wall{};
};

// Whole seconds since 1970, for files and for what a page shows.
inline std::int64_t unix_s(WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

// Seconds between two instants as a plain number, for formulas.
inline double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

// Seconds as a steady duration, rounded to the clock's tick.
inline std::chrono::steady_clock::duration seconds(double value) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(value));
}

}  // namespace rytme
