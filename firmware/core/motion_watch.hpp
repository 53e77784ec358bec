// SPDX-License-Identifier: Apache-2.0
// Whether the samples can be believed: over range, stuck. Pure.
#pragma once

#include <cstdint>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware {

class MotionWatch {
 public:
  // The same six numbers so often in a row are no measurement: at +-8 g the LSM6DSO's own noise moves the
  // last digits several times a second even when nothing moves.
  static constexpr std::uint16_t stuck_after = 50;
  static constexpr std::uint32_t over_range_shown = 10 * motion_registers::samples_per_s;

  // False: not to be passed on, the sensor is stuck.
  bool take(const Sample& sample);

  bool is_stuck() const { return same_ >= stuck_after; }
  bool was_over_range() const { return since_over_ < over_range_shown; }
  std::uint32_t over_range() const { return over_; }
  std::uint32_t times_stuck() const { return times_stuck_; }

 private:
  Sample last_{};
  std::uint16_t same_{};
  std::uint32_t since_over_{over_range_shown};
  std::uint32_t over_{};
  std::uint32_t times_stuck_{};
};

}  // namespace rytme::firmware
