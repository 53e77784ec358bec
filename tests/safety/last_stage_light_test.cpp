// SPDX-License-Identifier: Apache-2.0
// Light through the last stage, seen as a lamp and an eye would.
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"
#include "tests/support/flash_analyser.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture lamp(LightCurve curve = LightCurve::gamma22, bool fades = true) {
  Fixture fixture;
  fixture.device = 3;
  fixture.is_light = fixture.has_cct = true;
  fixture.fades_itself = fades;
  fixture.curve = curve;
  return fixture;
}

Aim light_aim(double level, double glide_s = 0, Direction direction = Direction::down) {
  Aim aim;
  aim.direction = direction;
  aim.light = LightScene{level, 0};
  aim.light_glide_s = glide_s;
  aim.origin = "preset";
  return aim;
}

double setting(const Sent& sent, Capability capability) {
  for (const Setting& one : sent.command.settings)
    if (one.capability == capability) return one.value;
  return std::numeric_limits<double>::quiet_NaN();
}

struct Timed {
  double t_s{};
  Sent sent;
};

// Runs the stage to the end of what is due, as the app's timer does.
std::vector<Timed> run(LastStage& stage, double from_s, double until_s) {
  std::vector<Timed> out;
  for (Instant now = at(from_s); now <= at(until_s);
       now = std::max(now + milliseconds{1}, stage.next_wake())) {
    for (Sent& sent : stage.due(now)) out.push_back({seconds_between(at(0), now), std::move(sent)});
    if (stage.next_wake() == Instant::max()) break;
  }
  return out;
}

test::LightTrace trace_of(const std::vector<Timed>& commands, LightCurve curve, double first_linear,
                          double until_s) {
  std::vector<test::LightCommandSeen> seen;
  for (const Timed& one : commands)
    seen.push_back({one.t_s, setting(one.sent, Capability::light_level),
                    std::chrono::duration<double>(one.sent.command.transition).count()});
  const auto linear = [curve](double level) { return linear_from_level(curve, level); };
  return test::trace_of(seen, linear, level_from_linear(curve, first_linear), until_s);
}

TEST(LastStageLight, SendsTheDevicesLevelWithTransitionExpiryAndOrigin) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(light_aim(0.36), at(0));
  EXPECT_EQ(stage.next_wake(), at(0));
  const auto sent = stage.due(at(0));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].command.device, 3);
  EXPECT_NEAR(setting(sent[0], Capability::light_level), level_from_linear(LightCurve::gamma22, 0.36), 1e-12);
  EXPECT_NEAR(sent[0].linear, 0.36, 1e-12);
  EXPECT_GE(sent[0].command.transition, milliseconds{200});
  EXPECT_LE(sent[0].command.transition, milliseconds{400});
  EXPECT_EQ(sent[0].command.expires, at(5));
  EXPECT_EQ(sent[0].command.generation, stage.generation());
  EXPECT_NE(stage.generation(), 0U);
  EXPECT_EQ(sent[0].command.origin, "preset");
  EXPECT_EQ(stage.next_wake(), Instant::max());
  EXPECT_TRUE(stage.due(at(1)).empty());
}

TEST(LastStageLight, TheSlewHoldsForEveryCurveAndDirection) {
  for (const LightCurve curve : {LightCurve::linear, LightCurve::gamma22, LightCurve::dali}) {
    for (const auto& [direction, slew] : {std::pair{Direction::down, 0.2}, std::pair{Direction::up, 0.3}}) {
      LastStage stage({lamp(curve)});
      stage.observed_light(3, 1.0, at(0));
      stage.aim(light_aim(0.1, 0, direction), at(0));
      auto commands = run(stage, 0, 60);
      stage.aim(light_aim(0.9, 0, direction), at(60));
      for (Timed& one : run(stage, 60, 120)) commands.push_back(std::move(one));
      const auto report = test::analyse_light(trace_of(commands, curve, 1.0, 120));
      EXPECT_LE(report.slew_per_s, slew * 1.001) << name_of(curve);
      EXPECT_GE(report.slew_per_s, slew * 0.5) << name_of(curve) << ": needlessly slow";
      EXPECT_NEAR(stage.light_of(3, at(120)), 0.9, 1e-6) << name_of(curve);
    }
  }
}

TEST(LastStageLight, LongGlidesAreCutIntoShortCommandsAndArriveInTime) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(light_aim(0.15, 60), at(0));
  auto commands = run(stage, 0, 30);
  EXPECT_NEAR(stage.light_of(3, at(30)), 0.275, 0.01);  // straight in linear light
  for (Timed& one : run(stage, 30.001, 55)) commands.push_back(std::move(one));
  EXPECT_GT(stage.light_of(3, at(55)), 0.16);
  for (Timed& one : run(stage, 55.001, 200)) commands.push_back(std::move(one));
  EXPECT_NEAR(stage.light_of(3, at(61)), 0.15, 1e-6);
  ASSERT_GE(commands.size(), 15U);
  for (const Timed& one : commands) {
    EXPECT_GE(one.sent.command.transition, milliseconds{2000});
    EXPECT_LE(one.sent.command.transition, milliseconds{4000});
  }
}

TEST(LastStageLight, ANewAimInMidFadeStartsFromWhereTheLightIs) {
  LastStage stage({lamp(LightCurve::linear)});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(light_aim(1.0), at(0));
  auto commands = run(stage, 0, 1);
  EXPECT_NEAR(stage.light_of(3, at(1)), 0.6, 0.01);
  stage.aim(light_aim(0.4), at(1));
  for (Timed& one : run(stage, 1, 10)) commands.push_back(std::move(one));
  EXPECT_GE(commands.back().sent.command.transition, milliseconds{1000});
  EXPECT_LE(test::analyse_light(trace_of(commands, LightCurve::linear, 0.4, 10)).slew_per_s, 0.2001);
}

TEST(LastStageLight, AnUnknownLampMayBeAnywhere) {
  for (const LightCurve curve : {LightCurve::linear, LightCurve::gamma22, LightCurve::dali}) {
    for (const double really : {0.0, 0.2, 0.4, 1.0}) {
      LastStage stage({lamp(curve)});
      stage.aim(light_aim(0.35, 1), at(0));
      stage.aim(light_aim(0.35, 1), at(0.01));
      auto commands = run(stage, 0.01, 1.0);
      ASSERT_EQ(commands.size(), 1U);
      stage.aim(light_aim(0.6, 0), at(1.0));  // in the middle of it
      for (Timed& one : run(stage, 1, 60)) commands.push_back(std::move(one));
      EXPECT_LE(test::analyse_light(trace_of(commands, curve, really, 60)).slew_per_s, 0.2001)
          << name_of(curve) << really;
    }
  }
}

TEST(LastStageLight, AReportThatContradictsIsBelievedAndDoubted) {
  for (const double really : {0.1, 0.8}) {
    LastStage stage({lamp()});
    stage.observed_light(3, 0.8, at(0));
    stage.aim(light_aim(0.1), at(0));
    run(stage, 0, 20);
    stage.observed_light(3, 0.8, at(30));
    stage.aim(light_aim(0.5), at(31));
    EXPECT_LE(test::analyse_light(trace_of(run(stage, 31, 60), LightCurve::gamma22, really, 60)).slew_per_s,
              0.2001);
  }
}

TEST(LastStageLight, EchoesInMidFadeAreNotTakenForTheLight) {
  LastStage stage({lamp()});
  stage.observed_light(3, 1.0, at(0));
  stage.aim(light_aim(0.2), at(0));
  stage.due(at(0));
  const double before = stage.light_of(3, at(0.5));
  stage.observed_light(3, 0.2, at(0.5));  // says its target at once
  EXPECT_EQ(stage.light_of(3, at(0.5)), before);
}

TEST(LastStageLight, WithoutAnOwnFadeItTakesSmallSteps) {
  LastStage stage({lamp(LightCurve::dali, false)});
  stage.observed_light(3, 0.9, at(0));
  stage.aim(light_aim(0.1), at(0));
  const auto commands = run(stage, 0, 30);
  double before = 0.9;
  double last_s = -1;
  for (const Timed& one : commands) {
    EXPECT_EQ(one.sent.command.transition, milliseconds{0});
    EXPECT_LE(std::abs(one.sent.linear - before), 0.02 + 1e-9);
    EXPECT_GE(one.t_s - last_s, 0.1 - 1e-9);
    before = one.sent.linear;
    last_s = one.t_s;
  }
  EXPECT_NEAR(before, 0.1, 1e-9);
  EXPECT_LE(last_s, 4.2);
}

TEST(LastStageLight, ALateTimerEarnsNoLargerStep) {
  LastStage stage({lamp(LightCurve::linear, false)});
  stage.observed_light(3, 0.9, at(0));
  stage.aim(light_aim(0.1), at(0));
  stage.due(at(0));
  const auto late = stage.due(at(3600));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_NEAR(late[0].linear, 0.86, 1e-9);
}

TEST(LastStageLight, ColourComesAlongNoFasterThan500KPerS) {
  LastStage stage({lamp()});  // its safe light is 3500 K
  stage.observed_light(3, 0.4, at(0));
  Aim aim = light_aim(0.4);
  aim.light->cct_k = 6500;
  stage.aim(aim, at(0));
  double before = 3500;
  double last_k = 0;
  for (const Timed& one : run(stage, 0, 30)) {
    last_k = setting(one.sent, Capability::light_cct_k);
    const double seconds = std::chrono::duration<double>(one.sent.command.transition).count();
    EXPECT_LE(std::abs(last_k - before), 500 * seconds + 1e-6);
    before = last_k;
  }
  EXPECT_EQ(last_k, 6500);
}

TEST(LastStageLight, WhatIsNoNumberIsIgnored) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.4, at(0));
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), -0.1, 1.1, 1e300}) {
    stage.aim(light_aim(bad), at(0));
    stage.observed_light(3, bad, at(0));
    EXPECT_EQ(stage.next_wake(), Instant::max()) << bad;
  }
  stage.aim(light_aim(0.39, std::nan("")), at(1));  // a glide that is no number is none
  ASSERT_EQ(stage.due(at(1)).size(), 1U);
  EXPECT_NEAR(stage.light_of(3, at(3)), 0.39, 1e-9);
}

class Stop : public testing::TestWithParam<std::tuple<LightCurve, bool, double>> {};

TEST_P(Stop, OneRampToSafeLightThatBeginsAtOnce) {
  const auto [curve, fades, first] = GetParam();
  LastStage stage({lamp(curve, fades)});
  stage.observed_light(3, first, at(0));
  stage.aim(light_aim(0.9, 100), at(0));
  const auto before = stage.generation();
  EXPECT_EQ(stage.stop(at(0), "http:tablet-1"), before + 1);
  EXPECT_TRUE(stage.latched());
  EXPECT_EQ(stage.next_wake(), at(0));
  const auto commands = run(stage, 0, 60);
  ASSERT_FALSE(commands.empty());
  EXPECT_EQ(commands.front().t_s, 0);
  if (fades) {
    EXPECT_EQ(commands.size(), 1U);
  }
  for (const Timed& one : commands) {
    EXPECT_EQ(one.sent.command.generation, before + 1);
    EXPECT_EQ(one.sent.command.origin, "http:tablet-1");
  }
  const auto report = test::analyse_light(trace_of(commands, curve, first, 60));
  const double end_s =
      commands.back().t_s + std::chrono::duration<double>(commands.back().sent.command.transition).count();
  EXPECT_NEAR(stage.light_of(3, at(end_s)), 0.4, 1e-9);
  EXPECT_LE(fades ? report.slew_per_s : report.largest_step / 0.1, fades ? 0.6001 : 0.3001);
  const bool needs_longer =
      curve == LightCurve::dali && fades && first < 0.4;  // 0.60/s asks for more than 2.7 s
  EXPECT_LE(end_s, needs_longer ? 4.1 : 2.7001);
  EXPECT_GE(end_s, fades ? 2.0 : 1.85);
}

INSTANTIATE_TEST_SUITE_P(Lamps, Stop,
                         testing::Combine(testing::Values(LightCurve::linear, LightCurve::gamma22,
                                                          LightCurve::dali),
                                          testing::Bool(), testing::Values(0.0, 0.05, 0.38, 0.7, 1.0)));

TEST(LastStageLight, AfterAStopNothingElseGoesOutUntilReset) {
  LastStage stage({lamp()});
  stage.observed_light(3, 1.0, at(0));
  stage.stop(at(0), "stop");
  stage.due(at(0));
  stage.aim(light_aim(0.9), at(1));
  EXPECT_EQ(stage.next_wake(), Instant::max());
  EXPECT_TRUE(stage.due(at(5)).empty());
  stage.reset(at(6));
  EXPECT_FALSE(stage.latched());
  EXPECT_TRUE(stage.due(at(6)).empty()) << "nothing resumes by itself";
  stage.aim(light_aim(0.5), at(7));
  EXPECT_EQ(stage.due(at(7)).size(), 1U);
}

TEST(LastStageLight, ASecondStopTellsASteppedLightAtOnceWhereItIsAndTheRampGoesOn) {
  LastStage stage({lamp(LightCurve::gamma22, false)});
  stage.observed_light(3, 0.9, at(0));
  stage.stop(at(0), "stop");
  const auto before = run(stage, 0, 0.5);
  stage.stop(at(0.55), "stop");
  EXPECT_LE(stage.next_wake(), at(0.55));
  const auto again = stage.due(at(0.55));
  ASSERT_EQ(again.size(), 1U) << "not with the next step";
  EXPECT_EQ(setting(again[0], Capability::light_level), setting(before.back().sent, Capability::light_level));
  EXPECT_TRUE(stage.due(at(0.56)).empty());
  const auto after = run(stage, 0.56, 5);
  ASSERT_FALSE(after.empty());
  EXPECT_LT(setting(after.front().sent, Capability::light_level), setting(again[0], Capability::light_level));
  EXPECT_NEAR(after.back().t_s, 2.0, 0.2) << "the ramp began anew";
}

TEST(LastStageLight, ASecondStopRepeatsWithoutRestarting) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.9, at(0));
  const auto generation = stage.stop(at(0), "stop");
  const auto first = stage.due(at(0));
  const double end_s = std::chrono::duration<double>(first[0].command.transition).count();
  EXPECT_EQ(stage.stop(at(0.5), "stop"), generation);
  const auto again = stage.due(at(0.5));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].command.settings[0].value, first[0].command.settings[0].value);
  EXPECT_NEAR(0.5 + std::chrono::duration<double>(again[0].command.transition).count(), end_s, 0.11);
  // Long after, for a lamp that missed it: the same gentle ramp once more.
  stage.stop(at(30), "stop");
  const auto late = stage.due(at(30));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_GE(late[0].command.transition, milliseconds{2000});
  EXPECT_LE(test::analyse_light(trace_of({{0, late[0]}}, LightCurve::gamma22, 0.9, 5)).slew_per_s, 0.6001);
}

TEST(LastStageLight, ResetLetsTheStopsRampRunOut) {
  for (const bool fades : {true, false}) {
    LastStage stage({lamp(LightCurve::linear, fades)});
    stage.observed_light(3, 1.0, at(0));
    stage.stop(at(0), "stop");
    stage.due(at(0));
    stage.reset(at(0.2));
    stage.aim(light_aim(1.0, 0, Direction::up), at(0.2));
    for (const Timed& one : run(stage, 0.2, 1.8)) EXPECT_LT(one.sent.linear, 1.0) << fades;
    run(stage, 1.8, 20);
    EXPECT_NEAR(stage.light_of(3, at(20)), 1.0, 1e-9) << "and then the aim is followed";
  }
}

TEST(LastStageLight, AReturnedLampIsRampedFromAnywhereToWhatIsAimedAt) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(light_aim(0.2), at(0));
  run(stage, 0, 10);
  stage.reassert(3, at(100));
  const auto commands = run(stage, 100, 120);
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_NEAR(commands[0].sent.linear, 0.2, 1e-9);
  for (const double really : {0.0, 0.2, 1.0})
    EXPECT_LE(test::analyse_light(trace_of(commands, LightCurve::gamma22, really, 140)).slew_per_s, 0.2001);
}

TEST(LastStageLight, AReturnedLampStartsFromWhatItJustReported) {
  LastStage stage({lamp(LightCurve::linear, false)});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(light_aim(0.2), at(0));
  run(stage, 0, 10);
  stage.observed_light(3, 1.0, at(99));
  stage.reassert(3, at(100));
  EXPECT_NEAR(stage.due(at(100)).at(0).linear, 0.98, 1e-9);
}

TEST(LastStageLight, AReturnedLampUnderTheLatchGoesToSafeLight) {
  LastStage stage({lamp()});
  stage.observed_light(3, 0.9, at(0));
  stage.stop(at(0), "stop");
  stage.due(at(0));
  stage.reassert(3, at(50));
  const auto sent = stage.due(at(50));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NEAR(sent[0].linear, 0.4, 1e-9);
  EXPECT_GE(sent[0].command.transition, milliseconds{2000});
}

TEST(LastStageLight, LightNowIsTheMeanOfTheLamps) {
  Fixture other = lamp(LightCurve::linear);
  other.device = 4;
  LastStage stage({lamp(), other});
  stage.observed_light(3, 0.2, at(0));
  stage.observed_light(4, 0.6, at(0));
  EXPECT_NEAR(stage.light_now(at(0)), 0.4, 1e-9);
  EXPECT_EQ(LastStage({}).light_now(at(0)), 0.0);
}

}  // namespace
}  // namespace rytme::safety
