// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/standing.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"
#include "controller/safety/light_track.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

TEST(Standing, NothingIsFurtherThanTheReachFromWhatWasSaid) {
  Standing place(0.1);
  EXPECT_FALSE(place.known());
  place.told(0.5);
  EXPECT_TRUE(place.said(0.5));
  ASSERT_TRUE(place.known());
  EXPECT_DOUBLE_EQ(place.within(0.55), 0.55);
  EXPECT_DOUBLE_EQ(place.within(0.9), 0.6);
  EXPECT_DOUBLE_EQ(place.within(0.1), 0.4);
}

// A step that nobody confirmed was taken or not: the next one is within reach of both places.
TEST(Standing, WhatIsOnItsWayCountsAsWell) {
  for (const double way : {+1.0, -1.0}) {
    Standing place(0.1);
    place.told(0.5);
    place.said(0.5);
    place.told(0.5 + way * 0.08);
    EXPECT_DOUBLE_EQ(place.within(0.5 + way), 0.5 + way * 0.1);
    EXPECT_DOUBLE_EQ(place.within(0.5 - way), 0.5 - way * 0.02);
    EXPECT_TRUE(place.said(0.5 + way * 0.08));
    EXPECT_DOUBLE_EQ(place.within(0.5 + way), 0.5 + way * 0.18);
  }
}

TEST(Standing, OneThatOthersMovedStandsWhereItSays) {
  Standing place(0.1);
  place.told(0.9);
  EXPECT_TRUE(place.said(0.9));
  EXPECT_FALSE(place.said(0.9)) << "no news";
  EXPECT_TRUE(place.said(0.2));
  EXPECT_DOUBLE_EQ(place.within(0.9), 0.3);
  EXPECT_DOUBLE_EQ(place.nearest(0.9), 0.2);
  place.forget();
  EXPECT_FALSE(place.known());
}

TEST(Standing, ThatAStepHasArrivedIsNewsAlsoWhereItWasSaidBefore) {
  Standing place(0.1);
  place.told(0.5);
  place.said(0.5);
  place.told(0.6);
  place.told(0.5);
  EXPECT_TRUE(place.said(0.5)) << "the 0.6 in between is not on its way any more";
}

// A stop turns a light round whose last steps are still on their way: no step of it goes the old way.
TEST(Standing, AStepBeginsAtThePlaceNearestToItsTarget) {
  Standing place(0.1);
  place.told(0.5);
  place.said(0.5);
  place.told(0.42);
  EXPECT_DOUBLE_EQ(place.nearest(0.9), 0.5);
  EXPECT_DOUBLE_EQ(place.nearest(0.1), 0.42);
  EXPECT_DOUBLE_EQ(place.nearest(0.45), 0.45);
  place.said(0.5);
  EXPECT_DOUBLE_EQ(place.nearest(0.1), 0.42) << "still on its way";
  place.told(0.55);
  place.said(0.5);
  EXPECT_DOUBLE_EQ(place.nearest(0.9), 0.55);
}

Fixture confirming() {
  Fixture fixture;
  fixture.is_light = fixture.confirms = true;
  fixture.curve = LightCurve::linear;
  return fixture;
}

void lead_to(LightTrack& track, double level, double when_s = 0) {
  track.aim({{level, 0}, 0, slew_activating_per_s, "preset"}, at(when_s));
}

// Stands at `level`, seen and led there long ago.
LightTrack resting(double level) {
  LightTrack track(confirming());
  track.observed(level, at(-100));
  lead_to(track, level, -100);
  for (double s = -100; s < -50; s += 0.1)
    if (const auto order = track.due(at(s))) track.took(order->linear);
  return track;
}

double furthest(LightTrack& track, double from_s, double to_s) {
  double level = -1;
  for (double s = from_s; s < to_s; s += 0.05)
    if (const auto order = track.due(at(s))) level = std::max(level, order->linear);
  return level;
}

TEST(Standing, StepsThatNobodyConfirmsEndWithinFourTenthsOfASecondsWorth) {
  LightTrack track = resting(0.3);
  lead_to(track, 0.9);
  EXPECT_NEAR(furthest(track, 0, 10), 0.3 + 0.30 * 0.4, 1e-9);
  track.took(0.36);
  EXPECT_NEAR(furthest(track, 10, 20), 0.36 + 0.30 * 0.4, 1e-9) << "and go on from the one that was";
  track.observed(0.2, at(20));
  EXPECT_NEAR(furthest(track, 20, 30), 0.2 + 0.30 * 0.4, 1e-9) << "or from where it says it stands";
}

TEST(Standing, ALightThatTurnsRoundBeforeItsStepsArrivedIsNotLedOnFirst) {
  LightTrack track = resting(0.25);
  lead_to(track, 0.1);
  EXPECT_NEAR(track.due(at(0))->linear, 0.22, 1e-9);
  EXPECT_NEAR(track.due(at(0.1))->linear, 0.19, 1e-9);
  track.stop("page", at(0.15));
  EXPECT_NEAR(track.due(at(0.15))->linear, 0.255, 0.004) << "from 0.25, where it stands, to 0.4";
}

TEST(Standing, ASlowDevicesOneStepIsWithinItsReach) {
  Fixture slow = confirming();
  slow.min_interval = milliseconds{500};
  LightTrack track(slow);
  track.observed(0.2, at(-1));
  lead_to(track, 0.9);
  EXPECT_NEAR(track.due(at(0))->linear, 0.2 + 0.30 * 0.5, 1e-9);
}

TEST(Standing, AStepThatIsNotConfirmedIsSaidAgainTwiceASecond) {
  LightTrack track = resting(0.3);
  lead_to(track, 0.9);
  furthest(track, 0, 5);
  int said = 0;
  for (double s = 5; s < 15; s += 0.05) said += track.due(at(s)) ? 1 : 0;
  EXPECT_NEAR(said, 20, 1);
}

TEST(Standing, ASlowDeviceIsToldAgainNoOftenerThanItCan) {
  Fixture slow = confirming();
  slow.min_interval = milliseconds{900};
  LightTrack track(slow);
  track.observed(0.3, at(-1));
  lead_to(track, 0.9);
  furthest(track, 0, 5);
  Instant last = track.next_wake();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(track.due(last));
    EXPECT_GE(track.next_wake() - last, milliseconds{900});
    last = track.next_wake();
  }
}

TEST(Standing, AConfirmationIsFollowedAtOnce) {
  LightTrack track = resting(0.3);
  lead_to(track, 0.9);
  furthest(track, 0, 5);
  const Instant last = track.next_wake();
  ASSERT_TRUE(track.due(last));
  track.took(0.39);
  EXPECT_EQ(track.next_wake(), last + milliseconds{100});
}

TEST(Standing, OneThatWasLostIsToldNothingUntilItSaysWhereItStands) {
  LightTrack track = resting(0.3);
  track.lost(at(-1));
  lead_to(track, 0.9);
  EXPECT_EQ(furthest(track, 0, 5), -1);
  track.stop("page", at(5));
  track.due(at(5));
  track.stop("button", at(5.05));
  EXPECT_EQ(furthest(track, 5.05, 8), -1) << "nor by a second stop";
  track.observed(0.7, at(8));
  const auto order = track.due(at(8));
  ASSERT_TRUE(order);
  EXPECT_NEAR(order->linear, 0.7, 0.30 * 0.4 + 1e-9);
  EXPECT_LT(order->linear, 0.7);
}

TEST(Standing, OneThatNeverSaysIsLedAllTheSame) {
  Fixture silent = confirming();
  silent.confirms = false;
  LightTrack track(silent);
  lead_to(track, 0.9);
  EXPECT_NEAR(furthest(track, 0, 10), 0.9, 1e-9);
}

TEST(Standing, OnlyTheLightThatTookItsStepsGoesOn) {
  std::vector<Fixture> two(2, confirming());
  two[0].device = 1;
  two[1].device = 2;
  LastStage stage(two, {});
  for (const DeviceIndex device : {DeviceIndex{1}, DeviceIndex{2}}) stage.observed_light(device, 0.3, at(-1));
  Aim bright;
  bright.light = LightScene{0.9, 0};
  stage.aim(bright, at(0));
  std::map<DeviceIndex, double> reached;
  for (double s = 0; s < 20; s += 0.1)
    for (const Sent& sent : stage.due(at(s))) {
      const double linear = sent.command.settings.at(0).value;
      auto& furthest = reached[sent.command.device];
      furthest = std::max(furthest, linear);
      if (sent.command.device == 1) stage.took_step(1, linear);
    }
  EXPECT_NEAR(reached[1], 0.9, 1e-6);
  EXPECT_LE(reached[2], 0.3 + 0.12 + 1e-9);
}

}  // namespace
}  // namespace rytme::safety
