// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_level.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace rytme::signals {

namespace {

constexpr double between_steps_up_s = 10;
constexpr double long_s = 3600;  // a counter needs no more

double held(double so_far_s, double dt_s, bool holds) {
  return holds ? std::min(so_far_s + dt_s, long_s) : 0;
}

// The highest level asks for more than the index.
bool open(std::size_t limit, bool far_above) { return limit + 1 < level_limits.size() || far_above; }

}  // namespace

int ArousalLevel::advance(double dt_s, double index, bool far_above) {
  for (std::size_t i = 0; i < level_limits.size(); ++i) {
    above_s_[i] = held(above_s_[i], dt_s, open(i, far_above) && index >= level_limits[i].enter);
    below_s_[i] = held(below_s_[i], dt_s, index < level_limits[i].leave);
  }
  since_step_up_s_ = std::min(since_step_up_s_ + dt_s, long_s);
  const auto at = static_cast<std::size_t>(value_);
  if (value_ < highest_level && above_s_[at] >= level_limits[at].dwell_up_s &&
      since_step_up_s_ >= between_steps_up_s) {
    since_step_up_s_ = 0;
    return ++value_;
  }
  if (value_ > 0 && below_s_[at - 1] >= level_limits[at - 1].dwell_down_s) {
    --value_;
  }
  return value_;
}

double ArousalLevel::margin(double index, bool far_above) const {
  const auto at = static_cast<std::size_t>(value_);
  constexpr double none = std::numeric_limits<double>::infinity();
  const double to_next =
      value_ < highest_level && open(at, far_above) ? level_limits[at].enter - index : none;
  const double to_last = value_ > 0 ? index - level_limits[at - 1].leave : none;
  return std::min(to_next, to_last);
}

}  // namespace rytme::signals
