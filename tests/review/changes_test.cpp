// SPDX-License-Identifier: Apache-2.0
// What the hammock did for this person, over so many sessions: counts and intervals, and silence when there
// are few.
#include "controller/review/changes.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/review/json.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

using testing::ElementsAre;

Changes asked(RoomRecord& record, const std::string& participant = "K7F") {
  return record.ask([&](journal::Connection& connection) { return changes(connection, participant); });
}

void session(RoomRecord& record, const std::string& id, const std::string& before, const std::string& after,
             const std::vector<std::string>& activities, double fall = 0,
             const std::string& participant = "K7F") {
  record.start(id, participant);
  record.phase("arrive");
  record.rate("before", before);
  if (fall > 0) record.values(Capability::arousal_index, 3, 60);
  record.phase("lead");
  for (const std::string& activity : activities) record.activity(activity);
  record.wait_s(60);
  record.phase("close");
  if (fall > 0) record.values(Capability::arousal_index, 3 - fall, 60);
  record.rate("after", after);
  record.end();
}

TEST(Changes, AreCountedPerActivityAndPreset) {
  RoomRecord record;
  for (int i = 0; i < 7; ++i)
    session(record, "s" + std::to_string(i), "alarm",
            i == 6   ? "fear"
            : i == 5 ? "alarm"
                     : "calm",
            {"hammock", "hammock"}, 0.5 + i * 0.1);
  session(record, "other", "terror", "calm", {"hammock"}, 2, "Q2M");
  const Changes all = asked(record);
  EXPECT_EQ(all.sessions, 7U);
  ASSERT_EQ(all.activities.size(), 1U);
  const ChangeGroup& hammock = all.activities[0];
  EXPECT_EQ(hammock.id, "hammock");
  EXPECT_EQ(hammock.sessions, 7U);
  EXPECT_EQ(hammock.rating.n, 7U);
  EXPECT_EQ(hammock.rating.lower, 5U);
  EXPECT_EQ(hammock.rating.same, 1U);
  EXPECT_EQ(hammock.rating.higher, 1U);
  EXPECT_EQ(hammock.rating.median, -2);
  EXPECT_EQ(hammock.rating.interval->low, -2);
  EXPECT_EQ(hammock.rating.interval->high, 1);
  EXPECT_NEAR(hammock.rating.interval->coverage, 1 - 2.0 / 128, 1e-9);
  EXPECT_NEAR(*hammock.index.median, -0.8, 1e-9);
  EXPECT_EQ(hammock.index.n, 7U);
  ASSERT_EQ(all.presets.size(), 1U);
  EXPECT_EQ(all.presets[0].id, "regulate-down");
  EXPECT_EQ(all.presets[0].rating.n, 7U);
}

TEST(Changes, TwoSessionsAreTooFewForNumbers) {
  RoomRecord record;
  session(record, "s1", "alarm", "calm", {"swing"});
  session(record, "s2", "alarm", "calm", {"swing"});
  const ChangeGroup swing = asked(record).activities.at(0);
  EXPECT_TRUE(swing.rating.too_few);
  EXPECT_EQ(swing.rating.n, 2U);
  EXPECT_EQ(swing.rating.median, std::nullopt);
  EXPECT_EQ(swing.rating.interval, std::nullopt);
  EXPECT_EQ(swing.rating.lower_share, std::nullopt);
  const auto json = boost::json::parse(to_json(asked(record))).as_object();
  EXPECT_TRUE(json.at("activities").at(0).at("rating").at("median").is_null());
  EXPECT_TRUE(json.at("activities").at(0).at("rating").at("too_few").as_bool());
}

TEST(Changes, FromThreeOnThereIsAMedianFromSixAnInterval) {
  EXPECT_EQ(change_of({-1, -2, -3}).median, -2);
  EXPECT_EQ(change_of({-1, -2, -3}).interval, std::nullopt);
  EXPECT_TRUE(change_of({-1, -2, -3, -1, -1, -1}).interval);
}

// Off the scale, one-sided or only one's own: no change is made up.
TEST(Changes, WhatIsNotOnTheScaleIsNoChange) {
  RoomRecord record;
  session(record, "s1", "shut_down", "calm", {});
  session(record, "s2", "alarm", "dont_know", {});
  record.start("s3", "K7F");
  record.rate("before", "alarm");
  record.end();
  record.start("s4", "K7F");
  record.rate("before", "alarm", "participant");
  record.rate("after", "calm", "participant");
  record.end();
  const Changes all = asked(record);
  EXPECT_EQ(all.presets.at(0).sessions, 4U);
  EXPECT_EQ(all.presets.at(0).rating.n, 0U);
  EXPECT_EQ(all.presets.at(0).index.n, 0U);
}

TEST(Changes, TheLastWordCounts) {
  RoomRecord record;
  for (const char* id : {"s1", "s2", "s3"}) {
    record.start(id, "K7F");
    record.rate("before", "terror");
    record.rate("before", "attentive");
    record.rate("after", "calm");
    record.end();
  }
  EXPECT_EQ(asked(record).presets.at(0).rating.median, -1);
}

TEST(Changes, AnIndexThatWasMostlyUnknownIsNoChange) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  record.values(Capability::arousal_index, 3, 60);
  record.phase("lead");
  record.wait_s(30);
  record.phase("close");
  record.values(Capability::arousal_index, 1, 15);
  record.wait_s(60);
  record.end();
  EXPECT_EQ(asked(record).presets.at(0).index.n, 0U);
}

// Groups stand in the order of their names, not of their numbers.
TEST(Changes, NothingIsRanked) {
  RoomRecord record;
  for (int i = 0; i < 3; ++i) session(record, "a" + std::to_string(i), "alarm", "alarm", {"ball"});
  for (int i = 0; i < 3; ++i) session(record, "b" + std::to_string(i), "terror", "calm", {"swing"});
  for (int i = 0; i < 3; ++i) session(record, "c" + std::to_string(i), "alarm", "calm", {"hammock"});
  std::vector<std::string> ids;
  for (const ChangeGroup& group : asked(record).activities) ids.push_back(group.id);
  EXPECT_THAT(ids, ElementsAre("ball", "hammock", "swing"));
}

}  // namespace
}  // namespace rytme::review
