// SPDX-License-Identifier: Apache-2.0
// What people did and said, where a psychologist looks for it.
#include "controller/review/marks.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/review/json.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

boost::json::object asked(RoomRecord& record, const std::string& id) {
  return boost::json::parse(record.ask([&](journal::Connection& connection) {
           return to_json(marks(connection, *find_frame(connection, id)));
         }))
      .as_object();
}

TEST(Marks, EventsAndRatingsStandAtTheirSecondInTheirOrder) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.rate("before", "alarm");
  record.wait_s(60);
  record.activity("hammock");
  record.wait_s(30);
  record.rate("after", "calm", "participant");
  record.end();
  record.start("s2", "K7F");
  record.activity("ball");
  record.end();
  const auto all = asked(record, "s1");
  boost::json::array activities;  // the record begins with an event of its own
  for (const auto& event : all.at("events").as_array())
    if (event.at("kind") == "activity") activities.push_back(event);
  ASSERT_EQ(activities.size(), 1U) << "another session's are not here";
  EXPECT_EQ(activities[0].at("data").at("id"), "hammock");
  EXPECT_NEAR(activities[0].at("t_s").to_number<double>(), 60, 0.1);
  const auto& ratings = all.at("ratings").as_array();
  ASSERT_EQ(ratings.size(), 2U);
  EXPECT_EQ(ratings[0].at("state"), "alarm");
  EXPECT_NEAR(ratings[1].at("t_s").to_number<double>(), 90, 0.1);
  EXPECT_EQ(ratings[1].at("by"), "participant");
  EXPECT_EQ(ratings[1].at("when"), "after");
}

std::vector<Day> days(RoomRecord& record, std::size_t most) {
  return record.ask([&](journal::Connection& connection) { return days_of(connection, "K7F", most); });
}

std::string line(const Day& day) {
  std::string words;
  for (const StateSeen& seen : day.states) words += (words.empty() ? "" : " ") + seen.state;
  return words;
}

TEST(Days, AShiftReadsAsStaffSawItTheNewestDayFirst) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.rate("before", "alarm");
  record.rate("before", "calm", "participant");  // the own word is another thing
  record.rate("after", "attentive");
  record.end();
  record.start("s2", "M3N");
  record.rate("before", "terror");  // somebody else
  record.end();
  record.wait_s(24 * 3600);
  record.start("s3", "K7F");
  record.rate("before", "fear");
  record.rate("during", "alarm");
  record.rate("after", "calm");
  record.end();
  const auto all = days(record, 50);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(line(all[0]), "fear alarm calm");
  EXPECT_EQ(all[0].states[0].session, "s3");
  EXPECT_EQ(line(all[1]), "alarm attentive");
  EXPECT_GT(all[0].day, all[1].day);
  EXPECT_EQ(all[0].states[0].t.substr(0, 10), all[0].day);
}

TEST(Days, NoMoreThanAskedFor) {
  RoomRecord record;
  for (int i = 0; i < 5; ++i) {
    record.start("s" + std::to_string(i), "K7F");
    record.rate("before", "alarm");
    record.end();
    record.wait_s(24 * 3600);
  }
  const auto newest = days(record, 2);
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0].states.at(0).session, "s4");
}

}  // namespace
}  // namespace rytme::review
