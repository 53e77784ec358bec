// SPDX-License-Identifier: Apache-2.0
// What seldom happens to the last stage and must be right all the same.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture lamp(DeviceIndex device, bool fades) {
  Fixture fixture;
  fixture.device = device;
  fixture.is_light = true;
  fixture.fades_itself = fades;
  fixture.curve = LightCurve::linear;
  return fixture;
}

Fixture player() {
  Fixture fixture;
  fixture.device = 7;
  fixture.is_player = true;
  return fixture;
}

// What went out until end_s.
std::vector<Sent> run(LastStage& stage, double from_s, double end_s) {
  std::vector<Sent> out;
  for (Instant now = at(from_s); now <= at(end_s); now = std::max(now + milliseconds{1}, stage.next_wake())) {
    for (Sent& sent : stage.due(now)) out.push_back(std::move(sent));
    if (stage.next_wake() == Instant::max()) break;
  }
  return out;
}

std::vector<std::string> channels(const std::vector<Sent>& sent) {
  std::vector<std::string> names;
  for (const Sent& one : sent)
    for (const Setting& setting : one.command.settings) names.emplace_back(name_of(setting.capability));
  return names;
}

Aim level(double value) {
  Aim aim;
  aim.light = LightScene{value, 0};
  return aim;
}

TEST(Corners, AResetWithoutAStopChangesNothing) {
  LastStage stage({lamp(3, true)});
  stage.observed_light(3, 0.4, at(0));
  const auto before = stage.generation();
  stage.reset(at(1));
  EXPECT_FALSE(stage.latched());
  EXPECT_EQ(stage.generation(), before);
  stage.aim(level(0.3), at(2));
  EXPECT_FALSE(run(stage, 2, 10).empty());
}

TEST(Corners, ADeviceThatIsNoLightHasNoLightAndNeverFlickers) {
  LastStage stage({lamp(3, true), lamp(4, true), player()});
  EXPECT_EQ(stage.light_of(9, at(0)), 0);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(stage.announced(7, at(i)));
  EXPECT_FALSE(stage.quarantined(7));
  stage.observed_light(4, 0.5, at(0));
  EXPECT_NEAR(stage.light_of(4, at(0)), 0.5, 1e-9);
  for (int i = 0; i < 3; ++i) stage.announced(4, at(4 * i));
  EXPECT_TRUE(stage.announced(4, at(12)));
  EXPECT_EQ(stage.volume_now(), 0);
}

TEST(Corners, AVolumeThatIsNoNumberIsAsIfItHadNotBeenAskedFor) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), -0.1, 1.1}) {
    LastStage stage({player()});
    Aim aim;
    aim.volume = bad;
    stage.aim(aim, at(0));
    EXPECT_THAT(run(stage, 0, 5), IsEmpty()) << bad;
    aim.play = true;
    stage.aim(aim, at(5));
    for (const Sent& sent : run(stage, 5, 20))
      for (const Setting& one : sent.command.settings)
        if (one.capability == Capability::player_volume) {
          EXPECT_TRUE(one.value > 0 && one.value <= 0.3) << bad << " became " << one.value;
        }
  }
}

TEST(Corners, WhatSomebodyElseMovedIsBroughtBackWhenItIsAskedForAgain) {
  LastStage stage({lamp(3, false)});
  stage.observed_light(3, 0.4, at(0));
  stage.aim(level(0.3), at(0));
  run(stage, 0, 20);
  stage.aim(level(0.3), at(30));
  EXPECT_THAT(run(stage, 30, 40), IsEmpty()) << "it is there";
  stage.observed_light(3, 0.4, at(50));
  stage.aim(level(0.3), at(51));
  EXPECT_FALSE(run(stage, 51, 60).empty());
  EXPECT_NEAR(stage.light_of(3, at(61)), 0.3, 1e-9);
}

TEST(Corners, ALampThatReturnsBeforeAnythingWasAskedOfItIsLeftAlone) {
  LastStage stage({lamp(3, true)});
  stage.reassert(3, at(0));
  EXPECT_THAT(run(stage, 0, 10), IsEmpty());
}

TEST(Corners, ALampThatTakesOnlyShortFadesIsGivenOnlyShortOnes) {
  Fixture fixture = lamp(3, true);
  fixture.transition_max = milliseconds{1000};
  LastStage stage({fixture});
  stage.observed_light(3, 0.6, at(0));
  stage.aim(level(0.1), at(0));
  const auto sent = run(stage, 0, 10);
  ASSERT_GE(sent.size(), 3U);
  for (const Sent& one : sent) EXPECT_LE(one.command.transition, milliseconds{1000});
  EXPECT_NEAR(sent.back().linear, 0.1, 1e-9);
}

TEST(Corners, TwoWishesBeforeTheNextMomentBothCount) {
  LastStage stage({player()});
  Aim source, play;
  source.source = "calm";
  play.play = true;
  stage.aim(source, at(0));
  stage.aim(play, at(0.1));
  EXPECT_THAT(channels(stage.due(at(0.1))),
              ElementsAre("player.volume", "player.bpm", "player.source", "player.play", "player.mute"));
}

TEST(Corners, ASourceChosenInSilenceMakesNoSound) {
  LastStage stage({player()});
  Aim source;
  source.source = "calm";
  stage.aim(source, at(0));
  EXPECT_THAT(channels(run(stage, 0, 10)), ElementsAre("player.source"));
}

TEST(Corners, APresetThatPlaysWithoutAVolumeIsQuietAndNotSilent) {
  LastStage stage({player()});
  Aim play;
  play.play = true;
  stage.aim(play, at(0));
  double last = 0;
  for (const Sent& sent : run(stage, 0, 60))
    for (const Setting& setting : sent.command.settings)
      if (setting.capability == Capability::player_volume) last = setting.value;
  EXPECT_NEAR(last, 0.3, 1e-9);
}

TEST(Corners, OneLampThatIsTestedMovesNothingElse) {
  LastStage stage({lamp(3, false), lamp(4, false), player()});
  Aim all = level(0.2);
  all.play = true;
  stage.aim(all, at(0));
  run(stage, 0, 60);
  Aim one = level(0.4);
  one.only = 3;
  one.play = false;
  one.volume = 0;
  stage.aim(one, at(60));
  const auto sent = run(stage, 60, 90);
  EXPECT_FALSE(sent.empty());
  for (const Sent& each : sent) EXPECT_EQ(each.command.device, 3);
}

TEST(Corners, FromATrackToNoneOfTheSameSourceNothingIsTold) {
  LastStage stage({player()});
  Aim play;
  play.play = true;
  play.source = "library:sea-60";
  stage.aim(play, at(0));
  run(stage, 0, 30);
  Aim any;
  any.source = "library";
  stage.aim(any, at(30));
  EXPECT_THAT(channels(run(stage, 30, 60)), IsEmpty());
  EXPECT_EQ(stage.next_wake(), Instant::max());
}

TEST(Corners, TheSameSourceIsNotChosenAgain) {
  LastStage stage({player()});
  Aim play;
  play.play = true;
  play.source = "calm";
  stage.aim(play, at(0));
  run(stage, 0, 30);
  Aim louder;
  louder.volume = 0.2;
  stage.aim(louder, at(30));
  EXPECT_THAT(channels(run(stage, 30, 30.001)), testing::Not(testing::Contains("player.source")));
  Aim silence;
  silence.play = false;
  stage.aim(silence, at(40));
  run(stage, 40, 41);
  stage.aim(play, at(50));
  EXPECT_THAT(channels(run(stage, 50, 50.001)), testing::Not(testing::Contains("player.source")));
}

TEST(Corners, OnlyColourTemperaturesOfLampsCount) {
  Fixture fixture = lamp(3, true);
  fixture.has_cct = true;
  for (const auto& [cct_k, counts] :
       {std::pair{999.0, false}, {1000.0, true}, {20000.0, true}, {20001.0, false}}) {
    LastStage stage({fixture});
    stage.observed_light(3, 0.4, at(0));
    Aim aim = level(0.4);
    aim.light->cct_k = cct_k;
    stage.aim(aim, at(0));
    const auto names = channels(run(stage, 0, 120));
    EXPECT_EQ(std::count(names.begin(), names.end(), "light.cct_k") > 0, counts) << cct_k;
  }
}

TEST(Corners, ATempoNobodyCouldMeanIsIgnoredAndATooFastOneIsHeld) {
  for (const auto& [bpm, told] : {std::pair{999.0, 1U}, {1000.0, 0U}, {0.0, 0U}}) {
    LastStage stage({player()});
    Aim aim;
    aim.tempo_bpm = bpm;
    stage.aim(aim, at(0));
    const auto sent = run(stage, 0, 5);
    ASSERT_EQ(sent.size(), told) << bpm;
    if (told == 1) {
      EXPECT_EQ(sent[0].command.settings[0].value, tempo_high_bpm);
    }
  }
}

TEST(Corners, NoGlideIsLongerThanAnHour) {
  LastStage stage({lamp(3, true)});
  stage.observed_light(3, 0.4, at(0));
  Aim aim = level(0.1);
  aim.light_glide_s = 1e9;
  stage.aim(aim, at(0));
  run(stage, 0, 3590);
  EXPECT_GT(stage.light_of(3, at(3580)), 0.1);
  run(stage, 3590, 3610);
  EXPECT_NEAR(stage.light_of(3, at(3610)), 0.1, 1e-6);
}

TEST(Corners, TheNextMomentIsTheSoonestOfAllPlayers) {
  Fixture second = player();
  second.device = 8;
  for (const DeviceIndex returned : {DeviceIndex{7}, DeviceIndex{8}}) {
    LastStage stage({player(), second});
    stage.reassert(returned, at(5));
    EXPECT_EQ(stage.next_wake(), at(5)) << returned;
  }
}

TEST(Corners, APlayerThatComesBackIsQuietBeforeItHasAnotherTempo) {
  LastStage stage({player()});
  Aim play;
  play.play = true;
  play.tempo_bpm = 80;
  stage.aim(play, at(0));
  run(stage, 0, 30);
  stage.reassert(7, at(30));
  const auto names = channels(stage.due(at(30)));
  ASSERT_GE(names.size(), 2U);
  EXPECT_EQ(names[0], "player.volume");
  EXPECT_EQ(names[1], "player.bpm");
}

TEST(Corners, TheVolumeNowIsThatOfWhatSounds) {
  LastStage stage({player()});
  Aim play;
  play.play = true;
  play.volume = 0.2;
  stage.aim(play, at(0));
  run(stage, 0, 60);
  EXPECT_NEAR(stage.volume_now(), 0.2, 1e-9);
  Aim mute;
  mute.mute = true;
  stage.aim(mute, at(60));
  stage.due(at(60));
  EXPECT_EQ(stage.volume_now(), 0);
}

TEST(Corners, APlayerThatIsMetBeforeAnybodyHasAskedForSoundIsSilenced) {
  LastStage stage({player()});
  stage.reassert(7, at(0));
  EXPECT_THAT(channels(run(stage, 0, 5)), ElementsAre("player.play"))
      << "the one before may have left it playing";
  Aim tempo;
  tempo.tempo_bpm = 40;
  stage.aim(tempo, at(10));
  EXPECT_THAT(channels(run(stage, 10, 15)), ElementsAre("player.bpm"));
}

}  // namespace
}  // namespace rytme::safety
