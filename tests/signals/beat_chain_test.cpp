// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/beat_chain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace rytme::signals {
namespace {

using Link = BeatChain::Link;
constexpr std::int64_t second = 1'000'000;

// A chain of regular beats at rr_ms that has run for a while, and when its next beat is due.
struct Running {
  explicit Running(double rr_ms, std::int64_t start_us = 0) : next_us(start_us) {
    for (int i = 0; i < 10; ++i) {
      chain.add(rr_ms, next_us);
      next_us += std::llround(rr_ms * 1e3);
    }
  }
  BeatChain chain;
  std::int64_t next_us;
};

TEST(BeatChain, FirstBeatBeginsAtItsArrival) {
  BeatChain chain;
  EXPECT_EQ(chain.add(800, 5 * second), Link::begins);
  EXPECT_EQ(chain.beat_us(), 5 * second);
  EXPECT_EQ(chain.add(800, 5 * second + 800'000), Link::continues);
  EXPECT_EQ(chain.beat_us(), 5 * second + 800'000);
}

TEST(BeatChain, GapIsMoreThanOneAndAHalfSeconds) {
  Running late(700);
  EXPECT_EQ(late.chain.add(700, late.next_us + 1'490'000), Link::continues);
  Running later(700);
  EXPECT_EQ(later.chain.add(700, later.next_us + 1'510'000), Link::gap);
  EXPECT_EQ(later.chain.beat_us(), later.next_us + 1'510'000) << "begins anew at the arrival";
}

TEST(BeatChain, GapIsMoreThanTwoIntervalsOfASlowHeart) {
  Running late(1200);
  EXPECT_EQ(late.chain.add(1200, late.next_us + 2'390'000), Link::continues);
  Running later(1200);
  EXPECT_EQ(later.chain.add(1200, later.next_us + 2'410'000), Link::gap);
}

TEST(BeatChain, ArrivalFarTooEarlyIsAGapToo) {
  Running early(700);
  EXPECT_EQ(early.chain.add(700, early.next_us - 1'600'000), Link::gap);
}

TEST(BeatChain, JitterOfArrivalHardlyMovesTheBeats) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> jitter_us(-400'000, 400'000);
  BeatChain chain;
  double worst_us = 0;
  for (int i = 0; i < 2000; ++i) {
    const double truth_us = 800'000.0 * i;
    ASSERT_NE(chain.add(800, std::llround(truth_us + jitter_us(random))), Link::gap);
    if (i > 100) {
      worst_us = std::max(worst_us, std::abs(static_cast<double>(chain.beat_us()) - truth_us));
    }
  }
  EXPECT_LT(worst_us, 150'000);
}

TEST(BeatChain, FollowsAClockThatRunsDifferently) {
  BeatChain chain;  // the strap's RR are 0.5 % short of its own clock
  for (int i = 0; i < 4500; ++i) {
    ASSERT_NE(chain.add(796, 800'000LL * i), Link::gap) << i;
  }
  EXPECT_NEAR(static_cast<double>(chain.beat_us()), 800'000.0 * 4499, 100'000);
}

TEST(BeatChain, WithoutArrivalThereAreNoGaps) {
  BeatChain chain;
  EXPECT_EQ(chain.add(800, {}), Link::begins);
  EXPECT_EQ(chain.add(30'000, {}), Link::continues);
  EXPECT_EQ(chain.beat_us(), 30'800'000);
}

TEST(BeatChain, InterruptedChainBeginsAnew) {
  Running running(800);
  running.chain.interrupt();
  EXPECT_EQ(running.chain.add(800, running.next_us), Link::begins);
}

TEST(BeatChain, SameBeatsGiveTheSameTimesWhereverTheClockBegan) {
  constexpr std::int64_t far_us = 987'654'321'012'345;
  Running near(801.3);
  Running far(801.3, far_us);
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t arrival = near.next_us + i * 801'000LL + (i % 7) * 31'000LL;
    EXPECT_EQ(near.chain.add(801.3, arrival), far.chain.add(801.3, far_us + arrival));
    ASSERT_EQ(near.chain.beat_us() + far_us, far.chain.beat_us());
  }
}

TEST(BeatChain, AbsurdArrivalCountsAsNotKnown) {
  Running running(800);
  EXPECT_EQ(running.chain.add(800, std::numeric_limits<std::int64_t>::max()), Link::continues);
  EXPECT_EQ(running.chain.add(800, std::numeric_limits<std::int64_t>::min()), Link::continues);
}

}  // namespace
}  // namespace rytme::signals
