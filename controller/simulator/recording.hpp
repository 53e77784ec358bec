// SPDX-License-Identifier: Apache-2.0
// A recorded person: beats and movement from files, as the frames their nodes would have sent. One frame per
// beat and 16 samples per motion frame, everything on the recording's own clock.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "controller/simulator/frames.hpp"

namespace rytme::simulator {

struct Beats {
  std::vector<std::int64_t> t_us;
  std::vector<double> rr_ms;
};

// Both streams are shifted by the same whole number of seconds, so that no time is negative.
struct Recording {
  Beats beats;           // may be empty
  MotionColumns motion;  // may be empty
};

// A folder with ibi.csv and/or acc_32hz.csv.gz, or one CSV file (plain or gzip) with the columns t_s,rr_ms or
// t_s,ax,ay,az[,gx,gy,gz]. Throws std::runtime_error with one line.
Recording read_recording(const std::filesystem::path& path);

// nullptr when the recording has nothing of the kind. The sources share the recording.
std::unique_ptr<FrameSource> recorded_heart(const std::shared_ptr<const Recording>& recording);
std::unique_ptr<FrameSource> recorded_motion(const std::shared_ptr<const Recording>& recording);

}  // namespace rytme::simulator
