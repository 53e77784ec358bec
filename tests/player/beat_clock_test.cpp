// SPDX-License-Identifier: Apache-2.0
#include "controller/player/beat_clock.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "controller/player/frame.hpp"

namespace rytme::player {
namespace {

BeatClock at(double bpm) {
  BeatClock clock;
  clock.aim(bpm);
  clock.restart();
  return clock;
}

std::vector<double> beats(BeatClock& clock, double seconds) {
  std::vector<double> out;
  const auto frames = static_cast<int>(seconds * sample_rate);
  for (int i = 0; i < frames; ++i)
    if (clock.step()) out.push_back(static_cast<double>(i) / sample_rate);
  return out;
}

TEST(BeatClock, BeginsWithABeatAndKeepsTimeToTheFrame) {
  auto clock = at(77.7);
  const auto heard = beats(clock, 600);
  ASSERT_EQ(heard.size(), 777U);
  EXPECT_EQ(heard.front(), 0);
  for (std::size_t i = 0; i < heard.size(); ++i)
    EXPECT_NEAR(heard[i], static_cast<double>(i) * 60 / 77.7, 1.01 / sample_rate);
}

TEST(BeatClock, NoTempoOutside20To140) {
  EXPECT_EQ(at(5).bpm(), 20);
  EXPECT_EQ(at(500).bpm(), 140);
}

TEST(BeatClock, CreepsByTwoBpmAndOnePercentASecondAtMost) {
  for (const auto& [from, to] : {std::pair{100.0, 60.0}, {20.0, 140.0}, {140.0, 20.0}}) {
    auto clock = at(from);
    clock.aim(to);
    int seconds = 0;
    while (clock.bpm() != to && seconds < 300) {
      const double before = clock.bpm();
      beats(clock, 1);
      ++seconds;
      EXPECT_LE(std::abs(clock.bpm() - before), 2.0);
      EXPECT_LE(std::abs(clock.bpm() / before - 1), 0.01);
    }
    // No slower than it must be either: ln(to/from) / 1 %.
    EXPECT_NEAR(seconds, std::abs(std::log(to / from)) / 0.01, 5);
  }
}

TEST(BeatClock, FindsAnothersBeatFromAnywhereWithoutHurry) {
  for (double start = 0.05; start < 1; start += 0.1) {
    auto clock = at(42);
    beats(clock, 1);
    double other = clock.phase() + start;
    for (int tenth = 0; tenth < 600; ++tenth) {
      clock.follow(other);
      const double before = clock.bpm();
      beats(clock, 0.1);
      other += 42.0 / 60 / 10;
      EXPECT_LE(std::abs(clock.bpm() / before - 1), 0.00101);
    }
    const double error = other - clock.phase();
    EXPECT_NEAR(error - std::round(error), 0, 0.002) << start;
    EXPECT_NEAR(clock.bpm(), 42, 0.05);
  }
}

TEST(BeatClock, LeavesABeatThatIsNotToldAnyMore) {
  auto clock = at(60);
  beats(clock, 0.3);
  clock.follow(clock.phase() + 0.4);
  beats(clock, 3);
  EXPECT_GT(std::abs(clock.bpm() - 60), 0.5);
  beats(clock, 12);
  EXPECT_EQ(clock.bpm(), 60);
}

TEST(BeatClock, WhatIsNoticedAheadIsForeseenAndThenDone) {
  auto clock = at(100);
  clock.aim(90, 1.4);
  beats(clock, 1);
  clock.aim(60, 1.4);  // meanwhile; and what comes without notice waits its turn
  clock.aim(110);
  std::vector<double> foreseen;
  for (int tenth = 0; tenth < 40; ++tenth) {
    foreseen.push_back(clock.bpm_in(1.4));
    if (tenth >= 14) {
      EXPECT_NEAR(clock.bpm(), foreseen[static_cast<std::size_t>(tenth - 14)], 0.02) << tenth;
    }
    if (tenth == 3) {
      EXPECT_EQ(clock.bpm(), 100);
    } else if (tenth == 5) {
      EXPECT_LT(clock.bpm(), 100);
    } else if (tenth == 16) {
      EXPECT_GT(clock.bpm_in(1), clock.bpm());
    }
    beats(clock, 0.1);
  }
}

TEST(BeatClock, AFloodOfWishesKeepsTheLast) {
  auto clock = at(100);
  for (int i = 0; i < 1000; ++i) clock.aim(90 - i * 0.01, 1);
  beats(clock, 60);
  EXPECT_NEAR(clock.bpm(), 80.01, 1e-6);
}

TEST(BeatClock, UnheardNothingIsWaitedFor) {
  auto clock = at(100);
  clock.aim(60, 1.4);
  clock.restart();
  EXPECT_EQ(clock.bpm(), 60);
  beats(clock, 3);
  EXPECT_EQ(clock.bpm(), 60);
}

TEST(BeatClock, UnheardItIsThereAtOnce) {
  auto clock = at(60);
  beats(clock, 0.3);
  clock.aim(30);
  clock.follow_at_once(0.75);
  const auto heard = beats(clock, 1);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_NEAR(heard[0], 0.5, 0.001);
}

}  // namespace
}  // namespace rytme::player
