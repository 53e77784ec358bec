// SPDX-License-Identifier: Apache-2.0
// A baseline is believed only when it was calm, long and whole.
#include "controller/review/baseline.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

// One good value a second around 70, rising by so much a minute.
Track quiet(double length_s, double rise_per_min = 0) {
  Track track{"hr.bpm", "belt", "bpm", {}};
  for (double t = 0; t < length_s; t += 1)
    track.points.push_back({t, 70 + 3 * std::sin(t / 5) + rise_per_min * t / 60, true});
  return track;
}

TEST(Baseline, ThreeQuietMinutesAreGood) {
  const Baseline of = baseline_of(quiet(180), 0, 180, {});
  EXPECT_EQ(of.quality, "good");
  EXPECT_EQ(of.reason, "");
  EXPECT_NEAR(*of.bpm, 70, 0.5);
  EXPECT_LT(*of.q1, *of.bpm);
  EXPECT_GT(*of.q3, *of.bpm);
  EXPECT_EQ(of.n, 180U);
  EXPECT_NEAR(*of.valid_share, 1, 1e-9);
}

TEST(Baseline, OfALongSpanTheFirstFiveMinutesCount) {
  Track track = quiet(600);
  for (Point& point : track.points)
    if (point.t_s > 300) point.value = 150;
  const Baseline of = baseline_of(track, 0, 600, {});
  EXPECT_EQ(of.duration_s, 300);
  EXPECT_NEAR(*of.bpm, 70, 0.5);
}

TEST(Baseline, TooLittleIsUnknownWithItsReason) {
  EXPECT_EQ(baseline_of(std::nullopt, 0, 180, {}).reason, "no_data");
  EXPECT_EQ(baseline_of(quiet(119), 0, 119, {}).reason, "too_short");
  EXPECT_EQ(baseline_of(quiet(5), 0, 180, {}).reason, "too_few");
  EXPECT_EQ(baseline_of(quiet(70), 0, 180, {}).reason, "too_little_valid");
  for (const double length_s : {119.0, 5.0}) {
    EXPECT_EQ(baseline_of(quiet(length_s), 0, length_s, {}).bpm, std::nullopt);
    EXPECT_EQ(baseline_of(quiet(length_s), 0, length_s, {}).quality, "unknown");
  }
}

TEST(Baseline, WhatSpeaksAgainstItMakesItDoubtful) {
  const auto reason = [](const Track& track, const BaselineContext& context) {
    const Baseline of = baseline_of(track, 0, 180, context);
    EXPECT_TRUE(of.bpm);
    EXPECT_EQ(of.quality, of.reason.empty() ? "good" : "doubtful");
    return of.reason;
  };
  EXPECT_EQ(reason(quiet(180, 1.5), {}), "slope");
  EXPECT_EQ(reason(quiet(180, -1.5), {}), "slope");
  EXPECT_EQ(reason(quiet(120), {}), "rejected");  // 130 s of 180
  EXPECT_EQ(reason(quiet(180), {.accepted_share = 0.75}), "rejected");
  EXPECT_EQ(reason(quiet(180), {.moving_share = 0.25}), "moving");
  EXPECT_EQ(reason(quiet(180), {.history_bpm = 59}), "above_history");
  EXPECT_EQ(reason(quiet(180), {.accepted_share = 0.95, .moving_share = 0.1, .history_bpm = 65}), "");
}

TEST(Baseline, TheBandIsOfTheFirstFiveMinutes) {
  RoomRecord record;
  record.start("s1", "K7F");
  for (int i = 0; i < 60; ++i) {
    record.values(Capability::hr_bpm, 68, 2);
    record.values(Capability::hr_bpm, 72, 3);
  }
  record.values(Capability::hr_bpm, 140, 300);
  record.end();
  const Baseline band = record.ask([](journal::Connection& connection) {
    const auto session = *find_frame(connection, "s1");
    return own_band(connection, session, whole_track(connection, session, heart_channels()));
  });
  EXPECT_EQ(band.quality, "good");
  EXPECT_EQ(band.bpm, 72);
  EXPECT_EQ(band.q1, 68);
  EXPECT_EQ(band.n, 300U);
  EXPECT_EQ(band.duration_s, 300);
}

TEST(Baseline, HistoryIsThePersonsOwnAndNewestFirst) {
  RoomRecord record;
  const auto measured = [&](const std::string& participant, double bpm, const std::string& quality) {
    Baseline baseline{bpm, bpm - 2, bpm + 3, 180, 0.97, 180, quality, quality == "good" ? "" : "slope"};
    record.keep(entry::Event{"baseline", event_data(participant, baseline)});
    record.wait_s(86400);
  };
  record.scribe().session = "";
  measured("K7F", 70, "good");
  measured("Q2M", 95, "good");
  measured("K7F", 72, "good");
  measured("K7F", 90, "doubtful");
  record.keep(entry::Event{"baseline", "not json"});
  // A code that was corrected afterwards: the session's present participant counts.
  record.start("s1", "K7F");
  measured("X1Y", 74, "good");
  record.end();
  const CalmPulses pulses =
      record.ask([](journal::Connection& connection) { return calm_pulses(connection, "K7F", 3); });
  ASSERT_EQ(pulses.history.size(), 3U);
  EXPECT_EQ(pulses.history[0].bpm, 74);
  EXPECT_EQ(pulses.history[0].session, "s1");
  EXPECT_EQ(pulses.history[1].quality, "doubtful");
  EXPECT_EQ(pulses.history[1].reason, "slope");
  EXPECT_EQ(pulses.history[2].bpm, 72);
  EXPECT_EQ(pulses.history[2].iqr, 5);
  EXPECT_EQ(pulses.latest_good->bpm, 74);
  EXPECT_EQ(history_bpm(pulses), 73);
  const CalmPulses none =
      record.ask([](journal::Connection& connection) { return calm_pulses(connection, "Z9Z", 3); });
  EXPECT_EQ(none.latest_good, std::nullopt);
  EXPECT_EQ(history_bpm(none), std::nullopt);
}

}  // namespace
}  // namespace rytme::review
