// SPDX-License-Identifier: Apache-2.0
// Commands that come late, or never: a lamp is not where it was sent, and the next command is gentle all the
// same.
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

constexpr DeviceIndex ceiling = 3, speaker = 7;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture lamp() {
  Fixture fixture;
  fixture.device = ceiling;
  fixture.is_light = fixture.fades_itself = fixture.answers = true;
  fixture.curve = LightCurve::linear;
  return fixture;
}

Aim light_aim(double level, double glide_s = 0) {
  Aim aim;
  aim.light = LightScene{level, 0};
  aim.light_glide_s = glide_s;
  aim.origin = "preset";
  return aim;
}

struct Told {
  double level{}, seconds{};
};

Told told(const std::vector<Sent>& sent) {
  if (sent.size() != 1) return {std::numeric_limits<double>::quiet_NaN(), 0};
  return {sent[0].linear, std::chrono::duration<double>(sent[0].command.transition).count()};
}

// A lamp at full light on its way down, its first piece told at 0 s.
class OnItsWay : public testing::Test {
 protected:
  OnItsWay() : stage_({lamp()}) {
    stage_.observed_light(ceiling, 1, at(0));
    stage_.aim(light_aim(0.1, 9), at(0));
    first_ = told(stage_.due(at(0)));
  }
  void SetUp() override {
    EXPECT_NEAR(first_.level, 0.7, 1e-9);
    EXPECT_NEAR(first_.seconds, 3, 1e-9);
  }

  LastStage stage_;
  Told first_;
};

TEST_F(OnItsWay, APromptAnswerChangesNothing) {
  stage_.observed_light(ceiling, first_.level, at(0.19));
  EXPECT_EQ(stage_.next_wake(), at(3));
  EXPECT_NEAR(told(stage_.due(at(3))).level, 0.4, 1e-9);
}

TEST_F(OnItsWay, ALateAnswerPutsOffWhatFollows) {
  stage_.observed_light(ceiling, first_.level, at(1.9));
  EXPECT_EQ(stage_.next_wake(), at(4.9)) << "until then it is still on its way";
  EXPECT_NEAR(told(stage_.due(at(4.9))).seconds, 2.1, 0.11);
}

TEST_F(OnItsWay, AnAnswerAfterTwoTenthsIsLate) {
  stage_.observed_light(ceiling, first_.level, at(0.25));
  EXPECT_EQ(stage_.next_wake(), at(3.25));
}

TEST_F(OnItsWay, AnotherReportIsNoAnswer) {
  stage_.observed_light(ceiling, 0.9, at(1.9));
  EXPECT_EQ(stage_.next_wake(), at(3));
}

TEST_F(OnItsWay, WithoutAnAnswerTheNextIsGentleFromWhereItMayStillBe) {
  const Told next = told(stage_.due(at(3)));
  EXPECT_NEAR(next.level, 0.1, 1e-9) << "no place on the way is safe";
  EXPECT_GE(next.seconds, 0.9 / slew_calming_per_s);
}

TEST_F(OnItsWay, ChangedInTheMiddleAfterALateAnswerCountsBothPlaces) {
  stage_.observed_light(ceiling, first_.level, at(1));
  stage_.aim(light_aim(0.5), at(2));  // it is at 0.8, or still at 0.9
  EXPECT_NEAR(told(stage_.due(at(2))).seconds, 0.4 / slew_calming_per_s, 1e-9);
}

TEST_F(OnItsWay, ALostLampMayBeAnywhere) {
  stage_.observed_light(ceiling, first_.level, at(0.1));
  stage_.lost(speaker, at(1));
  EXPECT_EQ(stage_.next_wake(), at(3)) << "another device";
  stage_.lost(ceiling, at(2));
  EXPECT_GE(told(stage_.due(at(3))).seconds, 0.9 / slew_calming_per_s);
}

TEST_F(OnItsWay, TheAnswerToAnEarlierCommandIsNotWhereAReturnedLampIs) {
  stage_.reassert(ceiling, at(0.05));
  stage_.observed_light(ceiling, 1, at(0.05));
  stage_.reassert(ceiling, at(0.05));
  stage_.observed_light(ceiling, first_.level, at(0.08));
  const Told next = told(stage_.due(at(0.1)));
  EXPECT_NEAR(next.level, 0.1, 1e-9);
  EXPECT_GE(next.seconds, 0.9 / slew_calming_per_s) << "it may still be at full light";
}

// With the way to the broker gone the next piece is told into the void; then the broker hands on the first.
TEST_F(OnItsWay, NorIsTheAnswerToTheOneBeforeThat) {
  stage_.lost(ceiling, at(0.5));
  stage_.due(at(3));
  stage_.reassert(ceiling, at(3.6));
  stage_.observed_light(ceiling, first_.level, at(3.65));
  const Told next = told(stage_.due(at(3.7)));
  EXPECT_NEAR(next.level, 0.1, 1e-9);
  EXPECT_GE(next.seconds, 0.9 / slew_calming_per_s) << "it has only begun to leave full light";
}

// The broker keeps a command for 5 s and counts whole seconds; the fade it brings is 3 s.
TEST_F(OnItsWay, AnAnswerAsLateAsTheBrokerMayKeepACommandIsNotWhereTheLampIs) {
  const auto after_answer = [&](double s) {
    LastStage stage({lamp()});
    stage.observed_light(ceiling, 1, at(0));
    stage.aim(light_aim(0.1, 9), at(0));
    stage.due(at(0));
    stage.lost(ceiling, at(1));
    stage.reassert(ceiling, at(2));
    stage.observed_light(ceiling, first_.level, at(s));
    return told(stage.due(at(s))).seconds;
  };
  EXPECT_GE(after_answer(8.9), 0.9 / slew_calming_per_s);
  EXPECT_LT(after_answer(9.1), 0.7 / slew_calming_per_s);
}

TEST(ReturnAfterAStop, IsAsSlowAsAnyOther) {
  for (const bool asked : {false, true}) {
    LastStage stage({lamp()});
    stage.observed_light(ceiling, 0.4, at(0));
    stage.stop(at(1), "wall");
    stage.due(at(1));
    stage.observed_light(ceiling, 0.4, at(1.1));
    stage.reset(at(5));
    if (asked) stage.aim(light_aim(0.4), at(20));
    stage.due(at(20));
    stage.observed_light(ceiling, 1, at(30));
    stage.reassert(ceiling, at(30));
    EXPECT_GE(told(stage.due(at(30))).seconds, 0.6 / slew_calming_per_s) << asked;
  }
}

TEST(LateTempo, KeepsItsDistanceToTheNextStep) {
  Fixture player;
  player.device = speaker;
  player.is_player = true;
  LastStage stage({player});
  Aim aim;
  aim.play = true;
  aim.volume = 0.2;
  aim.tempo_bpm = 100;
  aim.origin = "preset";
  stage.aim(aim, at(0));
  for (double s = 0; s < 10; s += 0.1) stage.due(at(s));
  aim.tempo_bpm = 60;
  stage.aim(aim, at(10));
  EXPECT_EQ(stage.due(at(10)).size(), 1U);
  stage.came_late(ceiling, at(10.5));
  EXPECT_EQ(stage.next_wake(), at(11)) << "another device";
  stage.came_late(speaker, at(10.9));
  EXPECT_EQ(stage.next_wake(), at(11.9));
  EXPECT_TRUE(stage.due(at(11.8)).empty());
  EXPECT_EQ(stage.due(at(11.9)).size(), 1U);
}

}  // namespace
}  // namespace rytme::safety
