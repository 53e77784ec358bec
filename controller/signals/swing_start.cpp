// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/swing_start.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double hysteresis = 0.3;  // of the last peak
constexpr double alike_length = 0.65;
constexpr double alike_peak = 0.5;

double likeness(double a, double b) { return std::min(a, b) / std::max(a, b); }

}  // namespace

std::optional<SwingStart::Found> SwingStart::add(double t_s, double value) {
  if (last_s_ && (value < 0) != (last_ < 0)) {
    crossing_s_ = *last_s_ + (t_s - *last_s_) * last_ / (last_ - value);
  }
  const bool first = !last_s_;
  last_s_ = t_s;
  last_ = value;
  if (first) {
    positive_ = value > 0;
    now_ = {.begin_s = t_s, .peak = 0};
    return std::nullopt;
  }
  const double turn = std::max(hysteresis * now_.peak, hysteresis * least_);
  const bool turned = positive_ ? value < -turn : value > turn;
  if (!turned) {
    now_.peak = std::max(now_.peak, positive_ ? value : -value);
    if (t_s - now_.begin_s > 1 / slowest_hz_) {
      halves_ = 0;  // nothing swings
      now_ = {.begin_s = t_s, .peak = 0};
    }
    return std::nullopt;
  }
  earlier_ = before_;
  before_ = now_;
  now_ = {.begin_s = crossing_s_, .peak = std::abs(value)};
  positive_ = !positive_;
  halves_ = std::min(halves_ + 1, 3);
  return judge(value);
}

// The half before the first crossing has no beginning: two whole ones are the 2nd and the 3rd.
std::optional<SwingStart::Found> SwingStart::judge(double value) const {
  if (halves_ < 3 || std::min(before_.peak, earlier_.peak) < least_) {
    return std::nullopt;
  }
  const double last_half_s = now_.begin_s - before_.begin_s;
  const double half_s = before_.begin_s - earlier_.begin_s;
  const double frequency_hz = 1 / (last_half_s + half_s);
  if (!(last_half_s > 0 && half_s > 0) || likeness(last_half_s, half_s) < alike_length ||
      likeness(before_.peak, earlier_.peak) < alike_peak || frequency_hz < slowest_hz_ ||
      frequency_hz > fastest_hz_) {
    return std::nullopt;
  }
  return Found{.omega = value, .peak = before_.peak, .frequency_hz = frequency_hz, .rising = positive_};
}

}  // namespace rytme::signals
