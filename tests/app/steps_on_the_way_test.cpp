// SPDX-License-Identifier: Apache-2.0
#include "controller/app/steps_on_the_way.hpp"

#include <gtest/gtest.h>

namespace rytme::app {
namespace {

TEST(StepsOnTheWay, AStepIsCarriedOutWithTheLastOfItsWrites) {
  StepsOnTheWay steps;
  steps.sent(7, {3, 0.5, 2});
  steps.sent(9, {4, 0.6, 1});
  EXPECT_FALSE(steps.carried_out(7));
  const auto step = steps.carried_out(7);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->device, 3U);
  EXPECT_EQ(step->linear, 0.5);
  EXPECT_FALSE(steps.carried_out(7)) << "once";
  EXPECT_FALSE(steps.carried_out(8)) << "nobody sent that";
  EXPECT_EQ(steps.carried_out(9)->device, 4U);
}

TEST(StepsOnTheWay, OneWhoseWriteFailedIsNeverCarriedOut) {
  StepsOnTheWay steps;
  steps.sent(7, {3, 0.5, 2});
  steps.carried_out(7);
  steps.failed(7);
  EXPECT_FALSE(steps.carried_out(7));
}

TEST(StepsOnTheWay, WhatIsNeverAnsweredIsForgottenInTheEnd) {
  StepsOnTheWay steps;
  for (std::uint64_t tag = 1; tag <= 257; ++tag) steps.sent(tag, {3, 0.5, 1});
  EXPECT_FALSE(steps.carried_out(1));
  EXPECT_TRUE(steps.carried_out(2));
  EXPECT_TRUE(steps.carried_out(257));
}

}  // namespace
}  // namespace rytme::app
