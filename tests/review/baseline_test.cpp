// SPDX-License-Identifier: Apache-2.0
// A baseline is believed only when it was calm, long and whole.
#include "controller/review/baseline.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "controller/review/person_memory.hpp"
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
  const auto reason = [](const Track& track, std::optional<double> accepted_share) {
    const Baseline of = baseline_of(track, 0, 180, accepted_share);
    EXPECT_TRUE(of.bpm);
    EXPECT_EQ(of.quality, of.reason.empty() ? "good" : "doubtful");
    return of.reason;
  };
  EXPECT_EQ(reason(quiet(180, 1.5), {}), "slope");
  EXPECT_EQ(reason(quiet(180, -1.5), {}), "slope");
  EXPECT_EQ(reason(quiet(120), {}), "rejected");  // 130 s of 180
  EXPECT_EQ(reason(quiet(180), 0.75), "rejected");
  EXPECT_EQ(reason(quiet(180), 0.95), "");
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
    record.keep(entry::Event{
        "baseline", R"({"participant":")" + participant + R"(","bpm":)" + std::to_string(bpm) +
                        R"(,"iqr":5,"n":180,"valid_share":0.97,"duration_s":180,"quality":")" + quality +
                        R"(","reason":")" + (quality == "good" ? "" : "slope") + R"("})"});
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
  const PersonMemory memory =
      record.ask([](journal::Connection& connection) { return person_memory(connection, "K7F"); });
  EXPECT_EQ(memory.calm_bpm, (std::vector<double>{70, 72, 74})) << "the good ones, oldest first";
  EXPECT_TRUE(memory.movement.empty());
  const CalmPulses none =
      record.ask([](journal::Connection& connection) { return calm_pulses(connection, "Z9Z", 3); });
  EXPECT_EQ(none.latest_good, std::nullopt);
}

TEST(Baseline, WhatMovementCostsIsTheNewestOfEachPlace) {
  RoomRecord record;
  const auto learnt = [&](const char* place, double seconds) {
    record.keep(entry::Event{"baseline_gains", R"({"participant":"","place":")" + std::string(place) +
                                                   R"(","xx":1,"xy":2,"yy":3,"xd":4,"yd":5,"seconds":)" +
                                                   std::to_string(seconds) + "}"});
  };
  record.start("s1", "K7F");
  learnt("chest", 60);
  learnt("wrist", 30);
  learnt("chest", 90);
  record.end();
  const PersonMemory memory =
      record.ask([](journal::Connection& connection) { return person_memory(connection, "K7F"); });
  ASSERT_EQ(memory.movement.size(), 2U);
  EXPECT_EQ(memory.movement[0].place, "chest");
  EXPECT_EQ(memory.movement[0].seconds, 90);
  EXPECT_EQ(memory.movement[1].place, "wrist");
  EXPECT_EQ(memory.movement[1].yd, 5);
}

}  // namespace
}  // namespace rytme::review
