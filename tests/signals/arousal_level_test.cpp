// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_level.hpp"

#include <cmath>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

namespace rytme::signals {
namespace {

// Seconds until the level is reached with this index; -1: not within ten minutes.
int seconds_until(ArousalLevel& level, int wanted, double index, bool far_above = true) {
  for (int t = 1; t <= 600; ++t)
    if (level.advance(1, index, far_above) == wanted) return t;
  return -1;
}

TEST(ArousalLevel, RisesOnlyAfterTheDwell) {
  ArousalLevel level;
  EXPECT_EQ(seconds_until(level, 1, 1.2), 10);
  EXPECT_EQ(seconds_until(level, 2, 2.2), 15);
  EXPECT_EQ(seconds_until(level, 3, 3.2), 20);
  EXPECT_EQ(seconds_until(level, 4, 4.7), 20);
}

TEST(ArousalLevel, AtMostOneStepUpInTenSeconds) {
  ArousalLevel level;
  int last = 0;
  int last_step = -1000;
  for (int t = 0; t < 120; ++t) {
    const int now = level.advance(1, 99, true);
    ASSERT_LE(now - last, 1);
    if (now > last) {
      EXPECT_GE(t - last_step, 10);
      last_step = t;
    }
    last = now;
  }
  EXPECT_EQ(last, 4);
}

TEST(ArousalLevel, AShortPeakDoesNothing) {
  ArousalLevel level;
  for (int i = 0; i < 100; ++i) {
    for (int t = 0; t < 9; ++t) EXPECT_EQ(level.advance(1, 8, true), 0);
    level.advance(1, 0.9, true);
  }
}

TEST(ArousalLevel, BetweenExitAndEntryItStays) {
  ArousalLevel level;
  seconds_until(level, 2, 2.5);
  EXPECT_EQ(seconds_until(level, 3, 1.7), -1);
  EXPECT_EQ(level.value(), 2);
  EXPECT_EQ(seconds_until(level, 1, 1.4), 30);
}

TEST(ArousalLevel, TheHighestNeedsAPulseFarAboveCalm) {
  ArousalLevel level;
  seconds_until(level, 3, 6, false);
  EXPECT_EQ(seconds_until(level, 4, 6, false), -1);
  EXPECT_EQ(seconds_until(level, 4, 6, true), 20);
}

TEST(ArousalLevel, ForAnyIndexItMovesByOneAndStaysInRange) {
  std::mt19937 random(7);
  std::normal_distribution<double> walk(0, 1);
  ArousalLevel level;
  double index = 0;
  int last = 0;
  for (int i = 0; i < 100'000; ++i) {
    index = 0.98 * index + walk(random);
    const int now = level.advance(1, i % 97 == 0 ? 1e9 : index, i % 2 == 0);
    ASSERT_LE(std::abs(now - last), 1);
    ASSERT_GE(now, 0);
    ASSERT_LE(now, 4);
    last = now;
  }
}

TEST(ArousalLevel, MarginTellsHowFarInsideTheIndexIs) {
  ArousalLevel level;
  EXPECT_DOUBLE_EQ(level.margin(0.2, true), 0.8);
  EXPECT_LT(level.margin(1.3, true), 0);
  seconds_until(level, 1, 1.5);
  EXPECT_DOUBLE_EQ(level.margin(1.5, true), 0.5);
  EXPECT_LT(level.margin(0.5, true), 0);
  seconds_until(level, 3, 9, false);
  EXPECT_GT(level.margin(9, false), 1) << "nothing above it is open";
  EXPECT_LT(level.margin(9, true), 0);
}

}  // namespace
}  // namespace rytme::signals
