// SPDX-License-Identifier: Apache-2.0
// Waveform frames of a session on its time axis. A node's clock is tied to ours by the arrival of each
// chunk's first and last frame: right to within the radio's delay, and without a jump from chunk to chunk.
// Pure.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "controller/report/timeline.hpp"

namespace rytme::report {

struct MotionSample {
  double t_s{};
  std::array<float, 6> axes{};  // ax ay az m/s², gx gy gz rad/s
};

struct MotionTrack {
  std::string device;
  bool gyro{};
  int rate_hz{1};                     // nominal: by the median step
  std::vector<MotionSample> samples;  // by time, within the session
  std::size_t outside{};              // left out: not between the session's start and end
  std::size_t unreadable{};           // chunks that cannot be decoded
};

struct Beat {
  double from_s{};
  std::uint16_t rr_1024{};  // 1/1024 s
};

struct BeatTrack {
  std::string device;
  std::vector<Beat> beats;
  std::size_t unreadable{};
};

std::vector<std::string> devices_of(const journal::SessionFacts& facts, std::string_view stream);
MotionTrack motion_track(const journal::SessionFacts& facts, const SessionClock& clock,
                         const std::string& device);
// Each interval follows the one before; the chain begins anew, at the arrival, where it is more than
// max(1.5 s, 2 RR) away from it, where frames are missing, and where the node has restarted.
BeatTrack beat_track(const journal::SessionFacts& facts, const SessionClock& clock,
                     const std::string& device);

}  // namespace rytme::report
