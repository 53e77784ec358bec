// SPDX-License-Identifier: Apache-2.0
// What the sensor of a motion node measures on the simulated person's swing, as its counts: for firmware that
// runs in an emulator. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "controller/simulator/random.hpp"
#include "controller/simulator/seat.hpp"
#include "firmware/protocol/injected_sample.hpp"

namespace rytme::simulator {

class NodeSamples {
 public:
  // The swing of the person with this seed.
  explicit NodeSamples(std::uint64_t seed) : seat_(seed, {}), random_(seed, 5) {}

  // The next one, 10 ms after the one before, as the node is told it.
  firmware::injected_sample::Frame next();

 private:
  std::int16_t counts(double truth, double noise, double per_count);

  Seat seat_;
  Random random_;
  std::uint32_t number_{};
};

}  // namespace rytme::simulator
