// SPDX-License-Identifier: Apache-2.0
// The reference recordings as the frames a wearable or a swing would send, at the sensor's resolution.
#pragma once

#include <string>
#include <vector>

#include "controller/room/reading.hpp"

namespace rytme::journal {

struct HeartRecording {
  std::string name;
  std::vector<HeartSample> frames;  // one RR each
};
struct MotionRecording {
  std::string name;
  std::vector<MotionFrame> frames;
  std::size_t values{};  // of all axes
};

// Empty without the reference data.
std::vector<HeartRecording> heart_recordings();
std::vector<MotionRecording> motion_recordings();

}  // namespace rytme::journal
