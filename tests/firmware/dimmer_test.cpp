// SPDX-License-Identifier: Apache-2.0
// Where the light goes: limits, stop, watchdog, mute, and that nothing ever jumps.
#include "firmware/core/dimmer.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>

namespace rytme::firmware::test {
namespace {

using testing::Each;
using namespace std::chrono_literals;

constexpr std::uint16_t full = dimmer_registers::full;
constexpr std::uint16_t safe = 26'214;  // 0.4
constexpr Micros turn = 2ms;

constexpr Levels all(std::uint16_t level) { return {level, level, level, level}; }
DimmerSettings settings() {
  DimmerSettings out;
  out.safe = all(safe);
  out.power_on = all(safe);
  return out;
}

class Light : public testing::Test {
 protected:
  // Steps on and tells the fastest change of linear light per second that it saw.
  double run(Micros time, Micros step = turn) {
    double fastest = 0;
    for (const Instant end = now + time; now < end;) {
      const auto before = light.output(0);
      now += step;
      light.step(inputs, now);
      const double change = std::abs(light.output(0) - before) / double{full};
      fastest = std::max(fastest, (change - 1.0 / full) / std::chrono::duration<double>(step).count());
    }
    return fastest;
  }
  void command(std::uint16_t level) {
    for (std::size_t channel = 0; channel < 4; ++channel) light.command(channel, level);
    light.heard(now);
  }
  // A master asks on, as it does every half second.
  double run_asked(Micros time) {
    double fastest = 0;
    for (; time > 0us; time -= 500ms) {
      light.heard(now);
      fastest = std::max(fastest, run(std::min<Micros>(time, 500ms)));
    }
    return fastest;
  }
  Levels outputs() const { return {light.output(0), light.output(1), light.output(2), light.output(3)}; }
  double level() const { return light.output(0) / double{full}; }

  Instant now{};
  DimmerInputs inputs;
  Dimmer light{settings(), all(0), now};
};

TEST_F(Light, RisesToItsPowerOnLevelByTheSlewLimit) {
  EXPECT_EQ(level(), 0);
  EXPECT_LE(run_asked(600ms), 0.6);
  EXPECT_NEAR(level(), 0.36, 0.005);
  run_asked(100ms);
  EXPECT_THAT(outputs(), Each(safe));
}

TEST_F(Light, GoesToWhatIsWrittenNeverFasterThanTheCeiling) {
  run_asked(1s);
  command(full);
  EXPECT_LE(run_asked(500ms), 0.6);
  EXPECT_NEAR(level(), 0.4 + 0.3, 0.005);
  run_asked(600ms);
  EXPECT_THAT(outputs(), Each(full));
  command(0);
  EXPECT_LE(run_asked(1s), 0.6);
  EXPECT_NEAR(level(), 0.4, 0.005);
}

TEST_F(Light, ASettingCanOnlyLowerTheCeiling) {
  auto faster = settings();
  faster.slew_thousandths = 5000;
  light.set(faster);
  command(full);
  EXPECT_LE(run_asked(1s), 0.6);
  auto slower = settings();
  slower.slew_thousandths = 100;
  light.set(slower);
  command(0);
  EXPECT_LE(run_asked(1s), 0.1);
  EXPECT_NEAR(level(), 0.5, 0.01);
}

TEST_F(Light, ANodeThatWasBusyDoesNotJump) {
  command(full);
  now += 300ms;
  light.step(inputs, now);
  EXPECT_NEAR(level(), 0.6 * 0.02, 0.001);
}

TEST_F(Light, ChannelsGoTheirOwnWays) {
  run_asked(1s);
  light.command(2, full);
  run_asked(2s);
  EXPECT_EQ(outputs(), (Levels{safe, safe, full, safe}));
  EXPECT_EQ(light.aim(2), full);
}

TEST_F(Light, WithoutAMasterItGoesToSafeLightWithinTheFadeTime) {
  command(full);
  run_asked(2s);
  light.heard(now);
  run(10s);
  EXPECT_THAT(outputs(), Each(full));
  EXPECT_FALSE(light.is_tripped());
  run(turn);
  EXPECT_TRUE(light.is_tripped());
  EXPECT_LE(run(1s), 0.301);
  EXPECT_NEAR(level(), 0.7, 0.005) << "evenly";
  run(1s);
  EXPECT_THAT(outputs(), Each(safe));
  EXPECT_EQ(light.trips(), 1u);
  run(60s);
  EXPECT_EQ(light.trips(), 1u) << "once";
}

TEST_F(Light, FromDarknessTooItGoesToSafeLight) {
  command(0);
  run_asked(2s);
  run(12s);
  EXPECT_THAT(outputs(), Each(safe));
}

TEST_F(Light, AFadeOfNoTimeIsStillNoJump) {
  auto sudden = settings();
  sudden.fade = 0us;
  light.set(sudden);
  command(full);
  run_asked(2s);
  light.heard(now);
  run(10s);
  EXPECT_LE(run(500ms), 0.6);
  EXPECT_NEAR(level(), 0.7, 0.005);
  run(510ms);
  EXPECT_THAT(outputs(), Each(safe));
}

TEST_F(Light, AMasterThatIsBackOnlyAsksAndNothingResumes) {
  command(full);
  run_asked(2s);
  run(20s);
  run_asked(10s);
  EXPECT_THAT(outputs(), Each(safe));
  EXPECT_TRUE(light.is_tripped());
  EXPECT_EQ(light.aim(0), safe) << "it says where it goes";
  command(full);
  EXPECT_FALSE(light.is_tripped());
  EXPECT_LE(run_asked(3s), 0.6);
  EXPECT_THAT(outputs(), Each(full));
}

TEST_F(Light, TheWiredStopLeadsToSafeLightByOneRampOfTwoSeconds) {
  run_asked(1s);
  command(full);
  run_asked(500ms);  // at 0.7
  inputs.stop_open = true;
  EXPECT_LE(run_asked(1s), 0.151);
  EXPECT_NEAR(level(), 0.55, 0.005);
  run_asked(1s);
  EXPECT_THAT(outputs(), Each(safe));
  EXPECT_EQ(light.stops(), 1u);
}

TEST_F(Light, AStopFromFullToTheDarkestSafeLightTakesNoLongerThanItMust) {
  auto darkest = settings();
  darkest.safe = all(13'107);
  light.set(darkest);
  command(full);
  run_asked(3s);
  inputs.stop_open = true;
  EXPECT_LE(run_asked(2600ms), 0.30);
  run_asked(100ms);
  EXPECT_THAT(outputs(), Each(13'107));
}

TEST_F(Light, ALowerLimitHoldsForTheStopToo) {
  auto slow = settings();
  slow.slew_thousandths = 50;
  command(full);
  run_asked(2s);
  light.set(slow);
  inputs.stop_open = true;
  EXPECT_LE(run_asked(4s), 0.05);
}

TEST_F(Light, WhileStoppedNothingIsTakenAndAfterItNothingResumes) {
  command(full);
  run_asked(2s);
  inputs.stop_open = true;
  run_asked(3s);
  command(0);
  run_asked(3s);
  EXPECT_THAT(outputs(), Each(safe));
  EXPECT_EQ(light.aim(0), safe);
  inputs.stop_open = false;
  run_asked(3s);
  EXPECT_THAT(outputs(), Each(safe));
  command(0);
  EXPECT_LE(run_asked(2s), 0.6);
  EXPECT_THAT(outputs(), Each(0));
}

TEST_F(Light, TheStopOutranksWatchdogAndMute) {
  run_asked(1s);
  command(full);
  run_asked(2s);
  inputs.stop_open = inputs.mute = true;
  EXPECT_LE(run(1s), 0.301);
  run(14s);  // the watchdog trips meanwhile
  EXPECT_TRUE(light.is_stopped());
  EXPECT_TRUE(light.is_tripped());
  EXPECT_THAT(outputs(), Each(safe)) << "not dark";
}

TEST_F(Light, MuteIsDarkByRampAndGivesBackWhatWasThere) {
  run_asked(1s);
  inputs.mute = true;
  EXPECT_LE(run_asked(1s), 0.6);
  EXPECT_THAT(outputs(), Each(0));
  EXPECT_TRUE(light.is_input_muted());
  EXPECT_EQ(light.aim(0), safe);
  inputs.mute = false;
  EXPECT_LE(run_asked(1s), 0.6);
  EXPECT_THAT(outputs(), Each(safe));
}

TEST_F(Light, OneChannelCanBeMutedByItself) {
  run_asked(1s);
  light.mute(1, true);
  EXPECT_TRUE(light.is_muted(1));
  run_asked(1s);
  EXPECT_EQ(outputs(), (Levels{safe, 0, safe, safe}));
}

// Darkness asked for before a stop is one of the things that do not resume behind it.
TEST_F(Light, WhatWasMutedOverTheLineIsNotDarkAgainBehindAStopOrTheWatchdog) {
  run_asked(1s);
  light.mute(1, true);
  run_asked(1s);
  inputs.stop_open = true;
  run_asked(3s);
  inputs.stop_open = false;
  run_asked(3s);
  EXPECT_THAT(outputs(), Each(safe));
  EXPECT_FALSE(light.is_muted(1));
  light.mute(1, true);
  run(20s);
  EXPECT_TRUE(light.is_tripped());
  light.command(0, full);
  run_asked(3s);
  EXPECT_EQ(outputs(), (Levels{full, safe, safe, safe}));
}

TEST_F(Light, AMutedRoomWhoseControllerDiesIsNotLeftDark) {
  run_asked(1s);
  inputs.mute = true;
  run_asked(1s);
  run(20s);
  EXPECT_THAT(outputs(), Each(safe));
}

TEST_F(Light, AfterARestartItGoesOnFromWhereItWas) {
  light = Dimmer(settings(), all(50'000), now);
  EXPECT_LE(run_asked(200ms), 0.6);
  EXPECT_NEAR(level(), 50'000.0 / full - 0.12, 0.005);
}

// Whatever anybody does, light never changes faster than the ceiling.
TEST_F(Light, NeverJumps) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    inputs.stop_open = random() % 40 == 0 ? !inputs.stop_open : inputs.stop_open;
    inputs.mute = random() % 30 == 0 ? !inputs.mute : inputs.mute;
    if (random() % 5 == 0) command(static_cast<std::uint16_t>(random()));
    if (random() % 50 == 0) light.mute(0, random() % 2 == 0);
    if (random() % 400 == 0) run(11s, 20ms);
    ASSERT_LE(run(10ms, Micros(500 + random() % 4000)), 0.6 + 1e-6) << i;
  }
}

}  // namespace
}  // namespace rytme::firmware::test
