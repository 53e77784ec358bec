// SPDX-License-Identifier: Apache-2.0
// The heart of a simulated person as a chest strap tells it: about one frame per second with the RR intervals
// that ended in it. The pulse follows movement (time constants of physiology §6: 45 s up, 25 s down) and
// carries respiratory sinus arrhythmia, a slow wave and noise; the strap misses a beat, a frame or the skin
// now and then.
#pragma once

#include <memory>

#include "controller/simulator/frames.hpp"

namespace rytme::simulator {

std::unique_ptr<FrameSource> simulated_heart(std::uint64_t seed);

}  // namespace rytme::simulator
