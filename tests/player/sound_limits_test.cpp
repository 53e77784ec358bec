// SPDX-License-Identifier: Apache-2.0
#include "controller/player/sound_limits.hpp"

#include <functional>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace rytme::player {
namespace {

constexpr double cap_dbfs = -12;

// What goes in at time t, on both sides; what comes out, a block at a time.
std::vector<Block> through(double seconds, const std::function<double(double)>& sample) {
  SoundLimits limits(cap_dbfs);
  std::vector<Block> out;
  double t_s = 0;
  while (t_s < seconds) {
    Block block;
    for (auto& frame : block) {
      frame.left = frame.right = static_cast<float>(sample(t_s));
      t_s += 1.0 / sample_rate;
    }
    limits.process(block);
    out.push_back(block);
  }
  return out;
}

double peak(const Block& block) {
  double highest = 0;
  for (const auto& frame : block) highest = std::max(highest, std::abs(double{frame.left}));
  return highest;
}

double sine(double hz, double t_s) { return std::sin(2 * std::numbers::pi * hz * t_s); }

TEST(SoundLimits, NothingUnder25Hertz) {
  const auto level = [](double hz) {
    double highest = 0;
    const auto out = through(6, [&](double t_s) { return 0.002 * sine(hz, t_s); });
    for (auto block = out.end() - 200; block != out.end(); ++block) highest = std::max(highest, peak(*block));
    return decibels_of(highest / 0.002);
  };
  EXPECT_NEAR(level(25), -3, 0.2);
  EXPECT_LT(level(12.5), -23);
  EXPECT_LT(level(5), -55);
  EXPECT_NEAR(level(60), 0, 0.2);
}

// A sine whose samples miss its tops by 3 dB: the cap is of what the loudspeaker makes of it.
TEST(SoundLimits, CapsThePeaksBetweenTheSamples) {
  const auto out = through(12, [](double t_s) {
    return std::sin(2 * std::numbers::pi * sample_rate / 4 * t_s + std::numbers::pi / 4);
  });
  // The meter's twelve samples say up to 0.2 dB too much here.
  EXPECT_NEAR(decibels_of(peak(out.back())), cap_dbfs - 3.01 - 0.1, 0.15);
}

TEST(SoundLimits, WhatIsQuietPassesAsItIs) {
  const auto out = through(1, [](double t_s) { return 0.002 * sine(440, t_s); });
  const auto at = SoundLimits::delay_frames + 40000;
  const double t_s = 40000.0 / sample_rate;
  // Up to what the high-pass turns at 440 Hz.
  EXPECT_NEAR(out[at / block_frames][at % block_frames].left, 0.002 * sine(440, t_s), 0.0004);
}

TEST(SoundLimits, NoNumberThatIsNoneComesOut) {
  const auto out = through(1, [](double t_s) {
    return t_s < 0.5 ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
  });
  for (const auto& block : out) EXPECT_EQ(peak(block), 0);
}

// Bursts of any loudness, length and pause: over every way from one moment to a later one within 4 s the
// level has risen by at most 6 dB/s, from what was heard or from the beginning of all sound.
TEST(SoundLimits, WhateverComesItRisesSixDecibelsASecondAtMost) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> share(0, 1);
  double until_s = 0, loudness = 0, wanted = 0, hz = 100, turns = 0;
  const auto out = through(60, [&](double t_s) {
    if (t_s >= until_s) {
      until_s = t_s + (share(random) < 0.2 ? 5 : share(random));
      wanted = share(random) < 0.3 ? 0 : amplitude_of(-60 + 66 * share(random));
      hz = 40 + 2000 * share(random);
    }
    // Soft at the edges, so that the samples show the peaks of what the loudspeaker makes of them.
    loudness += (wanted - loudness) * 0.02;
    turns += hz / sample_rate;
    return loudness * sine(1, turns);
  });
  std::vector<double> level_db;
  for (const auto& block : out) level_db.push_back(decibels_of(peak(block)));
  double highest = -200;
  for (std::size_t i = 0; i < level_db.size(); ++i) {
    double may = cap_dbfs - 40;
    for (std::size_t before = i > 800 ? i - 800 : 0; before < i; ++before)
      may = std::max(may, level_db[before] + rise_db_per_s * block_s * static_cast<double>(i - before));
    EXPECT_LE(level_db[i], may + 0.3) << static_cast<double>(i) * block_s;
    EXPECT_LE(level_db[i], cap_dbfs + 0.01);
    highest = std::max(highest, level_db[i]);
  }
  EXPECT_GT(highest, cap_dbfs - 3);  // and it does come up
}

TEST(SoundLimits, GainIsAStraightLineNeverAStep) {
  const auto out = through(10, [](double t_s) { return (t_s < 8 ? 0.2 : 1.0) * sine(200, t_s); });
  const double steepest = 0.26 * 2 * std::numbers::pi * 200 / sample_rate;  // of the capped sine
  float before = 0;
  for (const auto& block : out)
    for (const auto& frame : block) {
      EXPECT_LE(std::abs(frame.left - before), steepest);
      before = frame.left;
    }
}

}  // namespace
}  // namespace rytme::player
