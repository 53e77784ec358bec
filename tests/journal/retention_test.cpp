// SPDX-License-Identifier: Apache-2.0
// What grows too old, in simulated years.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/offline.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/store.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr auto day = 24h;

class RetentionTest : public testing::Test {
 protected:
  RetentionTest() {
    Opening opening;
    store_ = std::make_unique<Store>(open_for_writing(folder_.file(), opening), "1");
    scribe_ = Scribe(opening.next_seq);
  }
  void session(const std::string& id, const std::string& code) {
    std::vector<JournalEntry> entries;
    scribe_.session = id;
    entries.push_back(scribe_.make(entry::SessionStart{id, code, "regulate-down", 1, true, "h", "v"}));
    for (int i = 0; i < 5; ++i)
      entries.push_back(
          scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "note-" + id, Quality::good}));
    Chunker chunker(store_->next_chunk_id());
    for (int i = 0; i < 5; ++i)
      chunker.add(scribe_.make(entry::Heart{"belt", heart_frame(static_cast<std::uint64_t>(i), {816})}));
    entries.push_back(scribe_.make(entry::SessionEnd{id, "ended"}));
    scribe_.session = "";
    entries.push_back(scribe_.make(entry::Event{"device_lost", R"({"near":")" + id + R"("})"}));
    entries.push_back(scribe_.make(
        entry::Access{{ActorKind::user, Role::psychologist, "u7"}, "session", id, "10.0.0.7", "", false}));
    store_->commit(entries, chunker.take());
  }
  // Everything that is to do now, at this moment.
  void tidy(const Now& now) {
    for (int i = 0; i < 10000; ++i)
      if (store_->housekeeping().step(now, [] { return false; }) != now.steady) return;
    FAIL() << "it never ends";
  }
  // The room runs on for so long: looked at every six hours.
  void live(std::chrono::hours length) {
    for (auto hour = 0h; hour < length; hour += 6h) {
      scribe_.move_on(6h);
      tidy(scribe_.at());
    }
  }
  std::string ask(const std::string& sql) { return query(folder_.file(), sql); }

  TemporaryFolder folder_;
  Scribe scribe_;
  std::unique_ptr<Store> store_;
};

TEST_F(RetentionTest, WaveformsLeaveAfterThirtyDaysTheRestStays) {
  session("s1", "K7F");
  live(29 * day);
  EXPECT_EQ(ask("SELECT count(*) FROM v_chunk"), "1");
  EXPECT_EQ(ask("SELECT count(*) FROM v_deletion"), "0") << "nothing was too old, nothing is told";
  live(2 * day);
  EXPECT_EQ(ask("SELECT count(*) FROM v_chunk"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM v_reading"), "5");
  EXPECT_EQ(ask("SELECT what, actor_role, chunks, sessions, readings, done, (older_than_us < " +
                std::to_string(scribe_.at().wall.time_since_epoch().count()) + ") FROM v_deletion"),
            "waveforms|retention|1|0|0|1|1");
  EXPECT_EQ(ask("PRAGMA freelist_count"), "0") << "the room they took is given back";
}

TEST_F(RetentionTest, SessionsLeaveAfterAYearWithAllOfThemAndTheirBytes) {
  session("first", "K7F");
  live(200 * day);
  session("second", "Q4M");
  live(180 * day);
  EXPECT_EQ(ask("SELECT id FROM v_session"), "second");
  EXPECT_EQ(ask("SELECT count(*) FROM v_event"), "2") << "what stood outside sessions grows old too";
  EXPECT_EQ(ask("SELECT code FROM v_participant"), "Q4M") << "a code of which nothing is known leaves";
  EXPECT_EQ(ask("SELECT sum(sessions), sum(readings), sum(events) FROM v_deletion WHERE what = 'summaries'"),
            "1|5|2");
  EXPECT_EQ(ask("SELECT session, whose FROM v_access WHERE n = 1"), "first|K7F")
      << "who looked stays its own time";
  EXPECT_THAT(text_of(folder_.file()), Not(HasSubstr("note-first")));
  EXPECT_THAT(text_of(folder_.file()), HasSubstr("note-second"));
}

TEST_F(RetentionTest, ARowOfAStateMapHoldsUntilItIsWrittenAnew) {
  const auto write = [&](const char* data) {
    store_->commit({scribe_.make(entry::Event{"state_map", data})}, {});
  };
  write(R"({"participant":"K7F","state":"alarm","helps":"at first"})");
  write(R"({"participant":"K7F","state":"fear","helps":"space"})");
  live(10 * day);
  write(R"({"participant":"K7F","state":"alarm","helps":"ball"})");
  live(400 * day);
  EXPECT_EQ(ask("SELECT json_extract(data, '$.helps') FROM v_event WHERE kind = 'state_map' ORDER BY seq"),
            "space\nball")
      << "what it was before grows old as everything does";
}

TEST_F(RetentionTest, TheAccessLogKeepsAnAnchorWhenOldEntriesLeave) {
  session("s1", "K7F");
  live(400 * day);
  session("s2", "K7F");
  live(400 * day);
  EXPECT_EQ(ask("SELECT n, session FROM v_access"), "2|s2");
  EXPECT_EQ(ask("SELECT sum(accesses) FROM v_deletion WHERE what = 'access_log'"), "1");
  auto verdict = verify(folder_.file());
  EXPECT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.chain.forgotten, 1);
  Connection(folder_.file(), Connection::Mode::read_write).execute("UPDATE access_chain SET anchor_n = 0");
  EXPECT_FALSE(verify(folder_.file()).ok()) << "the anchor is part of the chain";
}

TEST_F(RetentionTest, ACopyOfAnOlderSchemaLeavesWithTheWaveformsItHolds) {
  const fs::path old = folder_.file().string() + ".schema-1", young = folder_.file().string() + ".schema-1-2",
                 damaged = folder_.file().string() + ".damaged-1";
  const auto made = [&](const WallTime& at) { return std::chrono::file_clock::from_sys(at); };
  for (const auto& copy : {old, young, damaged}) std::ofstream(copy) << "x";
  fs::last_write_time(old, made(scribe_.at().wall));
  fs::last_write_time(young, made(scribe_.at().wall + 20 * day));
  fs::last_write_time(damaged, made(scribe_.at().wall));
  live(31 * day);
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
  EXPECT_TRUE(fs::exists(damaged)) << "what is damaged may still be needed";
  EXPECT_EQ(ask("SELECT what, done FROM v_deletion"), "copy|1");
}

TEST_F(RetentionTest, AClockThatLeapsAYearDeletesNothing) {
  session("s1", "K7F");
  live(1 * day);
  Now wrong = scribe_.at();
  wrong.wall += 400 * day;
  for (int hour = 0; hour < 20; ++hour) {
    wrong.wall += 1h;
    wrong.steady += 1h;
    tidy(wrong);
  }
  EXPECT_EQ(ask("SELECT count(*) FROM v_chunk"), "1");
  Now right = wrong;
  right.wall -= 400 * day;
  tidy(right);
  EXPECT_EQ(ask("SELECT count(*) FROM v_session"), "1");
}

TEST_F(RetentionTest, ARestartDoesNotMakeADoubtedClockTrue) {
  session("s1", "K7F");
  const auto restart = [&] {
    store_.reset();
    Opening opening;
    store_ = std::make_unique<Store>(open_for_writing(folder_.file(), opening), "1");
    store_->commit({scribe_.make(entry::Event{"software", "{}"})}, {});
    tidy(scribe_.at());
  };
  scribe_.move_on(400 * day);
  for (int i = 0; i < 3; ++i) {
    restart();
    scribe_.move_on(5h);
    tidy(scribe_.at());
    EXPECT_EQ(ask("SELECT count(*) FROM v_session"), "1") << "start " << i;
  }
  scribe_.move_on(10h);
  restart();
  EXPECT_EQ(ask("SELECT count(*) FROM v_session"), "1")
      << "what was written last is 25 h after the leap only now";
  restart();
  EXPECT_EQ(ask("SELECT count(*) FROM v_session"), "0") << "the date has stood for a day";
}

TEST_F(RetentionTest, OnePieceRemovesAThousandRowsAtMost) {
  std::vector<JournalEntry> entries;
  scribe_.session = "s1";
  entries.push_back(scribe_.make(entry::SessionStart{"s1", "K7F", "regulate-down", 1, true, "h", "v"}));
  for (int i = 0; i < 5000; ++i)
    entries.push_back(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  entries.push_back(scribe_.make(entry::SessionEnd{"s1", "ended"}));
  store_->commit(entries, {});
  const auto left = [&] { return std::stoi(ask("SELECT count(*) FROM reading")); };
  live(371 * day);
  ASSERT_EQ(left(), 5000);
  scribe_.move_on(2 * day + 1h);
  const auto now = scribe_.at();
  for (const int then : {4000, 3000}) {
    EXPECT_EQ(store_->housekeeping().step(now, [] { return false; }), now.steady) << "there is more to do";
    EXPECT_EQ(left(), then);
  }
  tidy(now);
  EXPECT_EQ(left(), 0);
}

TEST(RetentionClock, ADateFarFromTheRecordIsBelievedAfterADay) {
  const WallTime newest{std::chrono::hours{1000 * 24}};
  const Instant start{100h};
  const auto at = [&](std::chrono::hours lived, std::chrono::hours off) {
    return Now{start + lived, newest + off + lived};
  };
  RetentionClock weekend(newest), away(newest), behind(newest), first(std::nullopt);
  EXPECT_TRUE(weekend.trusts(at(0h, 3 * day)));
  EXPECT_FALSE(away.trusts(at(0h, 60 * day)));
  EXPECT_FALSE(away.trusts(at(23h, 60 * day)));
  EXPECT_TRUE(away.trusts(at(24h, 60 * day)));
  EXPECT_FALSE(behind.trusts(at(0h, -2h)));
  EXPECT_TRUE(first.trusts(at(0h, 0h)));
}

TEST(RetentionClock, ALeapInMidLifeIsHeldForADayAndSoIsTheLeapBack) {
  const Now start{Instant{1h}, WallTime{20000 * day}};
  const auto at = [&](std::chrono::hours lived, std::chrono::hours off) {
    return Now{start.steady + lived, start.wall + lived + off};
  };
  RetentionClock clock(start.wall);
  EXPECT_TRUE(clock.trusts(start));
  EXPECT_TRUE(clock.trusts(at(10h, 0h)));
  EXPECT_FALSE(clock.trusts(at(11h, 365 * day)));
  EXPECT_FALSE(clock.trusts(at(34h, 365 * day)));
  EXPECT_FALSE(clock.trusts(at(34h, 0h)));
  EXPECT_FALSE(clock.trusts(at(57h, 0h)));
  EXPECT_TRUE(clock.trusts(at(58h, 0h)));
}

}  // namespace
}  // namespace rytme::journal
