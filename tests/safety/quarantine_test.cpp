// SPDX-License-Identifier: Apache-2.0
// A lamp whose power flickers, and limits that settings have lowered.
#include <cmath>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture lamp(DeviceIndex device) {
  Fixture fixture;
  fixture.device = device;
  fixture.is_light = fixture.fades_itself = true;
  fixture.curve = LightCurve::linear;
  return fixture;
}

Aim light_aim(double level, Direction direction = Direction::down) {
  Aim aim;
  aim.light = LightScene{level, 0};
  aim.direction = direction;
  return aim;
}

// Commands to the device until end_s.
int sent_to(LastStage& stage, DeviceIndex device, double from_s, double end_s) {
  int count = 0;
  for (Instant now = at(from_s); now <= at(end_s); now = std::max(now + milliseconds{1}, stage.next_wake())) {
    for (const Sent& sent : stage.due(now)) count += sent.command.device == device ? 1 : 0;
    if (stage.next_wake() == Instant::max()) break;
  }
  return count;
}

class Flickering : public testing::Test {
 protected:
  Flickering() : stage({lamp(3), lamp(4)}) {
    stage.observed_light(3, 0.4, at(0));
    stage.observed_light(4, 0.4, at(0));
  }
  void quarantine() {
    for (const double t_s : {1, 10, 20}) EXPECT_FALSE(stage.announced(3, at(t_s)));
    EXPECT_TRUE(stage.announced(3, at(30)));
  }
  LastStage stage;
};

TEST_F(Flickering, TheFourthAnnouncementInAMinuteIsOneTooMany) {
  quarantine();
  EXPECT_TRUE(stage.quarantined(3));
  EXPECT_FALSE(stage.quarantined(4));
  EXPECT_FALSE(stage.announced(3, at(31))) << "told once";
}

TEST_F(Flickering, TwoWordsForOneAnnouncementAreOne) {
  for (const double t_s : {0.0, 0.4, 10.0, 10.4, 20.0, 20.4}) EXPECT_FALSE(stage.announced(3, at(t_s)));
  EXPECT_TRUE(stage.announced(3, at(30)));
}

TEST_F(Flickering, AnnouncementsHalfASecondApartAreTwo) {
  for (const double t_s : {0.0, 0.6, 1.2}) EXPECT_FALSE(stage.announced(3, at(t_s)));
  EXPECT_TRUE(stage.announced(3, at(1.8)));
}

TEST_F(Flickering, TheWholeMinuteCounts) {
  for (const double t_s : {0, 20, 40}) EXPECT_FALSE(stage.announced(3, at(t_s)));
  EXPECT_TRUE(stage.announced(3, at(59.5)));
}

TEST_F(Flickering, FourInMoreThanAMinuteAreNot) {
  for (const double t_s : {0.0, 20.0, 40.0, 60.5, 81.0, 102.0}) EXPECT_FALSE(stage.announced(3, at(t_s)));
  EXPECT_FALSE(stage.quarantined(3));
}

TEST_F(Flickering, NothingIsSentToItAndTheOthersAreNotTouched) {
  quarantine();
  stage.aim(light_aim(0.1), at(40));
  EXPECT_EQ(sent_to(stage, 3, 40, 60), 0);
  stage.aim(light_aim(0.3), at(60));
  EXPECT_GT(sent_to(stage, 4, 60, 80), 0);
}

TEST_F(Flickering, AStopReachesItAllTheSame) {
  quarantine();
  stage.stop(at(40), "button:wall");
  EXPECT_EQ(sent_to(stage, 3, 40, 45), 1);
  stage.reset(at(50));
  stage.aim(light_aim(0.1), at(50));
  EXPECT_EQ(sent_to(stage, 3, 50, 60), 0);
}

TEST_F(Flickering, TenQuietMinutesBringItBackByRamp) {
  quarantine();
  stage.aim(light_aim(0.1), at(40));
  EXPECT_EQ(sent_to(stage, 3, 40, 29 + 600), 0);
  EXPECT_GT(sent_to(stage, 3, 29 + 600, 40 + 600), 0);
  EXPECT_FALSE(stage.quarantined(3));
  EXPECT_NEAR(stage.light_of(3, at(700)), 0.1, 1e-6);
  for (const double t_s : {701, 705, 709}) EXPECT_FALSE(stage.announced(3, at(t_s))) << "it begins anew";
}

TEST_F(Flickering, WhenItIsBackItIsLedFromWhereverItMayBe) {
  stage.aim(light_aim(0.2), at(0));
  sent_to(stage, 3, 0, 0.9);
  quarantine();
  std::vector<Sent> sent;
  for (Instant now = at(31); now <= at(700); now = std::max(now + milliseconds{1}, stage.next_wake())) {
    for (Sent& one : stage.due(now))
      if (one.command.device == 3) sent.push_back(std::move(one));
    if (stage.next_wake() == Instant::max()) break;
  }
  ASSERT_FALSE(sent.empty()) << "nobody has asked anything since; it may have forgotten all";
  EXPECT_GE(sent[0].command.transition, milliseconds{3900}) << "it may be anywhere: 0.8 at 0.20 per second";
}

TEST_F(Flickering, WhatFlickersOnStaysOut) {
  quarantine();
  stage.announced(3, at(500));
  stage.aim(light_aim(0.1), at(501));
  EXPECT_EQ(sent_to(stage, 3, 501, 1099), 0);
}

TEST(Limits, LoweredSlewsAreKeptAndRaisedOnesAreNot) {
  for (const auto& [calming, activating, down_s, up_s] :
       {std::tuple{0.1, 0.15, 3.0, 2.0}, std::tuple{9.0, 9.0, 1.5, 1.0}}) {
    SafetyLimits limits;
    limits.light_calming_per_s = calming;
    limits.light_activating_per_s = activating;
    LastStage stage({lamp(3)}, limits);
    stage.observed_light(3, 0.4, at(0));
    stage.aim(light_aim(0.1), at(0));
    sent_to(stage, 3, 0, 0.001);
    EXPECT_GT(stage.light_of(3, at(down_s - 0.2)), 0.101) << calming;
    EXPECT_NEAR(stage.light_of(3, at(down_s + 0.1)), 0.1, 1e-6) << calming;
    stage.aim(light_aim(0.4, Direction::up), at(10));
    sent_to(stage, 3, 10, 10.001);
    EXPECT_LT(stage.light_of(3, at(10 + up_s - 0.2)), 0.399) << activating;
    EXPECT_NEAR(stage.light_of(3, at(10 + up_s + 0.1)), 0.4, 1e-6) << activating;
  }
}

TEST(Limits, ALightThatIsSteppedKeepsTheCeilingWhateverTheSettingsSay) {
  SafetyLimits limits;
  limits.light_calming_per_s = limits.light_activating_per_s = 9;
  Fixture stepped = lamp(3);
  stepped.fades_itself = false;
  LastStage stage({stepped}, limits);
  stage.observed_light(3, 0.1, at(0));
  stage.aim(light_aim(0.9, Direction::up), at(0));
  sent_to(stage, 3, 0, 1);
  EXPECT_NEAR(stage.light_of(3, at(1)), 0.1 + slew_activating_per_s, 0.031);
  sent_to(stage, 3, 1, 5);
  stage.aim(light_aim(0.1), at(5));
  sent_to(stage, 3, 5, 6);
  EXPECT_NEAR(stage.light_of(3, at(6)), 0.9 - slew_calming_per_s, 0.021);
}

class Player : public testing::Test {
 protected:
  static Fixture player() {
    Fixture fixture;
    fixture.device = 7;
    fixture.is_player = true;
    return fixture;
  }
  struct Told {
    double t_s{};
    double value{};
  };
  static std::vector<Told> told(LastStage& stage, Capability capability, double from_s, double end_s) {
    std::vector<Told> out;
    for (Instant now = at(from_s); now <= at(end_s);
         now = std::max(now + milliseconds{1}, stage.next_wake())) {
      for (const Sent& sent : stage.due(now))
        for (const Setting& one : sent.command.settings)
          if (one.capability == capability) out.push_back({seconds_between(at(0), now), one.value});
      if (stage.next_wake() == Instant::max()) break;
    }
    return out;
  }
  static Aim play(double volume, double bpm) {
    Aim aim;
    aim.play = true;
    aim.volume = volume;
    aim.tempo_bpm = bpm;
    return aim;
  }
};

TEST_F(Player, IsNeverLouderThanTheCap) {
  SafetyLimits limits;
  limits.volume_max = 0.25;
  LastStage stage({player()}, limits);
  stage.aim(play(1, 80), at(0));
  const auto volumes = told(stage, Capability::player_volume, 0, 60);
  ASSERT_FALSE(volumes.empty());
  for (const Told& one : volumes) EXPECT_LE(one.value, 0.25);
  EXPECT_EQ(volumes.back().value, 0.25);
}

TEST_F(Player, WithoutACalibrationTheCapIsLow) {
  LastStage stage({player()});
  stage.aim(play(1, 80), at(0));
  EXPECT_EQ(told(stage, Capability::player_volume, 0, 60).back().value, uncalibrated_volume_max);
}

TEST_F(Player, LoweredRatesOfSoundAndTempoAreKept) {
  SafetyLimits limits;
  limits.sound_rise_db_per_s = 2;
  limits.tempo_bpm_per_s = 0.2;
  limits.volume_max = 1;
  LastStage stage({player()}, limits);
  stage.aim(play(0.5, 80), at(0));
  const auto volumes = told(stage, Capability::player_volume, 0, 60);
  for (std::size_t i = 1; i < volumes.size(); ++i)
    EXPECT_LE(20 * std::log10(volumes[i].value / volumes[i - 1].value),
              2 * (volumes[i].t_s - volumes[i - 1].t_s) + 1e-6);
  stage.aim(play(0.5, 70), at(60));
  const auto tempi = told(stage, Capability::player_bpm, 60, 200);
  for (std::size_t i = 1; i < tempi.size(); ++i)
    EXPECT_LE(std::abs(tempi[i].value - tempi[i - 1].value), 0.2 * (tempi[i].t_s - tempi[i - 1].t_s) + 1e-6);
}

TEST_F(Player, TheBeatBeginsWithTheSoundAndIsToldAheadOnlyWhenItsPlaceCounts) {
  LastStage stage({player()});
  EXPECT_FALSE(stage.beat(at(0)));
  stage.aim(play(0.3, 60), at(0));
  EXPECT_TRUE(told(stage, Capability::player_phase, 0, 20).empty());
  ASSERT_TRUE(stage.beat(at(20.25)));
  EXPECT_EQ(stage.beat(at(20.25))->bpm, 60);
  EXPECT_NEAR(stage.beat(at(20.25))->phase, 0.25, 1e-9);
  Aim locked;
  locked.tempo_bpm = 60.5;
  locked.beat_delay_s = 0.1;
  stage.aim(locked, at(20.25));
  const auto phases = told(stage, Capability::player_phase, 20.25, 20.25);
  ASSERT_EQ(phases.size(), 1U);
  EXPECT_NEAR(phases[0].value, 0.25 + 0.1 * 60.5 / 60, 1e-6);
  Aim mute;
  mute.mute = true;
  stage.aim(mute, at(30));
  stage.due(at(30));
  EXPECT_FALSE(stage.beat(at(31)));
}

}  // namespace
}  // namespace rytme::safety
