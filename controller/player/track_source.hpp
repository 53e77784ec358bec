// SPDX-License-Identifier: Apache-2.0
// Where a track's samples come from, at a speed that may change while it plays, its pitch kept. The program
// gives one round libmpv; tests give their own.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "controller/player/frame.hpp"

namespace rytme::player {

class TrackSource {
 public:
  enum class Health : std::uint8_t { opening, ready, ended, broken };

  virtual ~TrackSource() = default;
  // Frames that are there now, from the first on; never waits. Fewer than asked for: late, ended or broken.
  virtual std::size_t read(std::span<Frame> out) = 0;
  // 1 = as recorded.
  virtual void set_speed(double speed) = 0;
  virtual Health health() = 0;
  // In the recording, of the frame that is read next; nullopt: not known.
  virtual std::optional<double> position_s() = 0;
  // How long after set_speed() the first frame at that speed is read.
  virtual double speed_delay_s() const { return 0; }
};

}  // namespace rytme::player
