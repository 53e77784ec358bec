// SPDX-License-Identifier: Apache-2.0
// What is appended is in the file, as the views of contracts §7 tell it.
#include "controller/journal/journal.hpp"

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <thread>

#include <gmock/gmock.h>

#include "controller/journal/reader.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

class JournalTest : public testing::Test {
 protected:
  void write(const std::function<void(Journal&)>& work) {
    Journal journal({.file = folder_.file()}, opening_);
    work(journal);
    journal.close();
  }
  std::string ask(const std::string& sql) const { return query(folder_.file(), sql); }
  void start_session(Journal& journal, const std::string& id, const std::string& participant = "K7F") {
    scribe_.session = id;
    journal.append(scribe_.make(
        entry::SessionStart{id, participant, "regulate-down", 3, true, "abc123", "0.1.0"}, true));
  }

  TemporaryFolder folder_;
  Opening opening_;
  Scribe scribe_;
};

TEST_F(JournalTest, SessionsShowStartChangeAndEnd) {
  write([&](Journal& journal) {
    start_session(journal, "s1", "");
    journal.append(scribe_.make(entry::SessionChange{"s1", "Q2M", std::nullopt}));
    journal.append(scribe_.make(entry::SessionChange{"s1", std::nullopt, false}));
    journal.append(scribe_.make(entry::SessionEnd{"s1", "finished"}, true));
    journal.append(scribe_.make(entry::SessionEnd{"s1", "crash"}, true));
  });
  EXPECT_EQ(
      ask("SELECT seq, id, participant, preset, preset_version, recording, settings_hash, software, end_seq, "
          "end_reason FROM v_session"),
      "1|s1|Q2M|regulate-down|3|0|abc123|0.1.0|4|finished");
  EXPECT_EQ(ask("SELECT seq, session, kind, data FROM v_event"),
            "2|s1|session_change|{\"participant\":\"Q2M\"}\n3|s1|session_change|{\"recording\":false}");
}

TEST_F(JournalTest, ReadingsKeepValueTextGapAndQuality) {
  write([&](Journal& journal) {
    start_session(journal, "s1");
    journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 71.5, "", Quality::good}));
    journal.append(
        scribe_.make(entry::Value{"belt", Capability::hr_bpm, std::nullopt, "", Quality::unknown}));
    journal.append(scribe_.make(entry::Value{"player", Capability::player_source, {}, "17", Quality::good}));
    journal.append(scribe_.make(entry::Value{"wall", Capability::button_action, 1.0, "", Quality::doubtful}));
    scribe_.session = "";
    journal.append(
        scribe_.make(entry::Value{"belt", Capability::device_battery, 0.25, "low", Quality::good}));
  });
  EXPECT_EQ(ask("SELECT seq, session, device, channel, value, unit, quality, note FROM v_reading"),
            "2|s1|belt|hr.bpm|71.5|bpm|good|null\n"
            "3|s1|belt|hr.bpm|null|bpm|unknown|null\n"
            "4|s1|player|player.source|17||good|null\n"
            "5|s1|wall|button.action|long||doubtful|null\n"
            "6|null|belt|device.battery|0.25|1|good|low");
  EXPECT_EQ(ask("SELECT typeof(value) FROM v_reading WHERE seq = 4"), "text");
}

TEST_F(JournalTest, CommandedConfirmedAndMeasuredAreThreeFacts) {
  write([&](Journal& journal) {
    journal.append(scribe_.make(entry::Commanded{"lamp", Capability::light_level, 0.35, "", 1500, "preset"}));
    journal.append(
        scribe_.make(entry::Commanded{"player", Capability::player_source, 0, "rain", 0, "http:tablet-1"}));
    journal.append(scribe_.make(entry::Confirmed{1, 0.3, std::nullopt}));
    journal.append(scribe_.make(entry::Confirmed{1, 0.35, std::nullopt}));
    journal.append(scribe_.make(entry::Confirmed{1, std::nullopt, 0.33}));
  });
  EXPECT_EQ(ask("SELECT seq, device, channel, commanded, confirmed, measured, transition_ms, origin FROM "
                "v_command"),
            "1|lamp|light.level|0.35|0.35|0.33|1500|preset\n"
            "2|player|player.source|rain|null|null|0|http:tablet-1");
}

TEST_F(JournalTest, RatingsEventsAndAccessAreKept) {
  write([&](Journal& journal) {
    start_session(journal, "s1");
    journal.append(scribe_.make(entry::Rating{"participant", "staff", "before", "alarm", "tablet-1"}, true));
    journal.append(scribe_.make(entry::Event{"stop", R"({"by":"wall"})"}, true));
    journal.append(scribe_.make(
        entry::Access{
            {ActorKind::user, Role::psychologist, "u7"}, "export", "K7F", "10.0.0.7", "review", true},
        true));
  });
  EXPECT_EQ(ask("SELECT seq, session, whose, \"by\", \"when\", state, actor FROM v_rating"),
            "2|s1|participant|staff|before|alarm|tablet-1");
  EXPECT_EQ(ask("SELECT seq, session, kind, data FROM v_event"), "3|s1|stop|{\"by\":\"wall\"}");
  EXPECT_EQ(
      ask("SELECT seq, actor_kind, actor_role, actor_id, what, whose, \"from\", why, denied FROM v_access"),
      "4|user|psychologist|u7|export|K7F|10.0.0.7|review|1");
}

TEST_F(JournalTest, TimesAreIsoWithTheLocalOffsetOfTheMoment) {
  ::setenv("TZ", "Europe/Oslo", 1);
  ::tzset();
  const auto event_at = [&](std::int64_t unix_ms) {
    JournalEntry entry = scribe_.make(entry::Event{"phase", "{}"});
    entry.at = {Instant{std::chrono::microseconds{1234567}}, WallTime{std::chrono::milliseconds{unix_ms}}};
    return entry;
  };
  write([&](Journal& journal) {
    journal.append(event_at(1792889999999));  // the last millisecond of summer time 2026
    journal.append(event_at(1792890000000));
    journal.append(event_at(7));
  });
  ::unsetenv("TZ");
  ::tzset();
  EXPECT_EQ(ask("SELECT t, mono_s FROM v_event"),
            "2026-10-25T02:59:59.999+02:00|1.234567\n"
            "2026-10-25T02:00:00.000+01:00|1.234567\n"
            "1970-01-01T01:00:00.007+01:00|1.234567");
}

TEST_F(JournalTest, EveryPragmaOfTheDesignIsTaken) {
  write([&](Journal& journal) { journal.append(scribe_.make(entry::Event{"phase", "{}"})); });
  EXPECT_FALSE(std::filesystem::exists(folder_.file().string() + "-wal"));
  EXPECT_EQ(ask("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask("PRAGMA auto_vacuum"), "2");
  EXPECT_EQ(ask("PRAGMA application_id"), "1383691373");
  EXPECT_EQ(ask("PRAGMA user_version"), "2");
}

TEST_F(JournalTest, AnUrgentEntryIsDurableAtOnceWithAllBeforeIt) {
  Opening opening;
  Announced announced;
  Journal journal({.file = folder_.file(), .batch = std::chrono::hours{1}}, opening);
  journal.on_progress(announced.callback());
  for (int i = 0; i < 100; ++i)
    journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0 + i, "", Quality::good}));
  journal.append(scribe_.make(entry::Heart{"belt", heart_frame(1, {800})}));
  journal.append(scribe_.make(entry::Rating{"participant", "staff", "after", "calm", "tablet-1"}, true));
  ASSERT_TRUE(announced.wait_for([&] { return journal.health().durable_seq == 102; }));
  // Another process would see the same: this is a connection of its own.
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM reading), (SELECT sum(frames) FROM chunk), "
                "(SELECT count(*) FROM rating)"),
            "100|1|1");
  EXPECT_GT(journal.health().last_commit.count(), 0);
}

TEST_F(JournalTest, TellsItsSizeAndWhatIsFreeBesideIt) {
  Opening opening;
  const Journal journal({.file = folder_.file()}, opening);
  const auto disk = journal.health().disk;
  ASSERT_TRUE(disk);
  EXPECT_EQ(disk->file_bytes, std::filesystem::file_size(folder_.file()));
  EXPECT_GT(disk->free_bytes, 0U);
  EXPECT_EQ(disk->all_bytes, std::filesystem::space(folder_.file()).capacity);
}

TEST_F(JournalTest, OrdinaryEntriesAreDurableWithinTheBatchTime) {
  Opening opening;
  Journal journal({.file = folder_.file(), .batch = std::chrono::milliseconds{50}}, opening);
  journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (journal.health().durable_seq < 1 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(ask("SELECT count(*) FROM reading"), "1");
}

TEST_F(JournalTest, SequenceGoesOnWhereItEnded) {
  write([&](Journal& journal) {
    start_session(journal, "s1");
    journal.append(scribe_.make(entry::Motion{"swing", motion_frame(1, 5)}));
  });
  EXPECT_EQ(opening_.next_seq, 1U);
  write([&](Journal& journal) { journal.append(scribe_.make(entry::SessionEnd{"s1", "ended"}, true)); });
  EXPECT_EQ(opening_.next_seq, 3U);
  write([](Journal&) {});
  EXPECT_EQ(opening_.next_seq, 4U);
}

TEST_F(JournalTest, FramesOfTwoRunsAreKeptApart) {
  write([&](Journal& journal) { journal.append(scribe_.make(entry::Heart{"belt", heart_frame(1, {800})})); });
  write([&](Journal& journal) { journal.append(scribe_.make(entry::Heart{"belt", heart_frame(2, {801})})); });
  EXPECT_EQ(ask("SELECT id, seq, seq_end, first_seq, frames FROM chunk"), "1|1|1|1|1\n2|2|2|2|1");
}

TEST_F(JournalTest, AReaderSeesWholeBatchesWhileTheWriterWrites) {
  Opening opening;
  Announced announced;
  Journal journal({.file = folder_.file(), .batch = std::chrono::milliseconds{5}}, opening);
  journal.on_progress(announced.callback());
  start_session(journal, "s1");
  ASSERT_TRUE(announced.wait_for([&] { return journal.health().durable_seq >= 1; }));
  std::atomic<bool> ending{false};
  std::int64_t most = 0;
  bool shrank = false;
  std::thread reading([&] {
    Reader reader(folder_.file());
    while (!ending) {
      const auto session = reader.session("s1");
      shrank = shrank || !session || session->n_readings < most;
      if (session) most = session->n_readings;
    }
  });
  for (int i = 0; i < 20000; ++i)
    journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  journal.append(scribe_.make(entry::Event{"end", "{}"}, true));
  EXPECT_TRUE(announced.wait_for([&] { return journal.health().durable_seq == scribe_.next_seq() - 1; }));
  ending = true;
  reading.join();
  EXPECT_FALSE(shrank);
  EXPECT_EQ(Reader(folder_.file()).session("s1")->n_readings, 20000);
  EXPECT_EQ(journal.health().failures, 0U);
}

}  // namespace
}  // namespace rytme::journal
