// SPDX-License-Identifier: Apache-2.0
// One person's sessions beside each other.
#include "controller/review/aligned.hpp"

#include <gmock/gmock.h>

#include "controller/review/json.hpp"
#include "controller/review/question.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

Aligned asked(RoomRecord& record, const std::string& participant, std::size_t last = 12,
              std::size_t points = 200) {
  return record.ask([&](journal::Connection& connection) {
    return aligned(connection, participant, {names_from("hr.bpm,arousal.index"), last, points});
  });
}

TEST(Aligned, EachBeginsAtItsOwnStartOnOneScale) {
  RoomRecord record;
  for (int i = 0; i < 4; ++i) {
    record.start("k" + std::to_string(i), "K7F");
    record.values(Capability::hr_bpm, 70 + i, 60 * (i + 1));
    record.end();
    record.start("q" + std::to_string(i), "Q2M");
    record.values(Capability::hr_bpm, 180, 30);
    record.end();
  }
  const Aligned all = asked(record, "K7F", 3);
  ASSERT_EQ(all.sessions.size(), 3U);
  EXPECT_EQ(all.sessions[0].curves.session.id, "k1");
  EXPECT_EQ(all.sessions[2].curves.session.id, "k3");
  EXPECT_NEAR(all.length_s, 240, 0.1);
  EXPECT_EQ(all.scales[0].min, 71);
  EXPECT_EQ(all.scales[0].max, 73);  // never the other one's 180
  EXPECT_EQ(all.scales[1].min, std::nullopt);
  for (const auto& [session, phases] : all.sessions) {
    EXPECT_EQ(session.session.participant, "K7F");
    EXPECT_EQ(session.series[0].rows.front().t_s, 0);
    EXPECT_EQ(session.bucket_s, all.sessions[0].curves.bucket_s);
    EXPECT_GT(*session.series[0].digest.valid_share, 0.98);  // of its own length
  }
  EXPECT_EQ(to_json(all).find("Q2M"), std::string::npos);
}

TEST(Aligned, EachSaysWhereItsPhasesBegan) {
  RoomRecord record;
  for (const int arrive_s : {20, 50}) {
    record.start("k" + std::to_string(arrive_s), "K7F");
    record.phase("arrive");
    record.values(Capability::hr_bpm, 90, arrive_s);
    record.phase("lead");
    record.values(Capability::hr_bpm, 80, 30);
    record.phase("lead");  // told again after a pause
    record.end();
  }
  const Aligned all = asked(record, "K7F");
  for (const auto& [arrive_s, of] : {std::pair{20, all.sessions[0]}, std::pair{50, all.sessions[1]}}) {
    ASSERT_EQ(of.phases.size(), 2U);
    EXPECT_EQ(of.phases[0].id, "arrive");
    EXPECT_EQ(of.phases[1].id, "lead");
    EXPECT_NEAR(of.phases[1].at_s, arrive_s, 0.1);
  }
  EXPECT_NE(to_json(all).find(R"("phases":[{"phase":"arrive","t_s":)"), std::string::npos);
}

TEST(Aligned, NobodyHasNoSessionsAndNeitherHasTheEmptyCode) {
  RoomRecord record;
  record.start("s1", "");
  record.values(Capability::hr_bpm, 70, 10);
  record.end();
  EXPECT_TRUE(asked(record, "").sessions.empty());
  EXPECT_TRUE(asked(record, "K7F").sessions.empty());
  EXPECT_EQ(asked(record, "K7F").scales[0].max, std::nullopt);
}

TEST(Aligned, TooMuchAtOnceIsRefused) {
  RoomRecord record;
  EXPECT_THROW(asked(record, "K7F", 0), BadQuestion);
  EXPECT_THROW(asked(record, "K7F", most_sessions + 1), BadQuestion);
  EXPECT_THROW(asked(record, "K7F", 12, 0), BadQuestion);
  EXPECT_THROW(asked(record, "K7F", 50, 1000), BadQuestion);
}

}  // namespace
}  // namespace rytme::review
