// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/movement_model.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "controller/signals/movement_meter.hpp"

namespace rytme::signals {
namespace {

TEST(MovementMeter, IsTheMeanAbsoluteDeviationOfTheWholeSecond) {
  MovementMeter meter;
  for (int i = 0; i < 20; ++i) meter.add(7 + i / 20.0, 0, 0, i % 2 == 0 ? 0.9 : 1.1);
  EXPECT_FALSE(meter.second(7.5)) << "the second is not over";
  EXPECT_NEAR(*meter.second(8), 0.1, 1e-12);
  EXPECT_NEAR(*meter.second(8.9), 0.1, 1e-12);
  EXPECT_FALSE(meter.second(9)) << "nothing came in the next one";
}

TEST(MovementMeter, DoesNotCareHowTheSensorIsTurned) {
  MovementMeter upright;
  MovementMeter lying;
  for (int i = 0; i < 50; ++i) {
    const double a = 1 + 0.3 * std::sin(i);
    upright.add(i / 50.0, 0, 0, a);
    lying.add(i / 50.0, a * 0.6, -a * 0.8, 0);
  }
  EXPECT_NEAR(*upright.second(1), *lying.second(1), 1e-12);
}

TEST(MovementMeter, CountsWhatIsNoAccelerationAndWhatIsTooMuch) {
  MovementMeter meter;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  meter.add(0, nan, 0, 0);
  meter.add(nan, 0, 0, 1);
  meter.add(0, 1e300, 0, 0);
  EXPECT_EQ(meter.bad(), 3U);
  EXPECT_FALSE(meter.second(1));
  for (int i = 0; i < 1000; ++i) meter.add(0.5, 0, 0, 1);
  EXPECT_EQ(meter.too_many(), 744U);
  EXPECT_EQ(meter.second(1), 0.0);
  EXPECT_FALSE(meter.second(nan));
}

TEST(MovementModel, RisesSlowlyFallsFasterAndReachesWhatTheEffortIs) {
  MovementModel model;
  model.advance(45, 0.4);
  EXPECT_NEAR(model.quick(), 0.4 * (1 - std::exp(-1)), 1e-12);
  model.advance(1e6, 0.4);
  EXPECT_NEAR(model.quick(), 0.4, 1e-9);
  EXPECT_NEAR(model.slow(), 0.4, 1e-9);
  model.advance(25, 0);
  EXPECT_NEAR(model.quick(), 0.4 * std::exp(-1), 1e-9);
  EXPECT_GT(model.slow(), 0.39) << "the body stays warm";
  EXPECT_GT(model.elevation_bpm({.quick_bpm = 60, .slow_bpm = 15}), 0);
}

TEST(MovementModel, NothingBelowRestCountsAsEffort) {
  EXPECT_EQ(effort_of(0.005, 0.02), 0);
  EXPECT_NEAR(effort_of(0.25, 0.04), 0.3, 1e-12);
}

// A person with the given gain who walks and rests.
MovementGainLearner walked(double gain, int minutes, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 3);
  MovementModel model;
  MovementGainLearner learner;
  for (int t = 0; t < 60 * minutes; ++t) {
    model.advance(1, t / 120 % 2 == 0 ? 0.36 : 0);
    learner.add(model, gain * model.quick() + 15 * model.slow() + noise(random));
  }
  return learner;
}

TEST(MovementGainLearner, WithoutMovementThePriorSpeaks) {
  const auto prior = prior_gains(SensorPlace::chest);
  const auto gains = MovementGainLearner{}.gains(prior);
  EXPECT_DOUBLE_EQ(gains.quick_bpm, prior.quick_bpm);
  EXPECT_DOUBLE_EQ(gains.slow_bpm, prior.slow_bpm);
}

TEST(MovementGainLearner, ComesToThePersonsOwnGainWithTime) {
  const auto prior = prior_gains(SensorPlace::chest);
  for (const double own : {40.0, 80.0}) {
    const double after_2 = walked(own, 2).gains(prior).quick_bpm;
    const double after_60 = walked(own, 60).gains(prior).quick_bpm;
    EXPECT_LT(std::abs(after_60 - own), std::abs(after_2 - own));
    EXPECT_NEAR(after_60, own, 5) << "own gain " << own;
  }
}

TEST(MovementGainLearner, NeverLeavesTheCap) {
  const auto prior = prior_gains(SensorPlace::wrist);
  for (const double own : {-500.0, 0.0, 10'000.0}) {
    const auto gains = walked(own, 120).gains(prior);
    EXPECT_GE(gains.quick_bpm, 0.5 * prior.quick_bpm);
    EXPECT_LE(gains.quick_bpm, 1.5 * prior.quick_bpm);
    EXPECT_GE(gains.slow_bpm, 0);
  }
}

TEST(MovementGainLearner, IsFiveSumsThatCanBeKept) {
  const auto learner = walked(75, 10);
  const MovementGainLearner again(learner.sums());
  const auto prior = prior_gains(SensorPlace::chest);
  EXPECT_EQ(again.gains(prior).quick_bpm, learner.gains(prior).quick_bpm);
  EXPECT_LE(walked(75, 2000).sums().seconds, 7201) << "the old fades";
}

}  // namespace
}  // namespace rytme::signals
