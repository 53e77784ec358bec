// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/backoff.hpp"

#include <gtest/gtest.h>

namespace rytme::mqtt {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToItsMaximumAndBeginsAnew) {
  Backoff backoff(100ms, 1500ms);
  EXPECT_EQ(backoff.next(0), 100ms);
  EXPECT_EQ(backoff.next(0), 200ms);
  EXPECT_EQ(backoff.next(0), 400ms);
  EXPECT_EQ(backoff.next(0), 800ms);
  EXPECT_EQ(backoff.next(0), 1500ms);
  EXPECT_EQ(backoff.next(0), 1500ms);
  backoff.reset();
  EXPECT_EQ(backoff.next(0), 100ms);
}

TEST(Backoff, RandomTakesOffAtMostHalf) {
  for (const double random : {0.0, 0.3, 0.7, 0.999}) {
    Backoff backoff(1000ms, 1000ms);
    const auto wait = backoff.next(random);
    EXPECT_GE(wait, 500ms);
    EXPECT_LE(wait, 1000ms);
  }
  Backoff early(1000ms, 1000ms), late(1000ms, 1000ms);
  EXPECT_LT(early.next(0.9), late.next(0.1));
}

TEST(Backoff, NeverWaitsForNothing) {
  Backoff backoff(0ms, 0ms);
  EXPECT_GT(backoff.next(0), 0ms);
}

}  // namespace
}  // namespace rytme::mqtt
