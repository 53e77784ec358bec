// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/pendulum_phase.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rytme::signals {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double small_rad = 0.05;  // below this the two phases are the same to 0.02°
constexpr double large_rad = 3.0;

// The angle, 0 to A, at which the phase is `quarter`, 0 to π/2: it falls as the angle grows.
double angle_at(double quarter, double amplitude) {
  double low = 0, high = amplitude;
  for (int i = 0; i < 40; ++i) {
    const double angle = (low + high) / 2;
    const double rate = std::sqrt(std::max(0.0, 2 * (std::cos(angle) - std::cos(amplitude))));
    (std::atan2(rate, angle) > quarter ? low : high) = angle;
  }
  return (low + high) / 2;
}

}  // namespace

double even_phase(double phase_rad, double amplitude_rad) {
  if (!(amplitude_rad >= small_rad) || !std::isfinite(phase_rad)) return phase_rad;
  const double amplitude = std::min(amplitude_rad, large_rad);
  const double from_turn = std::abs(std::remainder(phase_rad, 2 * pi));
  const bool far_side = from_turn > pi / 2;
  const double k = std::sin(amplitude / 2);
  const double angle = angle_at(far_side ? pi - from_turn : from_turn, amplitude);
  const double way = std::asin(std::clamp(std::sin(angle / 2) / k, 0.0, 1.0));
  const double quarter = pi / 2 * (1 - std::ellint_1(k, way) / std::comp_ellint_1(k));
  return std::copysign(far_side ? pi - quarter : quarter, std::remainder(phase_rad, 2 * pi));
}

}  // namespace rytme::signals
