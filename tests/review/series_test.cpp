// SPDX-License-Identifier: Apache-2.0
// A session's curves out of a real record.
#include "controller/review/series.hpp"

#include <cmath>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/review/json.hpp"
#include "controller/review/question.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::review {
namespace {

namespace json = boost::json;
using testing::DoubleNear;
using testing::ElementsAre;

SeriesAnswer asked(RoomRecord& record, const std::string& names, std::optional<double> from_s = {},
                   std::optional<double> to_s = {}, std::size_t points = 1000) {
  return record.ask([&](journal::Connection& connection) {
    return *series(connection, "s1", {names_from(names), from_s, to_s, points});
  });
}

TEST(Series, AMinuteOfPulseIsAllThere) {
  RoomRecord record;
  record.start("s1", "K7F");
  for (int i = 0; i < 60; ++i) record.values(Capability::hr_bpm, 70 + i % 5, 1);
  record.end();
  const auto answer = asked(record, "hr.bpm", 0, 60, 60);
  ASSERT_EQ(answer.series.size(), 1U);
  const Series& pulse = answer.series[0];
  EXPECT_EQ(pulse.device, "belt");
  EXPECT_EQ(pulse.name.unit, "bpm");
  ASSERT_EQ(pulse.rows.size(), 60U);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(pulse.rows[i].mean, static_cast<double>(70 + i % 5));
  EXPECT_EQ(pulse.digest.n, 60U);
  EXPECT_GT(*pulse.digest.valid_share, 0.99);
}

TEST(Series, LostDoubtfulAndUnknownDataAreTold) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.values(Capability::hr_bpm, 70, 20);
  record.wait_s(40);  // nothing heard
  record.values(Capability::hr_bpm, 140, 20, Quality::doubtful);
  record.value(Capability::hr_bpm, std::nullopt, Quality::unknown);
  record.wait_s(2);
  record.values(Capability::hr_bpm, 72, 18);
  record.end();
  const auto pulse = asked(record, "hr.bpm", 0, 100, 100).series[0];
  std::vector<double> gaps;
  for (const Bucket& row : pulse.rows)
    if (row.n == 0) gaps.push_back(std::round(row.t_s));
  EXPECT_THAT(gaps, ElementsAre(29, 80));
  EXPECT_EQ(pulse.digest.n, 58U);
  EXPECT_EQ(pulse.digest.n_good, 38U);
  EXPECT_NEAR(*pulse.digest.valid_share, (19 + 10 + 18) / 100.0, 0.01);
  EXPECT_EQ(pulse.digest.max, 140);  // shown
}

TEST(Series, CommandedConfirmedAndMeasuredAreThreeCurves) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.keep(entry::Commanded{"lamp", Capability::light_level, 0.8, "", 900, "preset"});
  const std::uint64_t first = record.scribe().next_seq() - 1;
  record.wait_s(1);
  record.keep(entry::Confirmed{first, 0.79, std::nullopt});
  record.wait_s(30);
  record.keep(entry::Commanded{"lamp", Capability::light_level, 0.2, "", 900, "preset"});
  record.keep(entry::Confirmed{record.scribe().next_seq() - 1, std::nullopt, 0.25});
  record.wait_s(30);
  record.end();
  const auto answer =
      asked(record, "light.level.commanded,light.level.confirmed,light.level.measured", 0, 60, 60);
  ASSERT_EQ(answer.series.size(), 3U);
  EXPECT_EQ(answer.series[0].rows.size(), 2U);
  EXPECT_EQ(answer.series[0].rows[1].last, 0.2);
  EXPECT_EQ(answer.series[1].rows.size(), 1U);
  EXPECT_EQ(answer.series[1].rows[0].last, 0.79);
  EXPECT_EQ(answer.series[2].rows[0].last, 0.25);
  // A later look still knows what stood before.
  const auto later = asked(record, "light.level.commanded", 10, 20, 10);
  EXPECT_EQ(later.series[0].rows.front().t_s, 10);
  EXPECT_EQ(later.series[0].rows.front().first, 0.8);
}

// 100 Hz with a lost frame and a jolt of one sample; the network is slow for a while.
TEST(Series, MotionComesFromTheStreamAtTheNodesOwnTime) {
  RoomRecord record;
  record.start("s1", "K7F");
  MotionFrame frame;
  frame.stamp = {"9f2c", 0, 700000000};
  frame.step_us = {10000};
  frame.ax.assign(20, 0.0F);
  frame.ay.assign(20, 3.0F);
  frame.az.assign(20, 4.0F);
  for (int i = 0; i < 300; ++i) {  // a minute
    frame.stamp.seq = static_cast<std::uint64_t>(i);
    frame.stamp.t_us = 700000000 + i * 200000;
    frame.ax[7] = i == 100 ? 12.0F : 0.0F;
    record.wait_s(0.199);
    if (i >= 150 && i < 155) continue;  // a second is lost
    if (i == 200) record.wait_s(0.5);   // arrives late
    if (i == 203) record.wait_s(-0.5);
    record.keep(entry::Motion{"seat", frame});
  }
  record.end();
  const auto answer = asked(record, "motion.magnitude,motion.accel.x,motion.gyro.x", 0, 60, 60);
  ASSERT_EQ(answer.series.size(), 3U);
  const Series& magnitude = answer.series[0];
  EXPECT_EQ(magnitude.device, "seat");
  EXPECT_EQ(magnitude.digest.n, 295U * 20U);
  EXPECT_EQ(magnitude.digest.min, 5);
  EXPECT_EQ(magnitude.digest.max, 13);  // 12, 3, 4
  EXPECT_EQ(magnitude.rows[20].max, 13);
  EXPECT_EQ(answer.series[1].digest.max, 12);
  EXPECT_EQ(answer.series[2].digest.n, 0U);  // has no rotation
  const auto gap = std::find_if(magnitude.rows.begin(), magnitude.rows.end(),
                                [](const Bucket& row) { return row.n == 0; });
  ASSERT_NE(gap, magnitude.rows.end());
  EXPECT_NEAR(gap->t_s, 30, 0.3);
  EXPECT_NEAR(*magnitude.digest.valid_share, 59 / 60.0, 0.01);
  EXPECT_EQ(std::count_if(magnitude.rows.begin(), magnitude.rows.end(),
                          [](const Bucket& row) { return row.n == 0; }),
            1);
}

// A polled sensor: every frame is one sample, and names no step.
TEST(Series, FramesOfOneSampleAreNoGaps) {
  RoomRecord record;
  record.start("s1", "K7F");
  MotionFrame frame;
  frame.stamp.boot = "9f2c";
  frame.ax = frame.ay = frame.az = {1.0F};
  for (int i = 0; i < 400; ++i) {
    frame.stamp.seq = static_cast<std::uint64_t>(i);
    frame.stamp.t_us = i * 50000;
    record.wait_s(0.049);
    if (i < 200 || i >= 240) record.keep(entry::Motion{"hammock", frame});  // two seconds are lost
  }
  record.end();
  const auto motion = asked(record, "motion.accel.x", 0, 20, 20).series[0];
  EXPECT_EQ(
      std::count_if(motion.rows.begin(), motion.rows.end(), [](const Bucket& row) { return row.n == 0; }), 1);
  EXPECT_NEAR(*motion.digest.valid_share, 0.9, 0.02);
}

TEST(Series, ARecordingPlayedFastStaysInItsPlace) {
  RoomRecord record;
  record.start("s1", "K7F");
  MotionFrame frame;
  frame.stamp.boot = "9f2c";
  frame.step_us = {10000};
  frame.ax = frame.ay = frame.az = std::vector<float>(20, 1.0F);
  for (int i = 0; i < 600; ++i) {  // two minutes of the node in twelve seconds of the room
    frame.stamp.seq = static_cast<std::uint64_t>(i);
    frame.stamp.t_us = i * 200000;
    record.wait_s(0.019);
    record.keep(entry::Motion{"seat", frame});
  }
  record.end();
  const auto motion = asked(record, "motion.accel.x", 0, 12, 12).series[0];
  EXPECT_GT(motion.digest.n, 11800U);
  EXPECT_GT(*motion.digest.valid_share, 0.95);
}

TEST(Series, BeatsLieAtTheirOwnTimes) {
  RoomRecord record;
  record.start("s1", "K7F");
  for (std::uint64_t i = 1; i <= 30; ++i) {
    record.wait_s(0.999);
    record.keep(entry::Heart{
        "belt", journal::heart_frame(i, {512, i == 10 ? std::uint16_t{4096} : std::uint16_t{512}})});
  }
  record.end();
  const auto beats = asked(record, "hr.rr_ms", 0, 30, 60).series[0];
  EXPECT_EQ(beats.digest.n, 60U);
  EXPECT_EQ(beats.digest.n_good, 59U);  // 4 s is no interval
  EXPECT_EQ(beats.digest.max, 4000);
  EXPECT_EQ(beats.digest.min, 500);
}

TEST(Series, EveryDeviceIsACurveOfItsOwnAndANameWithoutDataIsTold) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.value(Capability::hr_bpm, 70, Quality::good, "belt");
  record.value(Capability::hr_bpm, 90, Quality::good, "watch");
  record.wait_s(5);
  record.end();
  const auto answer = asked(record, "arousal.index,hr.bpm");
  ASSERT_EQ(answer.series.size(), 3U);
  EXPECT_EQ(answer.series[0].device, "");
  EXPECT_TRUE(answer.series[0].rows.empty());
  EXPECT_EQ(answer.series[0].digest.min, std::nullopt);
  EXPECT_EQ(answer.series[1].device, "belt");
  EXPECT_EQ(answer.series[2].device, "watch");
}

// Five channels at 4 Hz are read by walking the session, one by the index: both say the same.
TEST(Series, ManyNamesAndOneNameGiveTheSameNumbers) {
  RoomRecord record;
  record.start("other", "Q2M");
  record.values(Capability::hr_bpm, 200, 10);
  record.end();
  record.start("s1", "K7F");
  for (int i = 0; i < 100; ++i) {
    for (const auto capability : {Capability::hr_bpm, Capability::hr_mean10_bpm, Capability::hr_rmssd60_ms,
                                  Capability::arousal_index, Capability::motion_amplitude_deg})
      record.value(capability, 50 + (i * 37 + static_cast<int>(capability)) % 60);
    // What is kept outside the session in the meantime is not the session's.
    record.scribe().session = "";
    record.value(Capability::hr_rmssd60_ms, 999);
    record.scribe().session = "s1";
    record.wait_s(0.244);
  }
  record.end();
  const std::string names = "hr.bpm,hr.mean10_bpm,hr.rmssd60_ms,arousal.index,motion.amplitude_deg";
  const auto all = asked(record, names, {}, {}, 7);
  const auto one = asked(record, "hr.rmssd60_ms", {}, {}, 7);
  ASSERT_EQ(all.series.size(), 5U);
  EXPECT_EQ(all.series[2].digest.n, 100U);
  ASSERT_EQ(all.series[2].rows.size(), one.series[0].rows.size());
  for (std::size_t i = 0; i < one.series[0].rows.size(); ++i) {
    EXPECT_EQ(all.series[2].rows[i].max, one.series[0].rows[i].max);
    EXPECT_EQ(all.series[2].rows[i].mean, one.series[0].rows[i].mean);
  }
}

TEST(Series, TimeIsTheSteadyClocksWhateverTheWallClockDoes) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.values(Capability::hr_bpm, 70, 10);
  record.scribe().set_wall(WallTime{});  // 1970
  record.values(Capability::hr_bpm, 71, 10);
  record.end();
  const auto pulse = asked(record, "hr.bpm", {}, {}, 20).series[0];
  EXPECT_EQ(pulse.rows.size(), 20U);
  EXPECT_EQ(pulse.rows.back().last, 71);
}

// The machine restarted in mid-session: its steady clock begins anew, the session goes on after the outage.
TEST(Series, ARestartOfTheMachineIsAGapAndNotAStepBack) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.phase("arrive");
  record.values(Capability::hr_bpm, 70, 10);
  record.wait_s(60);
  record.scribe().set_steady(Instant{std::chrono::seconds{3}});
  record.keep(entry::Event{"state", R"({"to":"paused"})"});
  record.values(Capability::hr_bpm, 80, 10);
  record.end();
  const auto answer = asked(record, "hr.bpm", {}, {}, 8);
  EXPECT_NEAR(answer.to_s, 80, 0.1);
  const auto& rows = answer.series[0].rows;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].max, 70);
  EXPECT_EQ(rows[1].n, 0U);
  EXPECT_NEAR(rows[2].t_s, 70, 0.1);
  EXPECT_EQ(rows[2].min, 80);
}

TEST(Series, ASessionThatIsOpenReachesToTheLastThingKept) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.values(Capability::hr_bpm, 70, 30);
  EXPECT_NEAR(asked(record, "hr.bpm").to_s, 29, 0.01);
}

TEST(Series, WhatCannotBeAskedIsRefused) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.end();
  EXPECT_THROW(asked(record, "hr.bpm", 5, 4), BadQuestion);
  EXPECT_THROW(asked(record, "hr.bpm", 0, 4, 0), BadQuestion);
  EXPECT_THROW(asked(record, "hr.bpm", 0, 4, most_points + 1), BadQuestion);
  EXPECT_EQ(record.ask([](journal::Connection& c) {
    return series(c, "s9", {names_from("hr.bpm"), {}, {}, 10});
  }),
            std::nullopt);
}

TEST(Series, AMomentIsSecondsOrATime) {
  RoomRecord record;
  record.start("s1", "K7F");  // 2025-10-09T08:53:20Z
  record.wait_s(60);
  record.end();
  record.ask([](journal::Connection& connection) {
    const auto session = *find_frame(connection, "s1");
    EXPECT_EQ(moment(connection, session, "from", ""), std::nullopt);
    EXPECT_EQ(moment(connection, session, "from", "12.5"), 12.5);
    EXPECT_NEAR(*moment(connection, session, "from", "2025-10-09T10:53:50.500+02:00"), 30.5, 0.002);
    EXPECT_THROW(moment(connection, session, "from", "tomorrow"), BadQuestion);
    EXPECT_THROW(moment(connection, session, "from", "nan"), BadQuestion);
    EXPECT_THROW(moment(connection, session, "from", "2025-10-09"), BadQuestion);
    return 0;
  });
}

TEST(Series, AsJsonAGapIsNullAndTheAxisIsNamedTwice) {
  RoomRecord record;
  record.start("s1", "K7F");
  record.value(Capability::hr_mean10_bpm, 70);
  record.wait_s(30);
  record.value(Capability::hr_mean10_bpm, 80);
  record.end();
  const auto answer = json::parse(to_json(asked(record, "hr.mean10_bpm", {}, {}, 2))).as_object();
  EXPECT_EQ(answer.at("participant").as_string(), "K7F");
  EXPECT_DOUBLE_EQ(answer.at("from_mono_s").to_number<double>(), 5000);
  EXPECT_TRUE(answer.at("from").as_string().starts_with("2025-10-09T"));
  const auto& series = answer.at("series").at(0);
  EXPECT_EQ(series.at("formula_version").as_string(), "hrv-2");
  EXPECT_EQ(json::serialize(series.at("rows").at("max")), "[70,null,80]");
  EXPECT_EQ(json::serialize(series.at("rows").at("n")), "[1,0,1]");
  EXPECT_EQ(series.at("rows").as_object().size(), 9U);
}

TEST(Series, ADamagedChunkIsAGapThatIsCounted) {
  RoomRecord record;
  record.start("s1", "K7F");
  for (std::uint64_t i = 0; i < 10; ++i) {
    record.wait_s(0.199);
    record.keep(entry::Motion{"seat", journal::motion_frame(i, 20)});
  }
  record.end();
  record.close();
  journal::Connection(record.file(), journal::Connection::Mode::read_write)
      .execute("UPDATE chunk SET data = x'01ff'");
  const auto answer = asked(record, "motion.magnitude");
  EXPECT_EQ(answer.damaged_chunks, 1U);
  EXPECT_EQ(answer.series[0].digest.n, 0U);
}

}  // namespace
}  // namespace rytme::review
