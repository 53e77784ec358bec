// SPDX-License-Identifier: Apache-2.0
// The last stage before the loudspeaker, and no way round it. It sees samples and believes nobody: whatever
// comes, what goes out has nothing under 25 Hz, no true peak above the cap, and its level, the highest peak
// of the last 4 s, rises by no more than 6 dB/s from 40 dB under the cap (design §6). Gain goes down within 5
// ms ahead of what asks for it, along a straight line, and up by at most 6 dB/s: no step, no pumping. Pure;
// owned by the Engine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "controller/player/frame.hpp"
#include "controller/player/high_pass.hpp"
#include "controller/player/true_peak.hpp"

namespace rytme::player {

// The loudest of the last 4 s of blocks, each counted 6 dB/s louder for its age: what the next may be.
class RiseAllowance {
 public:
  void add(double peak);  // of one block
  double next() const;    // 0: nothing was heard

 private:
  static constexpr std::size_t blocks = 800;
  struct Entry {
    std::int64_t block{};
    double level_db{};  // less 6 dB/s for every second before: comparable among entries
  };
  std::array<Entry, blocks> entries_{};  // a ring, levels falling from first to last
  std::size_t first_{}, count_{};
  std::int64_t block_{};
};

class SoundLimits {
 public:
  static constexpr double corner_hz = 25;
  // What goes in comes out so many frames later.
  static constexpr std::size_t delay_frames = block_frames + TruePeak::delay_frames;

  // `cap_dbfs`: of true peaks, at most -1.
  explicit SoundLimits(double cap_dbfs);
  void process(Block& block);
  // Below 1: the limits hold the sound back.
  double gain() const { return gain_; }

 private:
  double take_in(const Block& block);  // fills coming_, returns its true peak
  void send_out(Block& block, double from, double to);

  double cap_;
  std::array<HighPass, 2> high_pass_{HighPass(corner_hz), HighPass(corner_hz)};
  std::array<TruePeak, 2> meter_;
  std::array<Frame, TruePeak::delay_frames> late_{};  // waits for the meter
  std::size_t late_at_{};
  Block waiting_{}, coming_{};
  double waiting_peak_{};
  double waiting_need_{1};  // gain that the waiting block may have at most
  double gain_{1};          // at the first frame of the waiting block
  RiseAllowance allowance_;
};

}  // namespace rytme::player
