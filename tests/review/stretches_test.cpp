// SPDX-License-Identifier: Apache-2.0
// Before, during and after, as a team reads them.
#include "controller/review/stretches.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/review/json.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

Summary asked(RoomRecord& record, const std::string& id = "s1") {
  return record.ask([&](journal::Connection& connection) { return *summary(connection, id); });
}

TEST(Summary, EachPhaseHasItsOwnMedianShareAndCount) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  record.values(Capability::hr_bpm, 100, 60);
  record.phase("lead");
  record.values(Capability::hr_bpm, 90, 60);
  record.phase("stay");
  record.wait_s(60);  // the belt slipped
  record.phase("close");
  record.values(Capability::hr_bpm, 80, 30);
  record.values(Capability::hr_bpm, 190, 30, Quality::doubtful);
  record.end();
  const Summary all = asked(record);
  EXPECT_EQ(all.stretches[0].heart.median, 100);
  EXPECT_EQ(all.stretches[0].heart.n, 60U);
  EXPECT_NEAR(*all.stretches[0].heart.valid_share, 1, 0.01);
  EXPECT_EQ(all.stretches[1].heart.median, 90);
  EXPECT_NEAR(*all.stretches[1].stretch.to_s - *all.stretches[1].stretch.from_s, 120, 0.1);
  EXPECT_NEAR(*all.stretches[1].heart.valid_share, 69 / 120.0, 0.01);
  EXPECT_EQ(all.stretches[2].heart.median, 80);  // the doubtful ones are no data
  EXPECT_EQ(all.stretches[2].heart.n, 30U);
  EXPECT_EQ(all.stretches[2].heart.n_all, 60U);
  EXPECT_NEAR(*all.stretches[2].heart.valid_share, 0.5, 0.01);
}

TEST(Summary, UnknownStaysUnknown) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  record.values(Capability::hr_bpm, 100, 5);
  record.end("stopped");
  const Summary all = asked(record);
  EXPECT_EQ(all.stretches[0].heart.median, std::nullopt);
  EXPECT_EQ(all.stretches[0].heart.reason, "too_few");
  EXPECT_EQ(all.stretches[0].index.reason, "no_data");
  EXPECT_EQ(all.stretches[2].heart.reason, "no_close");
  EXPECT_EQ(all.stretches[1].heart.reason, "nothing_between");
  EXPECT_EQ(all.stretches[2].stretch.from_s, std::nullopt);
  EXPECT_EQ(all.band.bpm, std::nullopt);
  const auto json = boost::json::parse(to_json(all)).as_object();
  EXPECT_TRUE(json.at("after").at("heart").at("median").is_null());
  EXPECT_TRUE(json.at("before").at("index").at("median").is_null());
  EXPECT_EQ(json.at("after").at("heart").at("reason").as_string(), "no_close");
  EXPECT_TRUE(json.at("own_baseline").at("median").is_null());
}

TEST(Summary, TheBetterDeviceCountsAndIsNamed) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  for (int i = 0; i < 30; ++i) {
    record.value(Capability::hr_bpm, 75, Quality::good, "belt");
    record.value(Capability::hr_bpm, 120, i < 5 ? Quality::good : Quality::doubtful, "armband");
    record.wait_s(1);
  }
  record.end();
  EXPECT_EQ(asked(record).stretches[0].heart.device, "belt");
  EXPECT_EQ(asked(record).stretches[0].heart.median, 75);
}

TEST(Summary, TheMeanOfAcceptedBeatsGoesBeforeTheDevicesWord) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  for (int i = 0; i < 30; ++i) {
    record.value(Capability::hr_bpm, 75);
    record.value(Capability::hr_mean10_bpm, 74);
    record.wait_s(1);
  }
  record.end();
  EXPECT_EQ(asked(record).stretches[0].heart.channel, "hr.mean10_bpm");
}

TEST(Summary, APhaseThatIsToldAgainGoesOn) {
  RoomRecord record;
  record.start("s1", "K7F");
  for (const char* phase : {"arrive", "arrive", "lead", "lead", "close", "close"}) {
    record.phase(phase);
    record.values(Capability::hr_bpm, 70, 15);
  }
  record.end();
  const Summary all = asked(record);
  EXPECT_NEAR(*all.stretches[0].stretch.to_s, 30, 0.1);
  EXPECT_NEAR(*all.stretches[2].stretch.from_s, 60, 0.1);
  EXPECT_EQ(all.stretches[2].heart.n, 30U);
}

TEST(Summary, ThereIsNoneOfASessionThatIsNot) {
  RoomRecord record;
  EXPECT_EQ(record.ask([](journal::Connection& connection) { return summary(connection, "s1"); }),
            std::nullopt);
}

}  // namespace
}  // namespace rytme::review
