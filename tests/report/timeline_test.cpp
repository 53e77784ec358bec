// SPDX-License-Identifier: Apache-2.0
#include "controller/report/timeline.hpp"

#include <gmock/gmock.h>

#include "controller/report/happenings.hpp"

namespace rytme::report {
namespace {

journal::Stamp at(std::int64_t seq, double mono_s, const std::string& t = "2025-10-09T10:53:20.000+02:00") {
  return {seq, t, mono_s};
}

journal::SessionFacts started(double mono_s) {
  journal::SessionFacts facts;
  facts.start = at(1, mono_s);
  return facts;
}

void pulse(journal::SessionFacts& facts, journal::Stamp when, journal::Scalar value,
           const std::string& quality = "good") {
  facts.readings.push_back(
      {std::move(when), "belt", "hr.bpm", std::move(value), "bpm", quality, std::nullopt});
}

TEST(Timeline, WallTimeIsReadWithItsOffset) {
  EXPECT_EQ(utc_seconds("2025-10-09T10:53:20.250+02:00"), 1760000000.25);
  EXPECT_EQ(utc_seconds("2025-10-09T04:23:20.000-04:30"), 1760000000);
  EXPECT_EQ(utc_seconds("nonsense"), 0);
}

TEST(Timeline, AMachineThatRestartedGoesOnByTheWallClock) {
  auto facts = started(5000);
  pulse(facts, at(2, 5010), 80.0);
  pulse(facts, at(3, 4, "2025-10-09T10:54:30.000+02:00"), 81.0);  // 70 s later by the wall
  pulse(facts, at(4, 9, "2025-10-09T10:54:35.000+02:00"), 82.0);
  const SessionClock clock(facts);
  EXPECT_TRUE(clock.restarted());
  EXPECT_DOUBLE_EQ(clock.at(facts.readings[0].at), 10);
  EXPECT_DOUBLE_EQ(clock.at(facts.readings[1].at), 80);
  EXPECT_DOUBLE_EQ(clock.at(facts.readings[2].at), 85);
  EXPECT_DOUBLE_EQ(clock.length_s(), 85);
}

// Codes are corrected the next day, and the machine may have started anew by then.
TEST(Timeline, WhatIsToldAfterTheEndStandsAtTheEnd) {
  auto facts = started(5000);
  facts.end_seq = 3;
  facts.end_mono_s = 5060;
  pulse(facts, at(2, 5010), 80.0);
  facts.events.push_back({at(7, 60, "2025-10-10T10:53:20.000+02:00"), "session_change", "{}"});
  const SessionClock clock(facts);
  EXPECT_FALSE(clock.restarted());
  EXPECT_DOUBLE_EQ(clock.length_s(), 60);
  EXPECT_DOUBLE_EQ(clock.at(facts.events[0].at), 60);
}

TEST(Timeline, AWallClockThatJumpsGivesNoNegativeOrAbsurdLength) {
  for (const char* wall : {"1970-01-01T00:00:00.000+00:00", "2026-10-09T10:53:20.000+02:00"}) {
    auto facts = started(5000);
    pulse(facts, at(2, 5010), 80.0);
    pulse(facts, at(3, 5020, wall), 80.0);  // the steady clock goes on: the wall is not asked
    EXPECT_DOUBLE_EQ(SessionClock(facts).length_s(), 20);
    pulse(facts, at(4, 3, wall), 80.0);
    EXPECT_DOUBLE_EQ(SessionClock(facts).length_s(), 20);
  }
}

TEST(Timeline, ABodysValueHoldsTenSecondsAndNeverBeyondAGap) {
  auto facts = started(0);
  facts.end_mono_s = 60;
  pulse(facts, at(2, 1), 80.0);
  pulse(facts, at(3, 3), std::monostate{}, "unknown");
  pulse(facts, at(4, 20), 90.0);
  pulse(facts, at(5, 55), 91.0, "doubtful");
  const SessionClock clock(facts);
  const auto held = reading_tracks(facts, clock).at(0).held;
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(held[0].to_s, 3);
  EXPECT_EQ(held[1].to_s, 30);
  EXPECT_EQ(held[2].to_s, 60);
  EXPECT_TRUE(held[2].doubtful);
  EXPECT_EQ(gaps(held, 60).size(), 3U);
}

TEST(Timeline, WhenRecordingGoesOffNothingOfABodyHolds) {
  auto facts = started(0);
  facts.end_mono_s = 60;
  pulse(facts, at(2, 1), 80.0);
  facts.events.push_back({at(3, 4), "session_change", R"({"recording":false})"});
  EXPECT_EQ(reading_tracks(facts, SessionClock(facts)).at(0).held.at(0).to_s, 4);
}

TEST(Timeline, HappeningsAreInOrderAndInPlainWords) {
  auto facts = started(0);
  facts.end_mono_s = 60;
  facts.events.push_back({at(2, 1), "manual", R"({"channel":"light"})"});
  facts.events.push_back({at(3, 2), "device_lost", R"({"device":"belt"})"});
  facts.events.push_back({at(4, 3), "session_change", R"({"recording":false})"});
  facts.events.push_back({at(6, 5), "something_new", "not json"});
  facts.ratings.push_back({at(5, 4), "staff", "staff", "during", "attentive", "tablet"});
  std::vector<std::string> texts;
  for (const auto& each : happenings(facts, SessionClock(facts))) texts.push_back(each.text);
  EXPECT_THAT(
      texts, testing::ElementsAre("For hånd: lys", "Uten kontakt: belt",
                                  "Personal om seg selv: Oppmerksom til stede (underveis)", "something_new"));
}

}  // namespace
}  // namespace rytme::report
