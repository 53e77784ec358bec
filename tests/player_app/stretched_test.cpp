// SPDX-License-Identifier: Apache-2.0
// Tracks at another tempo than their own, rendered: when aubio hears their beats, at which pitch, and how one
// gives way to the next.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/player/listening.hpp"
#include "tests/player_app/music_library.hpp"

namespace rytme::player_app {
namespace {

using player::between;
using player::bpm_of;
using player::furthest_off_s;

std::string bpm_wish(double bpm) { return fmt::format("bpm={:.3f}", bpm); }

double off_s(double beat, double bpm) { return furthest_off_s({beat}, bpm, 0); }

// How far 19 of 20 beats are from where they were asked for, at most; a stretcher now and then plays a stroke
// twice or at its seam.
double most_off_s(const std::vector<double>& beats, double bpm) {
  std::vector<double> off;
  for (const double beat : beats) off.push_back(off_s(beat, bpm));
  std::ranges::sort(off);
  return off[off.size() * 95 / 100];
}

class Stretched : public testing::TestWithParam<double> {};

TEST_P(Stretched, KeepsTheWantedTempoItsPlaceAndItsPitch) {
  const MusicLibrary library({{"steady", {.bpm = 80}}});
  const double bpm = library.bpm("steady") * GetParam();
  const auto file = library.rendered(45, {bpm_wish(bpm), "track=steady"});
  const auto heard = between(kicks(file, 0.65 * 60 / bpm), 8, 42);
  ASSERT_NEAR(static_cast<double>(heard.size()), 34 * bpm / 60, 1.5);
  std::printf("%.3f: %.2f BPM wanted, %+.3f %%, beats %.0f ms off at most\n", GetParam(), bpm,
              100 * (bpm_of(heard) / bpm - 1), 1000 * most_off_s(heard, bpm));
  EXPECT_NEAR(bpm_of(heard), bpm, 0.01 * bpm);
  EXPECT_LE(most_off_s(heard, bpm), 0.040);
  if (GetParam() == 1.0) return;
  constexpr double fifth_hz = 220 * 1.498;  // of the chord
  const auto sound = samples_of(file);
  for (const double at_s : {12.0, 25.0, 38.0})
    EXPECT_GT(tone_at(sound, fifth_hz, at_s, 0.2), 4 * tone_at(sound, fifth_hz * GetParam(), at_s, 0.2));
}
// A thousandth inside the ends of the range, so that three decimals of BPM do not leave it.
INSTANTIATE_TEST_SUITE_P(Speeds, Stretched, testing::Values(0.801, 0.9, 1.0, 1.07, 1.149),
                         [](const auto& one) {
                           return "Percent" + std::to_string(std::lround(one.param * 100));
                         });

TEST(Track, FollowsATempoThatCreepsWithoutAJump) {
  const MusicLibrary library({{"steady", {.bpm = 80, .seconds = 90}}});
  const auto heard = kicks(library.rendered(75, {"bpm=90", "track=steady", "20:bpm=66"}), 0.55);
  EXPECT_NEAR(bpm_of(between(heard, 8, 20)), 90, 0.9);
  EXPECT_NEAR(bpm_of(between(heard, 56, 66)), 66, 0.66);
  double steepest = 0;
  for (double t_s = 16; t_s < 60; t_s += 0.5) {
    const double before = bpm_of(between(heard, t_s - 8, t_s)), after = bpm_of(between(heard, t_s, t_s + 8));
    steepest = std::max(steepest, std::abs(after / before - 1) / 8);
  }
  std::printf("steepest %.2f %%/s\n", 100 * steepest);
  // 1 %/s, and what eight seconds of beats that are 10 ms off make of it.
  EXPECT_LE(steepest, 0.0105);
}

TEST(Track, GivesWayToTheNextByACrossfadeOfFourSecondsOnTheBeat) {
  constexpr double bpm = 84, old_hz = 220, new_hz = 523, window_s = 0.06;
  const MusicLibrary library(
      {{"first", {.bpm = 80, .root_hz = old_hz}}, {"second", {.bpm = 86, .root_hz = new_hz}}});
  const auto file = library.rendered(50, {bpm_wish(bpm), "track=first", "25:track=second"});
  const auto heard = between(kicks(file, 0.65 * 60 / bpm), 8, 49);
  EXPECT_NEAR(static_cast<double>(heard.size()), 41 * bpm / 60, 1.5);
  EXPECT_NEAR(bpm_of(heard), bpm, 0.01 * bpm);
  EXPECT_LE(most_off_s(heard, bpm), 0.040);

  const auto sound = samples_of(file);
  const auto share = [&](double hz, double at_s, double alone_s) {
    return tone_at(sound, hz, at_s, window_s) / tone_at(sound, hz, alone_s, window_s);
  };
  double began_s = 0, over_s = 0, quietest = 1;
  for (double t_s = 24; t_s < 32; t_s += 0.02) {
    const double old_share = share(old_hz, t_s, 20), new_share = share(new_hz, t_s, 45);
    const double way = std::atan2(new_share, old_share) * 2 / std::numbers::pi;
    if (way < 0.2) began_s = t_s;
    if (way < 0.8) over_s = t_s;
    quietest = std::min(quietest, std::hypot(old_share, new_share));
  }
  const double length_s = (over_s - began_s) / 0.6;
  began_s -= 0.2 * length_s;
  std::printf("from %.2f s on, %.0f ms off the beat, %.2f s long, quietest %.2f; beats %.0f ms off at most\n",
              began_s, 1000 * off_s(began_s, bpm), length_s, quietest, 1000 * most_off_s(heard, bpm));
  EXPECT_NEAR(length_s, 4, 0.2);
  EXPECT_LE(off_s(began_s, bpm), 0.1);
  EXPECT_GE(quietest, 0.7);
}

}  // namespace
}  // namespace rytme::player_app
