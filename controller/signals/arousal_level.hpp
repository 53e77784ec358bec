// SPDX-License-Identifier: Apache-2.0
// The index in steps 0-4, with hysteresis and dwell (physiology §6.5): a step up only after the index has
// stayed above a level's entry, a step down only after it has stayed below its exit; at most one step up per
// 10 s.
#pragma once

#include <array>

namespace rytme::signals {

struct LevelLimits {
  double enter{}, leave{};  // index
  double dwell_up_s{}, dwell_down_s{};
};
inline constexpr int highest_level = 4;
inline constexpr std::array<LevelLimits, highest_level> level_limits{{
    {.enter = 1.0, .leave = 0.6, .dwell_up_s = 10, .dwell_down_s = 20},
    {.enter = 2.0, .leave = 1.5, .dwell_up_s = 15, .dwell_down_s = 30},
    {.enter = 3.0, .leave = 2.4, .dwell_up_s = 20, .dwell_down_s = 45},
    {.enter = 4.5, .leave = 3.6, .dwell_up_s = 20, .dwell_down_s = 60},
}};

class ArousalLevel {
 public:
  // dt_s have passed with this index. far_above: heart rate above calm + 25 bpm, without which level 4 is not
  // entered. Moves by at most one.
  int advance(double dt_s, double index, bool far_above);
  int value() const { return value_; }

  // How far the index is inside what the present level stands for; negative: it asks for another one.
  double margin(double index, bool far_above) const;

 private:
  int value_{};
  std::array<double, highest_level> above_s_{}, below_s_{};
  double since_step_up_s_{1e9};
};

}  // namespace rytme::signals
