// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/simulated_swing.hpp"

#include <algorithm>
#include <numbers>

#include <gmock/gmock.h>

#include "controller/simulator/movement_plan.hpp"
#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

struct Motion {
  std::vector<double> t_s, ax, az, gy;

  Motion part(double from_s, double to_s) const {
    const auto from = std::ranges::lower_bound(t_s, from_s) - t_s.begin();
    const auto to = std::ranges::lower_bound(t_s, to_s) - t_s.begin();
    const auto cut = [&](const std::vector<double>& all) {
      return std::vector(all.begin() + from, all.begin() + to);
    };
    return {cut(t_s), cut(ax), cut(az), cut(gy)};
  }
};

Motion motion_of(std::uint64_t seed, double until_s) {
  Motion out;
  const auto source = simulated_swing(seed);
  for (const auto& text : take_until(*source, until_s)) {
    const auto json = read_json(text);
    const auto column = [&](std::string_view name) {
      return boost::json::value_to<std::vector<double>>(json.at(name));
    };
    const auto ax = column("ax"), az = column("az"), gy = column("gy");
    const auto t_us = json.at("t_us").to_number<double>();
    for (std::size_t i = 0; i < ax.size(); ++i) {
      out.t_s.push_back((t_us + static_cast<double>(i) * json.at("dt_us").to_number<double>()) * 1e-6);
      out.ax.push_back(ax[i]);
      out.az.push_back(az[i]);
      out.gy.push_back(gy[i]);
    }
  }
  return out;
}

// Strength of a frequency in a series of 100 Hz, as an amplitude.
double amplitude_at(const std::vector<double>& values, double hz) {
  const double average = mean(values);
  double re = 0, im = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / 100;
    re += (values[i] - average) * std::cos(phase);
    im += (values[i] - average) * std::sin(phase);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(values.size());
}

double strongest_hz(const std::vector<double>& values) {
  double best = 0;
  for (int step = 20; step < 300; ++step) {
    const double hz = 0.005 * step;
    if (amplitude_at(values, hz) > amplitude_at(values, best)) best = hz;
  }
  return best;
}

class SimulatedSwingTest : public testing::Test {
 protected:
  const std::uint64_t seed = 1;
  MovementPlan plan{seed};
  const Bout rest = plan.at(0);
  const Bout swing = plan.at(rest.to_s);
  const Bout after = plan.at(swing.to_s);
  const Motion all = motion_of(seed, after.to_s);
  // The last 40 s of the bout: swung up.
  const Motion swinging = all.part(swing.to_s - 40, swing.to_s);
};

TEST_F(SimulatedSwingTest, SamplesAtAHundredHertzWithoutGaps) {
  ASSERT_GT(all.t_s.size(), 1000U);
  for (std::size_t i = 1; i < all.t_s.size(); ++i) ASSERT_NEAR(all.t_s[i] - all.t_s[i - 1], 0.01, 1e-9);
}

TEST_F(SimulatedSwingTest, FrequencyIsThatOfTheRope) {
  const double a = swing.amplitude_deg * std::numbers::pi / 180;
  const double period = 2 * std::numbers::pi * std::sqrt(1.8 / 9.80665) *
                        (1 + a * a / 16 + 11 * std::pow(a, 4) / 3072);  // physiology §5
  EXPECT_NEAR(strongest_hz(swinging.gy), 1 / period, 0.01);
}

TEST_F(SimulatedSwingTest, TheSeatFeelsNothingAlongThePathAndTwiceTheFrequencyAlongTheRope) {
  const double hz = strongest_hz(swinging.gy);
  EXPECT_NEAR(strongest_hz(swinging.az), 2 * hz, 0.02);
  EXPECT_LT(amplitude_at(swinging.ax, hz),
            0.1 * 9.81 * std::sin(swing.amplitude_deg * std::numbers::pi / 180));
  EXPECT_NEAR(mean(swinging.ax), 0, 0.05);
}

TEST_F(SimulatedSwingTest, ReachesItsHeightWhileSwungAndIsStillAtRest) {
  const double hz = strongest_hz(swinging.gy);
  const double omega = amplitude_at(swinging.gy, hz);
  const double height_deg = omega / (2 * std::numbers::pi * hz) * 180 / std::numbers::pi;
  EXPECT_NEAR(height_deg, swing.amplitude_deg, 0.15 * swing.amplitude_deg);
  for (const auto& still : {all.part(0, rest.to_s), all.part(after.from_s + 30, after.to_s)}) {
    EXPECT_LT(amplitude_at(still.gy, hz), 0.01);
    EXPECT_NEAR(mean(still.az), 9.80665, 0.05);
  }
}

}  // namespace
}  // namespace rytme::simulator
