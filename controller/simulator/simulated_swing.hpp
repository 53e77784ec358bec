// SPDX-License-Identifier: Apache-2.0
// The seat of a swing with a simulated person in it: a pendulum that is pumped up, held, and braked, sampled
// at 100 Hz by a sensor under the seat (ax along the path, ay across, az along the rope; gy about the beam).
#pragma once

#include <memory>

#include "controller/simulator/frames.hpp"

namespace rytme::simulator {

std::unique_ptr<FrameSource> simulated_swing(std::uint64_t seed);

}  // namespace rytme::simulator
