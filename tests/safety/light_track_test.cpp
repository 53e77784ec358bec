// SPDX-License-Identifier: Apache-2.0
// One light's own rules at their edges: each limit is what it says, and each rule is needed.
#include "controller/safety/light_track.hpp"

#include <gtest/gtest.h>

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Fixture fading(LightCurve curve = LightCurve::linear) {
  Fixture fixture;
  fixture.is_light = fixture.fades_itself = true;
  fixture.curve = curve;
  return fixture;
}

Fixture stepped(milliseconds interval = milliseconds{100}) {
  Fixture fixture = fading();
  fixture.fades_itself = false;
  fixture.min_interval = interval;
  return fixture;
}

LightWish wish(double level, double glide_s = 0, double cct_k = 0) {
  return {{level, cct_k}, glide_s, slew_activating_per_s, "preset"};
}

// Seen at `level` and led there, long ago.
LightTrack resting(const Fixture& fixture, double level, double cct_k = 0) {
  LightTrack track(fixture);
  track.observed(level, at(-100));
  track.aim(wish(level, 0, cct_k), at(-100));
  for (double s = -100; s < -50; s += 0.1) track.due(at(s));
  return track;
}

TEST(LightTrack, ASlowBusEarnsStepsOfHalfASecondAtMost) {
  LightTrack track = resting(stepped(milliseconds{1000}), 0.2);
  track.aim(wish(0.9), at(0));
  EXPECT_NEAR(track.due(at(0))->linear, 0.2 + 0.30 * 0.5, 1e-9);
  EXPECT_EQ(track.next_wake(), at(1)) << "and no oftener than its interval";
}

TEST(LightTrack, NoStepsAreCloserThanATenthOfASecond) {
  LightTrack track = resting(stepped(milliseconds{20}), 0.2);
  track.aim(wish(0.9), at(0));
  EXPECT_NEAR(track.due(at(0))->linear, 0.2 + 0.30 * 0.1, 1e-9);
  EXPECT_EQ(track.next_wake(), at(0.1));
}

TEST(LightTrack, ASlowGlideOfStepsPausesTwoSeconds) {
  LightTrack track = resting(stepped(), 0.4);
  track.aim(wish(0.39, 600), at(0));
  ASSERT_TRUE(track.due(at(0)));
  EXPECT_EQ(track.next_wake(), at(2));
}

TEST(LightTrack, AReportIsOursTwoSecondsLongAndWithinTwoHundredths) {
  const auto sent_again = [](double reported, double after_s) {
    LightTrack track = resting(fading(), 0.4);
    track.aim(wish(0.7), at(0));
    EXPECT_EQ(track.due(at(0))->transition, milliseconds{1000});
    track.observed(reported, at(1 + after_s));
    track.aim(wish(0.7), at(10));
    return track.due(at(10)).has_value();
  };
  EXPECT_FALSE(sent_again(0.2, 1.9)) << "an echo on the way";
  EXPECT_TRUE(sent_again(0.2, 2.1)) << "somebody else moved it";
  EXPECT_FALSE(sent_again(0.685, 2.1)) << "its own rounding";
  EXPECT_TRUE(sent_again(0.675, 2.1));
}

TEST(LightTrack, ALateAnswerPutsOffOnlyWhatFollowsTheFade) {
  Fixture slow = fading();
  slow.answers = true;
  slow.min_dwell = milliseconds{10000};
  LightTrack track = resting(slow, 0.4);
  track.aim(wish(0.7), at(0));
  ASSERT_TRUE(track.due(at(0)));
  track.observed(0.7, at(0.5));
  EXPECT_EQ(track.next_wake(), Instant::max()) << "there is nothing more to say";
  track.aim(wish(0.4), at(20));
  ASSERT_TRUE(track.due(at(20)));
  track.aim(wish(0.5), at(20.2));
  track.observed(0.4, at(20.5));
  EXPECT_EQ(track.next_wake(), at(30)) << "it waits for its dwell, not for the fade";
}

TEST(LightTrack, ASecondStopThatIsHeardLateIsTheNextStep) {
  LightTrack track = resting(stepped(), 0.9);
  track.stop("wall", at(0));
  ASSERT_TRUE(track.due(at(0)));
  track.stop("page", at(0.05));
  EXPECT_EQ(track.next_wake(), at(0.05));
  const double before = track.linear_at(at(0.2));
  EXPECT_LT(track.due(at(0.2))->linear, before);
  EXPECT_FALSE(track.due(at(0.2)));
}

TEST(LightTrack, AStopFromNearbyTakesTwoSeconds) {
  LightTrack track = resting(fading(), 0.41);
  track.stop("wall", at(0));
  EXPECT_EQ(track.due(at(0))->transition, milliseconds{2000});
}

TEST(LightTrack, AStopGoesNoHigherThanTheFixtureMay) {
  Fixture dim = fading();
  dim.level_max = 0.3;
  LightTrack track = resting(dim, 0.2);
  track.stop("wall", at(0));
  EXPECT_NEAR(track.due(at(0))->linear, 0.3, 1e-9);
}

TEST(LightTrack, AStopNamesItsColourAtOnce) {
  Fixture lamp = fading();
  lamp.has_cct = true;
  LightTrack track = resting(lamp, 0.4, 2000);
  track.stop("wall", at(0));
  EXPECT_EQ(track.due(at(0))->cct_k, lamp.safe.cct_k);
}

TEST(LightTrack, ALampBackInAStopsRampIsLedFromWhereItSaysItIs) {
  LightTrack track = resting(fading(LightCurve::gamma22), 1);
  track.stop("wall", at(0));
  EXPECT_EQ(track.due(at(0))->transition, milliseconds{2500});
  track.reassert(at(1));
  track.observed(0.5, at(1));
  track.reassert(at(1));
  EXPECT_EQ(track.due(at(1))->transition, milliseconds{2000}) << "where it was before it went counts no more";
}

TEST(LightTrack, AColourOnItsWayGoesOnWhenTheLevelAloneIsAskedFor) {
  Fixture lamp = fading();
  lamp.has_cct = true;
  LightTrack track = resting(lamp, 0.4, 3500);
  track.aim(wish(0.4, 20, 2500), at(0));
  track.due(at(0));
  track.aim(wish(0.3), at(1));
  std::optional<LightOrder> last;
  for (double s = 1; s < 60; s += 0.1)
    if (auto order = track.due(at(s))) last = order;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->cct_k, 2500);
}

TEST(LightTrack, AfterAStopAFixtureKeepsItsOwnSlew) {
  Fixture slow = fading();
  slow.slew_per_s = 0.05;
  LightTrack track = resting(slow, 0.4);
  track.stop("wall", at(0));
  track.due(at(0));
  track.release();
  track.due(at(10));
  track.observed(0.9, at(20));
  track.reassert(at(20));
  const auto piece = track.due(at(20));
  EXPECT_NEAR(0.9 - piece->linear, 0.05 * std::chrono::duration<double>(piece->transition).count(), 1e-9);
}

TEST(LightTrack, ARepeatedStopDoesNotHurryADeviceThatMissedTheFirst) {
  LightTrack track = resting(fading(), 1);
  track.stop("wall", at(0));
  EXPECT_EQ(track.due(at(0))->transition, milliseconds{2000});
  track.stop("wall", at(1.5));
  EXPECT_EQ(track.due(at(1.5))->transition, milliseconds{1000});
}

TEST(LightTrack, AShortFadeIsShortWhateverTheLampCouldTake) {
  Fixture lamp = fading();
  lamp.transition_max = milliseconds{10000};
  LightTrack track = resting(lamp, 0.4);
  track.aim(wish(0.55), at(0));
  EXPECT_EQ(track.due(at(0))->transition, milliseconds{500});
}

TEST(LightTrack, AGlideOfStepsTakesNoStepThatCannotBeSeen) {
  LightTrack track = resting(stepped(), 0.4);
  track.aim(wish(0.4 - 50.0 / 254, 60), at(0));
  ASSERT_TRUE(track.due(at(0)));
  EXPECT_NEAR(seconds_between(at(0), track.next_wake()), 60.0 / 50, 1e-6);
}

TEST(LightTrack, ColourInStepsIsAsSlowAsInFades) {
  Fixture lamp = stepped();
  lamp.has_cct = true;
  LightTrack track = resting(lamp, 0.4, 3500);
  track.aim(wish(0.4, 0, 2500), at(0));
  EXPECT_NEAR(*track.due(at(0))->cct_k, 3500 - 50, 1e-6) << "500 K/s";
  LightTrack slow = resting(lamp, 0.4, 3500);
  slow.aim(wish(0.3999, 4, 2500), at(0));
  EXPECT_NEAR(*slow.due(at(0))->cct_k, 3500 - 250, 1e-6) << "no pause earns more than half a second of it";
}

TEST(LightTrack, TwoAimsInATenthOfASecondAreTwoCommandsATenthApart) {
  LightTrack track = resting(fading(), 0.4);
  track.aim(wish(0.5), at(0));
  ASSERT_TRUE(track.due(at(0)));
  track.aim(wish(0.6), at(0.05));
  EXPECT_FALSE(track.due(at(0.06)));
  EXPECT_EQ(track.next_wake(), at(0.1));
}

TEST(LightTrack, AReturnJustAfterACommandWaitsForTheNextTenth) {
  LightTrack track = resting(fading(), 0.4);
  track.aim(wish(0.5), at(0));
  ASSERT_TRUE(track.due(at(0)));
  track.reassert(at(0.05));
  EXPECT_FALSE(track.due(at(0.06)));
  track.due(at(0.1));
  track.reassert(at(30));
  EXPECT_EQ(track.next_wake(), at(30));
}

TEST(LightTrack, ADwellThatIsOverDelaysNothing) {
  Fixture slow = fading();
  slow.min_dwell = milliseconds{3000};
  LightTrack track = resting(slow, 0.4);
  track.aim(wish(0.5), at(0));
  EXPECT_EQ(track.next_wake(), at(0));
}

TEST(LightTrack, AStepIntoTheDarkBeginsAtTheDarkerOfWhatIsKnown) {
  const auto first_step = [](double was, double wanted) {
    LightTrack track = resting(stepped(), was);
    track.aim(wish(wanted), at(0));
    track.reassert(at(0));
    return track.due(at(0))->linear;
  };
  EXPECT_NEAR(first_step(0.4, 0.8), 0.4 + 0.03, 1e-9);
  EXPECT_NEAR(first_step(0.4, 0.1), 0.1, 1e-9);
}

// The broker may keep the command until the fade that it turns has ended.
TEST(LightTrack, AFadeThatTurnsAnotherIsGentleFromItsEndToo) {
  LightTrack track = resting(fading(), 0.2);
  track.aim(wish(0.8), at(0));
  EXPECT_EQ(track.due(at(0))->transition, milliseconds{2000});
  track.aim(wish(0.5), at(0.5));
  EXPECT_EQ(track.due(at(0.5))->transition, milliseconds{1000})
      << "0.8 to 0.5; 0.15 would be there in half of it";
  Fixture quick = fading();
  quick.transition_max = milliseconds{600};
  LightTrack limited = resting(quick, 0.2);
  limited.aim(wish(0.8), at(0));
  EXPECT_EQ(limited.due(at(0))->transition, milliseconds{600});
  limited.aim(wish(0.2), at(0.3));
  EXPECT_EQ(limited.due(at(0.3))->transition, milliseconds{600});
}

}  // namespace
}  // namespace rytme::safety
