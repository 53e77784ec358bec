// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/movement_model.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double rising_s = 45;
constexpr double falling_s = 25;
constexpr double slow_s = 1800;
constexpr double memory_s = 7200;
constexpr double far_bpm = 120;
// As many bpm² as two minutes of walking (x about 0.36) carry: below it the prior speaks.
constexpr double ridge_quick = 16;
constexpr double ridge_slow = 16;

}  // namespace

MovementGains prior_gains(SensorPlace place) {
  return place == SensorPlace::wrist ? MovementGains{.quick_bpm = 150, .slow_bpm = 20}
                                     : MovementGains{.quick_bpm = 60, .slow_bpm = 15};
}

double effort_of(double mad_g, double rest_mad_g) {
  return std::max(0.0, std::sqrt(mad_g) - std::sqrt(rest_mad_g));
}

void MovementModel::advance(double dt_s, double effort) {
  const double tau_s = effort > quick_ ? rising_s : falling_s;
  quick_ += (effort - quick_) * -std::expm1(-dt_s / tau_s);
  slow_ += (quick_ - slow_) * -std::expm1(-dt_s / slow_s);
}

double MovementModel::elevation_bpm(const MovementGains& gains) const {
  return gains.quick_bpm * quick_ + gains.slow_bpm * slow_;
}

void MovementGainLearner::add(const MovementModel& movement, double above_calm_bpm) {
  if (!(std::abs(above_calm_bpm) <= far_bpm)) {
    return;
  }
  const double x = movement.quick();
  const double y = movement.slow();
  const double keep = 1 - 1 / memory_s;
  sums_ = {.xx = sums_.xx * keep + x * x,
           .xy = sums_.xy * keep + x * y,
           .yy = sums_.yy * keep + y * y,
           .xd = sums_.xd * keep + x * above_calm_bpm,
           .yd = sums_.yd * keep + y * above_calm_bpm,
           .seconds = sums_.seconds * keep + 1};
}

// minimises Σ(d - G·φ)² + λ1 (G1 - prior1)² + λ2 (G2 - prior2)²: the normal equations of two unknowns.
MovementGains MovementGainLearner::gains(const MovementGains& prior) const {
  const double a = sums_.xx + ridge_quick;
  const double c = sums_.yy + ridge_slow;
  const double b = sums_.xy;
  const double p = sums_.xd + ridge_quick * prior.quick_bpm;
  const double q = sums_.yd + ridge_slow * prior.slow_bpm;
  const double determinant = a * c - b * b;  // > 0: both ridges are
  const auto capped = [](double gain, double middle) { return std::clamp(gain, 0.5 * middle, 1.5 * middle); };
  return {.quick_bpm = capped((p * c - b * q) / determinant, prior.quick_bpm),
          .slow_bpm = capped((a * q - b * p) / determinant, prior.slow_bpm)};
}

}  // namespace rytme::signals
