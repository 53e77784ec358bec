// SPDX-License-Identifier: Apache-2.0
#include "controller/player/volume_fader.hpp"

#include <gtest/gtest.h>

#include "controller/player/frame.hpp"

namespace rytme::player {
namespace {

double after(VolumeFader& fader, double seconds) {
  const auto frames = static_cast<int>(seconds * sample_rate);
  for (int i = 0; i < frames; ++i) fader.next();
  return fader.now();
}

TEST(VolumeFader, BeginsQuietAndTakesThreeSecondsAtLeast) {
  for (const double wanted : {1.0, 0.1, 0.02}) {
    VolumeFader fader;
    fader.aim(wanted);
    EXPECT_NEAR(after(fader, 0.011), quiet, quiet * 0.01);
    EXPECT_LT(after(fader, 2.9), wanted);
    const double way_s = std::max(3.0, (decibels_of(wanted) + 40) / 6);
    EXPECT_EQ(after(fader, way_s - 2.9), wanted);
  }
}

TEST(VolumeFader, FollowsTheStepsOfAControllerThatFadesInItself) {
  VolumeFader fader;
  double wanted = quiet;
  for (int step = 0; step < 30; ++step) {
    fader.aim(wanted);
    EXPECT_EQ(after(fader, 0.2), wanted);
    wanted *= amplitude_of(1.2);
  }
}

TEST(VolumeFader, FallsWithinATenthOfASecondWithoutAStep) {
  VolumeFader fader;
  fader.aim(1);
  after(fader, 10);
  fader.aim(0);
  double before = fader.now();
  for (int i = 0; i < sample_rate / 10; ++i) {
    const double now = fader.next();
    EXPECT_LE(before - now, 0.00022);
    before = now;
  }
  EXPECT_TRUE(fader.silent());
}

}  // namespace
}  // namespace rytme::player
