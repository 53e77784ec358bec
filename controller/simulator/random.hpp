// SPDX-License-Identifier: Apache-2.0
// Chance that repeats: the same seed gives the same world with every compiler and standard library, which the
// distributions of <random> do not promise.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace rytme::simulator {

class Random {
 public:
  // `stream` keeps the parts of one world apart: same seed, other numbers.
  Random(std::uint64_t seed, std::uint64_t stream) : engine_(seed * 0x9E3779B97F4A7C15U + stream) {}

  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1p-53;
  }
  // Standard normal (Box-Muller).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(0.0, 1.0)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(0.0, 1.0));
  }
  // Waiting time between events that come on average every `mean`.
  double exponential(double mean) { return -mean * std::log(1.0 - uniform(0.0, 1.0)); }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace rytme::simulator
