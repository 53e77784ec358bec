// SPDX-License-Identifier: Apache-2.0
// Sound and tempo through the last stage, as the player is told.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/safety/sound_support.hpp"

namespace rytme::safety {
namespace {

using namespace sound_test;

TEST(LastStageSound, TheFirstSoundComesUpFromSilence) {
  for (const double target : {0.02, 0.1, 0.4, 1.0}) {
    LastStage stage({player()}, calibrated());
    stage.aim(sound(true, target), at(0));
    const auto volumes = only(run(stage, 0, 30), Capability::player_volume);
    ASSERT_GE(volumes.size(), 2U);
    EXPECT_LE(db(volumes.front().setting.value), -40 + 1e-9);
    EXPECT_EQ(volumes.front().t_s, 0.0);
    EXPECT_GE(volumes.back().t_s, 2.8) << target;
    EXPECT_NEAR(volumes.back().setting.value, target, 1e-12);
    expect_gentle_rise(volumes);
  }
}

TEST(LastStageSound, QuietIsToldBeforePlayAndUnmute) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  const auto sent = stage.due(at(0));
  ASSERT_EQ(sent.size(), 1U);
  std::vector<Capability> order;
  for (const Setting& one : sent[0].command.settings) order.push_back(one.capability);
  EXPECT_EQ(order, (std::vector{Capability::player_volume, Capability::player_bpm, Capability::player_play,
                                Capability::player_mute}));
}

TEST(LastStageSound, ATrackIsNamedAfterItsSourceAndTheNextIsNoNewBeginning) {
  LastStage stage({player()}, calibrated());
  Aim aim = sound(true, 0.5);
  aim.source = "library:sea-60";
  stage.aim(aim, at(0));
  const auto begun = run(stage, 0, 20);
  EXPECT_EQ(only(begun, Capability::player_source).at(0).setting.text, "library");
  EXPECT_EQ(only(begun, Capability::player_track).at(0).setting.text, "sea-60");
  Aim next;
  next.source = "library:moon";
  stage.aim(next, at(20));
  const auto told = run(stage, 20, 40);
  ASSERT_EQ(told.size(), 1U) << "the player crossfades by itself: nothing falls quiet";
  EXPECT_EQ(told[0].setting.capability, Capability::player_track);
  EXPECT_EQ(told[0].setting.text, "moon");
  stage.stop(at(40), "test");
  EXPECT_TRUE(only(run(stage, 40, 50), Capability::player_track).empty());
}

TEST(LastStageSound, MuteIsAtOnceAndUnmuteComesUpAgain) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  run(stage, 0, 20);
  Aim mute;
  mute.mute = true;
  stage.aim(mute, at(20));
  EXPECT_EQ(stage.next_wake(), at(20));
  const auto muted = run(stage, 20, 30);
  ASSERT_EQ(muted.size(), 1U);
  EXPECT_EQ(muted[0].setting.capability, Capability::player_mute);
  EXPECT_EQ(muted[0].setting.value, 1.0);
  mute.mute = false;
  stage.aim(mute, at(30));
  const auto volumes = only(run(stage, 30, 60), Capability::player_volume);
  EXPECT_LE(db(volumes.front().setting.value), -40 + 1e-9);
  EXPECT_NEAR(volumes.back().setting.value, 0.5, 1e-12);
  expect_gentle_rise(volumes);
}

TEST(LastStageSound, FallsAtOnceRisesSlowly) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  run(stage, 0, 20);
  stage.aim(sound({}, 0.1), at(20));
  auto volumes = only(run(stage, 20, 30), Capability::player_volume);
  ASSERT_EQ(volumes.size(), 1U);
  EXPECT_EQ(volumes[0].t_s, 20.0);
  stage.aim(sound({}, 0.8), at(40));
  volumes = only(run(stage, 40, 60), Capability::player_volume);
  volumes.insert(volumes.begin(), Told{40 - 0.2, {Capability::player_volume, 0.1, ""}});
  expect_gentle_rise(volumes);
  EXPECT_NEAR(volumes.back().setting.value, 0.8, 1e-12);
}

TEST(LastStageSound, TempoCreepsWhileMusicPlays) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 90), at(0));
  const auto first = only(run(stage, 0, 20), Capability::player_bpm);
  ASSERT_EQ(first.size(), 1U) << "before the first sound the tempo may be set at once";
  EXPECT_EQ(first[0].setting.value, 90);
  stage.aim(sound({}, {}, 60), at(20));
  auto tempi = only(run(stage, 20, 120), Capability::player_bpm);
  double before = 90;
  double last_s = 19;
  for (const Told& one : tempi) {
    EXPECT_LE(std::abs(one.setting.value - before), std::min(2.0, 0.01 * before) + 1e-9);
    EXPECT_GE(one.t_s - last_s, 1.0 - 1e-9);
    before = one.setting.value;
    last_s = one.t_s;
  }
  EXPECT_EQ(before, 60);
  EXPECT_LT(last_s, 65);
}

TEST(LastStageSound, ALongTempoGlideArrivesWithThePhase) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 85), at(0));
  run(stage, 0, 20);
  Aim lead = sound({}, {}, 60);
  lead.tempo_glide_s = 360;
  stage.aim(lead, at(20));
  const auto tempi = only(run(stage, 20, 500), Capability::player_bpm);
  EXPECT_EQ(tempi.back().setting.value, 60);
  EXPECT_NEAR(tempi.back().t_s, 380, 12);
  for (const Told& one : tempi) EXPECT_NEAR(one.setting.value, 85 - 25 * (one.t_s - 20) / 360, 1.0);
}

TEST(LastStageSound, TempoStaysWithinItsBounds) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 500), at(0));
  EXPECT_EQ(only(run(stage, 0, 20), Capability::player_bpm).back().setting.value, 140);
  for (const double bad : {std::nan(""), -5.0, 0.0, 1e9, std::numeric_limits<double>::infinity()}) {
    stage.aim(sound({}, {}, bad), at(30));
    EXPECT_EQ(stage.next_wake(), Instant::max());
  }
}

TEST(LastStageSound, AVolumeGlidesDownInItsTime) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  run(stage, 0, 20);
  Aim aim = sound({}, 0.1);
  aim.volume_glide_s = 20;
  stage.aim(aim, at(20));
  run(stage, 20, 30);
  EXPECT_NEAR(stage.volume_now(), 0.3, 0.02);
  run(stage, 30, 41);
  EXPECT_NEAR(stage.volume_now(), 0.1, 1e-9);
}

TEST(LastStageSound, BeginsAtMinus40DecibelsAndComesUpInThreeSecondsByFifths) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.02), at(0));
  const auto volumes = only(run(stage, 0, 20), Capability::player_volume);
  ASSERT_GT(volumes.size(), 3U);
  EXPECT_DOUBLE_EQ(volumes[0].setting.value, 0.01);
  EXPECT_NEAR(volumes[1].t_s, 0.2, 1e-6);
  EXPECT_NEAR(volumes.back().t_s, 3.0, 0.21);
}

TEST(LastStageSound, AVeryQuietWishBeginsNoLouderThanItself) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.004), at(0));
  const auto volumes = only(run(stage, 0, 20), Capability::player_volume);
  ASSERT_EQ(volumes.size(), 1U);
  EXPECT_DOUBLE_EQ(volumes[0].setting.value, 0.004);
}

TEST(LastStageSound, SofterIsAtOnceAndLouderThanNothingBeginsAtMinus40) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  run(stage, 0, 20);
  stage.aim(sound({}, 0.0), at(20));
  const auto softer = only(run(stage, 20, 21), Capability::player_volume);
  ASSERT_EQ(softer.size(), 1U);
  EXPECT_EQ(softer[0].setting.value, 0);
  stage.aim(sound({}, 0.1), at(30));
  const auto louder = only(run(stage, 30, 40), Capability::player_volume);
  ASSERT_GT(louder.size(), 5U);
  EXPECT_GT(louder[0].setting.value, 0.01);
  EXPECT_NEAR(louder.back().setting.value, 0.1, 1e-9);
  EXPECT_NEAR(louder.back().t_s - louder[0].t_s, 20 / 6.0, 0.25) << "6 dB/s";
}

TEST(LastStageSound, AnotherSourceDoesNotMoveTheBeat) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 60), at(0));
  run(stage, 0, 10);
  Aim aim = sound({}, {});
  aim.source = "drum";
  stage.aim(aim, at(10.25));
  stage.due(at(10.25));
  EXPECT_NEAR(stage.beat(at(10.5))->phase, 0.5, 1e-6);
}

TEST(LastStageSound, AStepThatCameLateNeverHurriesTheNext) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.01, 100), at(0));
  run(stage, 0, 20);
  Aim slow = sound({}, {}, 99);
  slow.tempo_glide_s = 600;
  stage.aim(slow, at(20));
  stage.due(at(20));
  stage.came_late(7, at(21));
  EXPECT_EQ(stage.next_wake(), at(30));
  stage.aim(sound({}, 0.5), at(22));
  stage.due(at(22));
  EXPECT_NEAR(seconds_between(at(22), stage.next_wake()), 0.2, 1e-6) << "the sooner of both";
  stage.came_late(7, at(22.15));
  EXPECT_NEAR(seconds_between(at(22), stage.next_wake()), 0.35, 1e-6);
}

// The quarter of a BPM is the finest step; a second is the shortest pause, ten the longest.
TEST(LastStageSound, ASlowTempoStepsOnlyAsOftenAsItIsHeard) {
  const auto pause_s = [](double to_bpm, double glide_s) {
    LastStage stage({player()}, calibrated());
    stage.aim(sound(true, 0.5, 100), at(0));
    run(stage, 0, 20);
    Aim aim = sound({}, {}, to_bpm);
    aim.tempo_glide_s = glide_s;
    stage.aim(aim, at(30));
    EXPECT_EQ(stage.due(at(30)).size(), 1U);
    return seconds_between(at(30), stage.next_wake());
  };
  EXPECT_NEAR(pause_s(90, 200), 5, 1e-6);
  EXPECT_NEAR(pause_s(99, 600), 10, 1e-6);
  EXPECT_NEAR(pause_s(60, 1), 1, 1e-6);
}

TEST(LastStageSound, PlayerHearsOnlyChanges) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 80), at(0));
  run(stage, 0, 20);
  stage.aim(sound(true, 0.5, 80), at(20));
  EXPECT_TRUE(stage.due(at(20)).empty());
  EXPECT_EQ(stage.next_wake(), Instant::max());
}

TEST(LastStageSound, AnotherSourceBeginsQuietly) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5), at(0));
  run(stage, 0, 20);
  Aim aim;
  aim.source = "waves";
  stage.aim(aim, at(20));
  const auto sent = stage.due(at(20));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].command.settings[0].capability, Capability::player_volume);
  EXPECT_EQ(sent[0].command.settings[1].text, "waves");
}

TEST(LastStageSound, StopMutesBeforeTheLights) {
  Fixture lamp;
  lamp.device = 1;
  lamp.is_light = lamp.fades_itself = true;
  LastStage stage({lamp, player()});
  stage.aim(sound(true, 0.5, 80), at(0));
  run(stage, 0, 20);
  stage.stop(at(20), "button:wall");
  const auto sent = stage.due(at(20));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].command.device, 7);
  ASSERT_EQ(sent[0].command.settings.size(), 1U);
  EXPECT_EQ(sent[0].command.settings[0].capability, Capability::player_mute);
  EXPECT_EQ(sent[0].command.settings[0].value, 1.0);
  EXPECT_EQ(sent[0].command.origin, "button:wall");
  EXPECT_EQ(sent[1].command.device, 1);
  stage.aim(sound(true, 0.9, 120), at(21));
  EXPECT_TRUE(stage.due(at(21)).empty());
  stage.stop(at(22), "stop");
  EXPECT_EQ(stage.due(at(22)).at(0).command.settings[0].capability, Capability::player_mute) << "said again";
  stage.reset(at(30));
  EXPECT_TRUE(run(stage, 30, 60).empty()) << "still muted, nothing resumes";
}

TEST(LastStageSound, AReturnedPlayerIsToldEverythingFromSilence) {
  LastStage stage({player()}, calibrated());
  stage.aim(sound(true, 0.5, 80), at(0));
  run(stage, 0, 20);
  stage.reassert(7, at(30));
  const auto all = run(stage, 30, 60);
  EXPECT_FALSE(only(all, Capability::player_bpm).empty());
  EXPECT_FALSE(only(all, Capability::player_play).empty());
  const auto volumes = only(all, Capability::player_volume);
  EXPECT_LE(db(volumes.front().setting.value), -40 + 1e-9);
  EXPECT_NEAR(volumes.back().setting.value, 0.5, 1e-12);
}

// It keeps the tempo of whoever played last, and a first wish would be a leap from there.
TEST(LastStageSound, SoundThatBeginsWithoutATempoIsGivenACalmOneBeforeItIsHeard) {
  LastStage stage({player()}, calibrated());
  stage.reassert(7, at(0));
  stage.aim(sound(true, 0.5), at(1));
  const auto begin = run(stage, 0, 20);
  const auto tempi = only(begin, Capability::player_bpm);
  ASSERT_EQ(tempi.size(), 1U);
  EXPECT_EQ(tempi[0].setting.value, 60);
  EXPECT_EQ(tempi[0].t_s, only(begin, Capability::player_play).back().t_s);
  stage.aim(sound({}, {}, 85), at(20));
  EXPECT_LE(only(run(stage, 20, 20.5), Capability::player_bpm).at(0).setting.value, 60.6 + 1e-9);
}

// What was told just before a stop may have been overtaken by it: it is told again before it matters.
TEST(LastStageSound, TempoAndSourceAreToldAgainAfterAStop) {
  LastStage stage({player()}, calibrated());
  Aim drum = sound(true, 0.5, 75);
  drum.source = "drum";
  stage.aim(drum, at(0));
  run(stage, 0, 20);
  stage.stop(at(20), "stop");
  EXPECT_EQ(run(stage, 20, 30).size(), 1U) << "the stop itself says no more than mute";
  stage.reset(at(30));
  drum.mute = false;
  stage.aim(drum, at(31));
  const auto again = run(stage, 31, 50);
  EXPECT_EQ(only(again, Capability::player_bpm).at(0).t_s, 31);
  EXPECT_EQ(only(again, Capability::player_source).at(0).setting.text, "drum");
}

}  // namespace
}  // namespace rytme::safety
