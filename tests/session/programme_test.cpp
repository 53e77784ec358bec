// SPDX-License-Identifier: Apache-2.0
#include "controller/session/programme.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rytme::session {
namespace {

using testing::ElementsAre;

Preset made(double minutes, std::vector<std::optional<double>> phases) {
  Preset preset;
  preset.minutes = minutes;
  for (const auto& one : phases) {
    preset.phases.emplace_back();
    preset.phases.back().minutes = one;
  }
  return preset;
}

TEST(Programme, APhaseWithoutMinutesTakesWhatIsLeft) {
  EXPECT_THAT(phase_seconds(made(15, {1, 6, std::nullopt, 2}), 45), ElementsAre(60, 360, 360, 120));
  EXPECT_THAT(phase_seconds(made(15, {std::nullopt, 1, std::nullopt, 2}), 45),
              ElementsAre(360, 60, 360, 120));
}

TEST(Programme, WhereMinutesAreShortTheCloseIsKept) {
  EXPECT_THAT(phase_seconds(made(4, {1, 6, std::nullopt, 2}), 45), ElementsAre(60, 60, 0, 120));
  EXPECT_THAT(phase_seconds(made(1, {1, 6, std::nullopt, 2}), 45), ElementsAre(0, 0, 0, 60));
}

TEST(Programme, TheRoomsLongestSessionCutsIt) {
  EXPECT_THAT(phase_seconds(made(60, {1, std::nullopt, 2}), 45), ElementsAre(60, 42 * 60, 120));
  EXPECT_TRUE(is_cut(made(60, {1}), 45));
  EXPECT_FALSE(is_cut(made(45, {1}), 45));
}

TempoTarget present() {
  TempoTarget target;
  target.from_present = true;
  target.clamp_low = 60;
  target.clamp_high = 100;
  target.otherwise = 82;
  return target;
}

TempoTarget lead(double by) {
  TempoTarget target;
  target.lead = by;
  target.clamp_low = 60;
  target.clamp_high = 120;
  return target;
}

TEST(Programme, TempoMeetsThePresentPulseOrItsDefault) {
  EXPECT_EQ(tempo_goal(present(), 90, {}, {}), 90);
  EXPECT_EQ(tempo_goal(present(), 130, {}, {}), 100);
  EXPECT_EQ(tempo_goal(present(), {}, 90, 70), 82);
}

TEST(Programme, TempoLeadsFromThePulseAtTheStart) {
  EXPECT_EQ(tempo_goal(lead(-0.35), 70, 120, 90), 80) << "78, in steps of 5";
  EXPECT_EQ(tempo_goal(lead(-0.35), 70, 80, 90), 60);
  EXPECT_EQ(tempo_goal(lead(0.2), {}, 80, 90), 95) << "96, in steps of 5";
}

TEST(Programme, WithoutAPulseItLeadsDownFromTheRunningTempoAndNeverUp) {
  EXPECT_EQ(tempo_goal(lead(-0.25), {}, {}, 100), 75);
  EXPECT_EQ(tempo_goal(lead(0.3), {}, {}, 90), 90);
  EXPECT_EQ(tempo_goal(lead(-0.25), {}, {}, {}), 80);
}

TEST(Programme, AFixedTempoIsClampedToo) {
  TempoTarget fixed;
  fixed.bpm = 40;
  fixed.clamp_low = 20;
  EXPECT_EQ(tempo_goal(fixed, 90, 90, 90), 40);
  fixed.clamp_low = 60;
  EXPECT_EQ(tempo_goal(fixed, 90, 90, 90), 60);
}

}  // namespace
}  // namespace rytme::session
