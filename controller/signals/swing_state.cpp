// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/swing_state.hpp"

#include <cmath>
#include <numbers>

namespace rytme::signals {

namespace {

double squared(double x) { return x * x; }

// The arithmetic-geometric mean (Gauss); five rounds are exact in double.
double agm(double a, double b) {
  for (int i = 0; i < 5; ++i) {
    const double mean = (a + b) / 2;
    b = std::sqrt(a * b);
    a = mean;
  }
  return a;
}

}  // namespace

double SwingState::amplitude() const {
  const double height = squared(omega) / (2 * stiffness) + 1 - std::cos(theta);
  return height >= 2 ? std::numbers::pi : 2 * std::asin(std::sqrt(height / 2));
}

double SwingState::frequency_hz() const {
  return std::sqrt(stiffness) * agm(1, std::cos(amplitude() / 2)) / (2 * std::numbers::pi);
}

double SwingState::phase_rad() const { return std::atan2(-omega / std::sqrt(stiffness), theta); }

}  // namespace rytme::signals
