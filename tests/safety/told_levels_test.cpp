// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/told_levels.hpp"

#include <gtest/gtest.h>

namespace rytme::safety {
namespace {

constexpr double within = 0.02;
Instant at(double s) { return Instant{} + seconds(1000 + s); }

TEST(ToldLevels, EachMayBeAnsweredUntilItsTimeIsOver) {
  ToldLevels levels;
  levels.told(0.3, at(5), at(0));
  levels.told(0.7, at(8), at(3));
  EXPECT_TRUE(levels.may_answer(0.3, within, at(4.9)));
  EXPECT_FALSE(levels.may_answer(0.3, within, at(5)));
  EXPECT_TRUE(levels.may_answer(0.7, within, at(7.9)));
  EXPECT_TRUE(levels.may_answer(0.7199, within, at(4)));
  EXPECT_TRUE(levels.may_answer(0.6801, within, at(4)));
  EXPECT_FALSE(levels.may_answer(0.7201, within, at(4)));
  EXPECT_FALSE(levels.may_answer(0.6799, within, at(4)));
  EXPECT_FALSE(levels.may_answer(0.5, within, at(4)));
}

TEST(ToldLevels, OfManyTheOldestAreRememberedAsARange) {
  ToldLevels levels;
  for (int i = 0; i < 17; ++i) levels.told(0.05 * i, at(10 + (i == 0 ? 5 : 0)), at(i * 0.1));
  for (int i = 0; i < 17; ++i) EXPECT_TRUE(levels.may_answer(0.05 * i, 0.001, at(9))) << i;
  EXPECT_TRUE(levels.may_answer(0.025, 0.001, at(9))) << "between the two oldest";
  EXPECT_FALSE(levels.may_answer(0.075, 0.001, at(9)));
  EXPECT_TRUE(levels.may_answer(0.0, 0.001, at(12))) << "the later end of the two";
  levels.told(0.9, at(30), at(20));
  EXPECT_FALSE(levels.may_answer(0.0, 0.001, at(20)));
}

TEST(ToldLevels, OnTheWayDownAsWell) {
  ToldLevels levels;
  for (int i = 0; i < 17; ++i) levels.told(0.9 - 0.05 * i, at(10 + i), at(i * 0.1));
  for (int i = 0; i < 17; ++i) EXPECT_TRUE(levels.may_answer(0.9 - 0.05 * i, 0.001, at(9))) << i;
  EXPECT_TRUE(levels.may_answer(0.9, 0.001, at(10.5))) << "the later end of the two";
}

}  // namespace
}  // namespace rytme::safety
