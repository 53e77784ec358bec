// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/motion_watch.hpp"

#include <algorithm>

namespace rytme::firmware {

bool MotionWatch::take(const Sample& sample) {
  constexpr auto limit = motion_registers::full_scale;
  const bool over =
      std::ranges::any_of(sample.axes, [](std::int16_t value) { return value >= limit || value <= -limit; });
  if (over) ++over_;
  since_over_ = over ? 0 : std::min(since_over_ + 1, over_range_shown);
  const bool was_stuck = is_stuck();
  same_ =
      sample == last_ ? static_cast<std::uint16_t>(std::min<int>(same_ + 1, stuck_after)) : std::uint16_t{0};
  last_ = sample;
  if (is_stuck() && !was_stuck) ++times_stuck_;
  return !is_stuck();
}

}  // namespace rytme::firmware
