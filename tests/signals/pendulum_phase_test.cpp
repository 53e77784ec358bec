// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/pendulum_phase.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace rytme::signals {
namespace {

constexpr double pi = std::numbers::pi;

// A pendulum let go at A, by steps of 0.1 ms.
std::vector<double> phases_of_a_swing(double amplitude, double k) {
  std::vector<double> phases;
  double angle = amplitude, rate = 0;
  constexpr double dt = 1e-4;
  for (int turns = 0; turns < 2;) {
    phases.push_back(std::atan2(-rate / std::sqrt(k), angle));
    const double before = rate;
    rate -= k * std::sin(angle) * dt;
    angle += rate * dt;
    if ((before < 0) != (rate < 0) && phases.size() > 10) ++turns;
  }
  return phases;
}

TEST(EvenPhase, GoesEvenlyThroughASwingOfAnySize) {
  for (const double degrees : {10.0, 45.0, 90.0, 150.0}) {
    const auto phases = phases_of_a_swing(degrees * pi / 180, 5);
    double worst = 0, plain = 0;
    for (std::size_t i = 0; i < phases.size(); i += 50) {
      const double turns = static_cast<double>(i) / static_cast<double>(phases.size()) * 2 * pi;
      worst = std::max(worst,
                       std::abs(std::remainder(even_phase(phases[i], degrees * pi / 180) - turns, 2 * pi)));
      plain = std::max(plain, std::abs(std::remainder(phases[i] - turns, 2 * pi)));
    }
    EXPECT_LT(worst * 180 / pi, 0.3) << degrees;
    if (degrees >= 90) {
      EXPECT_GT(plain * 180 / pi, 5) << degrees << ": what it is for";
    }
  }
}

TEST(EvenPhase, LeavesTurningPointsAndTheLowestPointWhereTheyAre) {
  for (const double phase : {0.0, pi / 2, -pi / 2, 3.14}) EXPECT_NEAR(even_phase(phase, 1.5), phase, 1e-2);
  EXPECT_EQ(even_phase(1.0, 0.01), 1.0);
}

TEST(EvenPhase, WhatIsNoNumberComesOutAsItWent) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(even_phase(1.0, nan), 1.0);
  EXPECT_TRUE(std::isnan(even_phase(nan, 1.0)));
  EXPECT_TRUE(std::isfinite(even_phase(1.0, 100)));
}

}  // namespace
}  // namespace rytme::signals
