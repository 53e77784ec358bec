// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/respiration.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <numbers>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "controller/signals/beat_cleaner.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

// A minute and a half of beats with a breath of the given frequency.
Respiration breathing(double hz, double amplitude_ms, double noise_ms = 5, double mean_ms = 750) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, noise_ms);
  Respiration respiration;
  for (double t_s = 0; t_s < 90;) {
    const double rr_ms = mean_ms + amplitude_ms * std::sin(2 * std::numbers::pi * hz * t_s) + noise(random);
    t_s += rr_ms / 1000;
    respiration.add(std::llround(t_s * 1e6), rr_ms);
  }
  return respiration;
}

TEST(Respiration, FindsABreathThatStandsOut) {
  for (const double hz : {0.18, 0.25, 0.33, 0.45}) {
    const auto found = breathing(hz, 40).per_min(std::nullopt);
    ASSERT_TRUE(found) << hz;
    EXPECT_NEAR(*found, 60 * hz, 0.5);
  }
}

TEST(Respiration, UnknownWhereNothingStandsOut) {
  EXPECT_FALSE(breathing(0.25, 2, 20).per_min(std::nullopt));
  EXPECT_FALSE(breathing(0.25, 0, 20).per_min(std::nullopt));
}

TEST(Respiration, UnknownWhereItCannotBeTold) {
  EXPECT_FALSE(breathing(0.10, 40).per_min(std::nullopt)) << "the wave of blood pressure is there";
  EXPECT_FALSE(breathing(0.25, 0, 0).per_min(std::nullopt)) << "a frozen value";
  EXPECT_FALSE(Respiration().per_min(std::nullopt));
}

TEST(Respiration, NothingIsBelievedAtTheSwingAndTwiceIt) {
  auto respiration = breathing(0.40, 40);
  for (const double swing_hz : {0.375, 0.40, 0.425, 0.19, 0.20, 0.21}) {
    EXPECT_FALSE(respiration.per_min(swing_hz)) << swing_hz;
  }
  for (const double swing_hz : {0.30, 0.36, 0.44, 0.18, 0.22, 0.8}) {
    EXPECT_TRUE(respiration.per_min(swing_hz)) << swing_hz;
  }
  EXPECT_FALSE(respiration.per_min(std::numeric_limits<double>::quiet_NaN())) << "swinging, who knows how";
}

TEST(Respiration, AClockThatGoesBackBeginsAnew) {
  auto respiration = breathing(0.25, 40);
  respiration.add(5'000'000, 800);
  EXPECT_FALSE(respiration.per_min(std::nullopt));
}

// Red noise has humps too; the threshold was set on this, not on a recording.
TEST(Respiration, RedNoiseIsSeldomTakenForABreath) {
  std::mt19937 random(1);
  std::normal_distribution<double> step(0, 10);
  int answered = 0;
  constexpr int minutes = 1000;
  for (int minute = 0; minute < minutes; ++minute) {
    Respiration respiration;
    double wander = 0;
    for (double t_s = 0; t_s < 62;) {
      wander = 0.9 * wander + step(random);
      t_s += (700 + wander) / 1000;
      respiration.add(std::llround(t_s * 1e6), 700 + wander);
    }
    answered += respiration.per_min(std::nullopt) ? 1 : 0;
  }
  std::cout << "red noise taken for a breath: " << answered << " of " << minutes << " minutes\n";
  EXPECT_LE(answered, minutes / 40);
}

std::vector<double> reference_per_min() {
  std::ifstream in(test::shared("data/resp/rsp_10hz.csv"));
  std::string line;
  std::getline(in, line);
  std::vector<double> rates;
  while (std::getline(in, line)) {
    rates.push_back(std::stod(line.substr(line.rfind(',') + 1)));
  }
  return rates;
}

TEST(Respiration, BesideABeltOnARecording) {
  if (!test::shared_available()) {
    GTEST_SKIP() << "no reference data";
  }
  const auto reference = reference_per_min();
  Respiration respiration;
  BeatCleaner cleaner;
  double next_s = 60;
  int asked = 0, answered = 0;
  double worst = 0;
  for (const auto& beat : test::recorded_beats("resp/rr.csv")) {
    const auto clean = cleaner.add(beat.rr_ms, std::llround(*beat.t_s * 1e6));
    ASSERT_TRUE(clean);
    if (clean->withdraws_previous) {
      respiration.withdraw_last();
    }
    if (clean->accepted) {
      respiration.add(std::llround(*beat.t_s * 1e6), beat.rr_ms);
    }
    if (*beat.t_s < next_s) {
      continue;
    }
    next_s += 5;
    ++asked;
    if (const auto ours = respiration.per_min(std::nullopt)) {
      const auto to = std::min(reference.size(), static_cast<std::size_t>(*beat.t_s * 10));
      std::vector<double> minute(reference.begin() + static_cast<std::ptrdiff_t>(to - 600),
                                 reference.begin() + static_cast<std::ptrdiff_t>(to));
      const double belt = median_of(minute);
      std::cout << "  to " << *beat.t_s << " s: ours " << *ours << ", belt " << belt << " per min\n";
      worst = std::max(worst, std::abs(*ours - belt));
      ++answered;
    }
  }
  std::cout << "answered " << answered << " of " << asked << ", worst " << worst << " per min\n";
  EXPECT_GT(answered, 0);
  EXPECT_LE(worst, 1.0);
}

}  // namespace
}  // namespace rytme::signals
