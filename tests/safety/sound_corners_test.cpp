// SPDX-License-Identifier: Apache-2.0
// Sound and tempo through the last stage where steps are small, come again, or a room asks for too much.
#include <cmath>

#include "tests/safety/sound_support.hpp"

namespace rytme::safety {
namespace {

using namespace sound_test;

TEST(LastStageSound, AStepTooFineToHearHoldsNoOtherUp) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 100), at(0));
  run(stage, 0, 20);
  Aim hair = sound({}, {}, 99.9);
  hair.tempo_glide_s = 4;
  stage.aim(hair, at(30));
  run(stage, 30, 33.9);
  stage.aim(sound({}, {}, 99), at(33.9));
  EXPECT_TRUE(stage.due(at(33.9)).empty());
  EXPECT_EQ(stage.next_wake(), at(34)) << "when the first would have arrived";
}

TEST(LastStageSound, WhatBeginsAgainBeginsOnItsBeat) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 60), at(0));
  run(stage, 0, 10);
  stage.aim(sound(false, {}), at(10.3));
  run(stage, 10.3, 11);
  stage.aim(sound(true, {}), at(12.4));
  stage.due(at(12.4));
  EXPECT_NEAR(stage.beat(at(12.65))->phase, 0.25, 1e-6);
}

TEST(LastStageSound, NoLimitOfARoomIsAboveTheCeiling) {
  SafetyLimits bold = calibrated();
  bold.sound_rise_db_per_s = 60;
  bold.tempo_bpm_per_s = 60;
  LastStage stage({player()}, bold);
  stage.aim(sound(true, 0.5, 130), at(0));
  expect_gentle_rise(only(run(stage, 0, 20), Capability::player_volume));
  stage.aim(sound({}, {}, 60), at(20));
  double before = 130;
  for (const Told& one : only(run(stage, 20, 120), Capability::player_bpm)) {
    EXPECT_LE(std::abs(one.setting.value - before), 0.01 * before + 1e-9);
    before = one.setting.value;
  }
}

}  // namespace
}  // namespace rytme::safety
