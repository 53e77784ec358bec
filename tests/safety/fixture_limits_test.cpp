// SPDX-License-Identifier: Apache-2.0
// What a profile's [limits] ask of one light, below what is allowed for all.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture lamp() {
  Fixture fixture;
  fixture.device = 3;
  fixture.is_light = fixture.fades_itself = true;
  fixture.curve = LightCurve::linear;
  return fixture;
}

Aim light_aim(double level, Direction direction = Direction::down) {
  Aim aim;
  aim.direction = direction;
  aim.light = LightScene{level, 0};
  aim.origin = "preset";
  return aim;
}

// Brightest linear light that is sent, and how fast it is got to, over 20 s from the dark.
TEST(FixtureLimits, AFixturesOwnLimitsHold) {
  Fixture limited = lamp();
  limited.level_max = 0.5;
  limited.slew_per_s = 0.05;
  LastStage stage({limited});
  stage.observed_light(3, 0.0, at(0));
  stage.aim(light_aim(1.0, Direction::up), at(1));
  double last = 0, brightest = 0, fastest = 0;
  for (double s = 1; s < 21; s += 0.1) {
    for (const Sent& sent : stage.due(at(s))) {
      const double fade_s = std::chrono::duration<double>(sent.command.transition).count();
      fastest = std::max(fastest, std::abs(sent.linear - last) / fade_s);
      brightest = std::max(brightest, sent.linear);
      last = sent.linear;
    }
  }
  EXPECT_NEAR(brightest, 0.5, 1e-9);
  EXPECT_GT(fastest, 0.04);
  EXPECT_LE(fastest, 0.05 + 1e-6);
}

TEST(FixtureLimits, AnAimIsKeptForItsDwellButAStopDoesNotWait) {
  Fixture slow = lamp();
  slow.min_dwell = std::chrono::milliseconds(3000);
  LastStage stage({slow});
  stage.observed_light(3, 0.2, at(0));
  stage.aim(light_aim(0.3), at(1));
  EXPECT_EQ(stage.due(at(1)).size(), 1U);
  stage.aim(light_aim(0.2), at(2));
  EXPECT_TRUE(stage.due(at(3.9)).empty());
  EXPECT_EQ(stage.due(at(4.1)).size(), 1U);
  stage.aim(light_aim(0.3), at(4.2));
  stage.stop(at(4.3), "test");
  EXPECT_EQ(stage.due(at(4.3)).size(), 1U);
}

TEST(FixtureLimits, ALightThatIsAimedOftenerThanItsDwellStillMoves) {
  Fixture slow = lamp();
  slow.min_dwell = std::chrono::milliseconds(10000);
  LastStage stage({slow});
  stage.observed_light(3, 0.2, at(0));
  std::size_t sent = 0;
  for (int s = 1; s <= 61; s += 2) {
    stage.aim(light_aim(s % 4 == 1 ? 0.3 : 0.2), at(s));
    for (const double later : {0.0, 1.0}) sent += stage.due(at(s + later)).size();
  }
  EXPECT_EQ(sent, 7U) << "every 10 s, whatever is aimed at then";
}

}  // namespace
}  // namespace rytme::safety
