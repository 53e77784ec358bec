// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/baseline_measurement.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/signals/arousal_life.hpp"

namespace rytme::signals {
namespace {

using State = BaselineMeasurement::State;
using test::second_of;

// Feeds at most six minutes; stops when the measurement does. Returns the seconds it took.
int take(BaselineMeasurement& measurement, const std::function<ArousalInput(int)>& second) {
  for (int t = 0; t <= 360; ++t)
    if (measurement.add(second(t)) != State::running) return t;
  return 361;
}

double steady(int t) { return 70 + 2 * std::sin(t * 0.9); }

TEST(BaselineMeasurement, EndsByItselfAfterTwoQuietMinutes) {
  BaselineMeasurement measurement({});
  EXPECT_EQ(take(measurement, [](int t) { return second_of(t, steady(t)); }), 120);
  ASSERT_EQ(measurement.state(), State::good);
  const auto& result = *measurement.result();
  EXPECT_NEAR(result.calm_bpm, 70, 0.5);
  EXPECT_GE(result.spread_bpm, 3) << "never surer than 3 bpm";
  EXPECT_NEAR(result.minutes, 2, 0.05);
}

TEST(BaselineMeasurement, TheSpreadIsTheBodysOwnWhenItIsWider) {
  BaselineMeasurement measurement({});
  take(measurement, [](int t) { return second_of(t, 62 + t * 7 % 17); });
  ASSERT_TRUE(measurement.result());
  EXPECT_NEAR(measurement.result()->spread_bpm, 1.4826 * 4, 1.4826);
}

TEST(BaselineMeasurement, WaitsForADriftingPulseAndSaysAfterFiveMinutesWhatWasWrong) {
  BaselineMeasurement falling({});
  EXPECT_EQ(take(falling, [](int t) { return second_of(t, 90 - t * 0.05); }), 300);
  EXPECT_EQ(falling.state(), State::doubtful);
  EXPECT_TRUE(falling.result()->has(BaselineDoubt::drifting));
  EXPECT_FALSE(falling.result()->has(BaselineDoubt::moving));

  BaselineMeasurement settles({});
  const int took = take(settles, [](int t) { return second_of(t, 70 + 4 * std::exp(-t / 20.0)); });
  EXPECT_EQ(settles.state(), State::good);
  EXPECT_GE(took, 120);
  EXPECT_LT(took, 300);
}

TEST(BaselineMeasurement, NamesMovementAndUnclearBeats) {
  BaselineMeasurement moving({});
  take(moving, [](int t) { return second_of(t, steady(t), t % 4 == 0 ? 0.2 : 0.01); });
  ASSERT_EQ(moving.state(), State::doubtful);
  EXPECT_TRUE(moving.result()->has(BaselineDoubt::moving));

  BaselineMeasurement noisy({});
  take(noisy, [](int t) {
    auto second = second_of(t, steady(t));
    second.accepted_share = 0.75;
    return second;
  });
  ASSERT_EQ(noisy.state(), State::doubtful);
  EXPECT_TRUE(noisy.result()->has(BaselineDoubt::noisy));
  for (const bool norwegian : {true, false})
    EXPECT_FALSE(doubt_text(BaselineDoubt::noisy, norwegian).empty());
}

TEST(BaselineMeasurement, WithoutAPulseThereIsNone) {
  BaselineMeasurement measurement({});
  take(measurement, [](int t) {
    auto second = second_of(t, 70);
    if (t > 40) second.hr10_bpm.reset();
    return second;
  });
  EXPECT_EQ(measurement.state(), State::failed);
  EXPECT_FALSE(measurement.result());
}

TEST(BaselineMeasurement, EndedTooEarlyThereIsNone) {
  BaselineMeasurement measurement({});
  for (int t = 0; t < 90; ++t) measurement.add(second_of(t, steady(t)));
  EXPECT_EQ(measurement.finish(), State::failed);
  EXPECT_FALSE(measurement.result());
}

TEST(BaselineMeasurement, TheFirstMinuteOfASessionIsNotLookedAt) {
  BaselineMeasurement measurement({}, 0.0);
  // Upset for the first minute, calm after it.
  EXPECT_EQ(take(measurement, [](int t) { return second_of(t, t < 60 ? 120 : steady(t)); }), 180);
  ASSERT_EQ(measurement.state(), State::good);
  EXPECT_NEAR(measurement.result()->calm_bpm, 70, 0.5);

  BaselineMeasurement later({}, 600.0);
  EXPECT_EQ(take(later, [](int t) { return second_of(t, steady(t)); }), 120);
}

TEST(BaselineMeasurement, IsShrunkTowardsThePersonsOwnHistory) {
  BaselineHistory history;
  history.add_bpm(80);
  history.add_bpm(84);
  BaselineMeasurement measurement(history);
  take(measurement, [](int t) { return second_of(t, steady(t)); });
  const auto& result = *measurement.result();
  const double n = result.minutes;
  EXPECT_NEAR(result.calm_bpm, (5 * 82 + n * result.today_bpm) / (5 + n), 1e-9);
  EXPECT_FALSE(result.history_won);
}

TEST(BaselineMeasurement, ArrivedArousedHistoryWins) {
  BaselineHistory history;
  history.add_bpm(68);
  BaselineMeasurement measurement(history);
  take(measurement, [](int t) { return second_of(t, steady(t) + 15); });
  ASSERT_EQ(measurement.state(), State::doubtful);
  EXPECT_TRUE(measurement.result()->has(BaselineDoubt::arrived_aroused));
  EXPECT_TRUE(measurement.result()->history_won);
  EXPECT_DOUBLE_EQ(measurement.result()->calm_bpm, 68);
}

TEST(BaselineHistory, KeepsTheLastTenGoodOnes) {
  BaselineHistory history;
  EXPECT_FALSE(history.mean_bpm());
  EXPECT_FALSE(history.add_bpm(0));
  EXPECT_FALSE(history.add_bpm(std::nan("")));
  EXPECT_FALSE(history.add_bpm(1e9));
  Baseline doubtful = test::calm_70();
  doubtful.doubts = static_cast<std::uint8_t>(BaselineDoubt::drifting);
  EXPECT_FALSE(history.add(doubtful)) << "a doubtful one teaches nothing";
  for (int i = 0; i < 25; ++i) EXPECT_TRUE(history.add_bpm(60 + i));
  EXPECT_EQ(history.values().size(), 10U);
  EXPECT_DOUBLE_EQ(*history.mean_bpm(), 79.5);
}

}  // namespace
}  // namespace rytme::signals
