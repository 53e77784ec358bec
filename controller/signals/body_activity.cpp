// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/body_activity.hpp"

#include <cmath>

namespace rytme::signals {

namespace {

constexpr double gravity = 9.81;
constexpr std::int64_t stretch_us = 50'000;
constexpr std::int64_t least_us = 500'000;
constexpr std::size_t least_samples = 5;
// Without a gyroscope a walk (over 1 Hz in the force) must not be taken for a swing.
constexpr double fastest_by_force_hz = 0.5;

}  // namespace

std::optional<BodySecond> BodyActivity::add(std::int64_t t_us, const Vector3& acceleration,
                                            const std::optional<Vector3>& rate) {
  accepted_ = swing_.add({.t_us = t_us, .acceleration = acceleration, .rate = rate});
  if (!accepted_) {
    return std::nullopt;
  }
  std::optional<BodySecond> ended;
  if (const std::int64_t second = t_us / 1'000'000; second_ != second) {
    ended = finish();
    second_ = second;
    first_us_ = t_us;
    count_ = removed_ = 0;
  }
  last_us_ = t_us;
  if (count_ < most_samples) {
    force_.at(count_++) = static_cast<float>(length(acceleration) - pendulum_force(t_us));
    removed_ += stretch_.known ? 1U : 0U;
  }
  return ended;
}

double BodyActivity::pendulum_force(std::int64_t t_us) {
  if (t_us < stretch_.begin_us || t_us > stretch_.end_us) {
    const auto begin = swing_.pendulum_force(t_us, fastest_by_force_hz);
    const auto end = begin ? swing_.pendulum_force(t_us + stretch_us, fastest_by_force_hz) : std::nullopt;
    stretch_ = {.begin_us = t_us,
                .end_us = t_us + stretch_us,
                .begin = end ? *begin : gravity,
                .end = end ? *end : gravity,
                .known = end.has_value()};
  }
  const double part = static_cast<double>(t_us - stretch_.begin_us) / static_cast<double>(stretch_us);
  return stretch_.begin + part * (stretch_.end - stretch_.begin);
}

std::optional<BodySecond> BodyActivity::finish() {
  if (!second_ || count_ < least_samples || last_us_ - first_us_ < least_us) {
    return std::nullopt;
  }
  const auto n = static_cast<double>(count_);
  double sum = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    sum += force_.at(i);
  }
  double deviations = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    deviations += std::abs(force_.at(i) - sum / n);
  }
  const bool removed = removed_ > count_ / 2;
  return BodySecond{.second = *second_,
                    .mad_mps2 = deviations / n,
                    .pendulum_removed = removed,
                    .pendulum_inside = !removed && swing_.may_swing()};
}

}  // namespace rytme::signals
