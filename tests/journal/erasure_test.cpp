// SPDX-License-Identifier: Apache-2.0
// What is erased is gone: from the views, and from the bytes of the file and its log.
#include "controller/journal/erasure.hpp"

#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"
#include "controller/journal/reader.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using What = entry::Erase::What;

const Actor officer{ActorKind::user, Role::officer, "officer"};
const Actor psychologist{ActorKind::user, Role::psychologist, "u7"};

class ErasureTest : public testing::Test {
 protected:
  void open() {
    Opening opening;
    Options options{.file = folder_.file()};
    options.clock = [this] { return clock_; };
    journal_ = std::make_unique<Journal>(options, opening);
    journal_->on_progress(announced_.callback());
    scribe_ = Scribe(opening.next_seq);
  }
  template <typename What_>
  void write(What_ what, bool urgent = false) {
    journal_->append(scribe_.make(std::move(what), urgent));
  }
  // A session full of words that can be found again in the bytes of the file.
  void session(const std::string& id, const std::string& code, int values = 200) {
    scribe_.session = id;
    write(entry::SessionStart{id, code, "regulate-down", 1, true, "h", "v"}, true);
    for (int i = 0; i < values; ++i) {
      write(entry::Value{"belt", Capability::hr_bpm, 70.0, "note-" + id, Quality::good});
      write(entry::Heart{"belt", heart_frame(static_cast<std::uint64_t>(i), {816})});
      write(entry::Event{"phase", R"({"mark":"event-)" + id + R"("})"});
    }
    write(entry::Commanded{"lamp", Capability::light_level, 0.35, "text-" + id, 0, "origin-" + id});
    write(entry::Rating{"participant", "staff", "before", "alarm", "actor-" + id}, true);
  }
  void end(const std::string& id) {
    write(entry::SessionEnd{id, "ended"}, true);
    scribe_.session = "";
  }
  void looked(const std::string& whose) {
    write(entry::Access{psychologist, "session", whose, "10.0.0.7", "", false}, true);
  }
  std::string ask(const std::string& sql) { return query(folder_.file(), sql); }
  void all_durable() {
    ASSERT_TRUE(
        announced_.wait_for([&] { return journal_->health().durable_seq + 1 == scribe_.next_seq(); }));
  }
  bool done() {
    // One question: between two of them the erasure may just have begun.
    return announced_.wait_for([&] { return ask("SELECT min(done) FROM v_deletion") == "1"; });
  }
  std::string bytes() {
    const std::string log = folder_.file().string() + "-wal";
    return text_of(folder_.file()) + (std::filesystem::exists(log) ? text_of(log) : "");
  }

  TemporaryFolder folder_;
  Announced announced_;
  Scribe scribe_;
  Now clock_{Instant{std::chrono::seconds{9000}}, WallTime{std::chrono::seconds{1760003600}}};
  std::unique_ptr<Journal> journal_;
};

TEST_F(ErasureTest, AnErasedSessionLeavesNoByteBehindWhileTheRoomRuns) {
  open();
  for (int i = 0; i < 8; ++i) {
    const std::string id = i == 3 ? "secret-session" : "other-" + std::to_string(i);
    session(id, i == 3 ? "X9K" : "K7F");
    end(id);
  }
  looked("secret-session");
  looked("other-1");
  all_durable();
  write(entry::Erase{What::session, "secret-session", officer, "10.0.0.9"}, true);
  ASSERT_TRUE(done());
  EXPECT_EQ(ask("SELECT count(*) FROM v_session"), "7");
  EXPECT_EQ(ask("SELECT count(*) FROM v_reading"), "1400");
  EXPECT_THAT(bytes(), Not(HasSubstr("secret-session")));
  EXPECT_THAT(bytes(), HasSubstr("note-other-4"));
  EXPECT_EQ(ask("SELECT what, actor_id, sessions, readings, chunks, commands, events, ratings, accesses FROM "
                "v_deletion"),
            "session|officer|1|200|1|1|201|1|1");
  EXPECT_EQ(ask("SELECT what, session, whose, redacted IS NOT NULL FROM v_access ORDER BY n"),
            "session|null|null|1\nsession|other-1|K7F|0\nerase session|||0");
  journal_.reset();
  EXPECT_TRUE(verify(folder_.file()).ok()) << "the chain holds although an entry lost whom it was about";
}

TEST_F(ErasureTest, AnErasedParticipantLeavesNoByteBehind) {
  open();
  for (const char* id : {"a-1", "b-1", "a-2", "b-2"}) {
    session(id, id[0] == 'a' ? "WXYZFK" : "K7F");
    end(id);
  }
  // Chosen wrongly at first: the trail of somebody else's session holds the code.
  session("b-3", "WXYZFK");
  write(entry::SessionChange{"b-3", "K7F", std::nullopt, "u7"}, true);
  end("b-3");
  // Calm pulses: outside sessions, and in what is another's session by now.
  write(entry::Event{"baseline", R"({"participant":"WXYZFK","bpm":71})"});
  write(entry::Event{"baseline", R"({"participant":"K7F","bpm":72})"});
  write(entry::Event{"variant", R"({"participant":"WXYZFK","rhythm":true,"red":false})"});
  write(entry::Event{"variant", R"({"participant":"K7F","rhythm":false,"red":false})"});
  write(entry::Event{"state_map", R"({"participant":"WXYZFK","state":"alarm","helps":"note-a-1"})"});
  write(entry::Event{"state_map", R"({"participant":"K7F","state":"alarm","helps":"ball"})"});
  session("b-4", "K7F");
  write(entry::Event{"baseline", R"({"participant":"WXYZFK","bpm":73})"});
  end("b-4");
  looked("WXYZFK");
  looked("a-2");
  write(entry::Erase{What::participant, "WXYZFK", officer, ""}, true);
  ASSERT_TRUE(done());
  journal_.reset();
  EXPECT_EQ(ask("SELECT id FROM v_session ORDER BY 1"), "b-1\nb-2\nb-3\nb-4");
  EXPECT_EQ(ask("SELECT code FROM v_participant"), "K7F");
  EXPECT_EQ(ask("SELECT data FROM v_event WHERE kind = 'baseline' ORDER BY seq"),
            "{\"participant\":\"K7F\",\"bpm\":72}\n{\"bpm\":73}");
  EXPECT_EQ(ask("SELECT data FROM v_event WHERE kind = 'session_change'"),
            R"({"participant":"K7F","by":"u7"})");
  EXPECT_EQ(ask("SELECT json_extract(data, '$.participant') FROM v_event WHERE kind = 'variant'"), "K7F");
  EXPECT_EQ(ask("SELECT json_extract(data, '$.helps') FROM v_event WHERE kind = 'state_map'"), "ball");
  for (const char* gone : {"WXYZFK", "note-a-1", "note-a-2"}) EXPECT_THAT(bytes(), Not(HasSubstr(gone)));
  EXPECT_TRUE(verify(folder_.file()).ok());
}

TEST_F(ErasureTest, WithdrawingRemovesWhatCameFromTheBodyAndTheSessionGoesOn) {
  open();
  session("s1", "K7F");
  write(entry::Event{"activity", R"({"id":"swing-slow"})"});
  looked("s1");
  write(entry::SessionChange{"s1", std::nullopt, false}, true);
  write(entry::Event{"withdrawn", "{}"}, true);
  write(entry::Erase{What::body, "s1", {ActorKind::tablet, Role::staff, "tablet-1"}, ""}, true);
  write(entry::Commanded{"lamp", Capability::light_level, 0.2, "", 0, "preset"});
  end("s1");
  ASSERT_TRUE(announced_.wait_for([&] {
    return ask("SELECT end_reason FROM v_session") == "ended" &&
           ask("SELECT count(*) FROM v_deletion WHERE done") == "1";
  }));
  EXPECT_EQ(ask("SELECT id, participant, recording, end_reason, n_readings FROM v_session"), "s1||0|ended|0");
  EXPECT_EQ(ask("SELECT count(*) FROM v_command"), "2");
  EXPECT_EQ(ask("SELECT count(*) FROM v_rating"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM v_event WHERE kind = 'activity'"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM v_event WHERE kind = 'withdrawn'"), "1");
  EXPECT_THAT(bytes(), Not(HasSubstr("note-s1")));
  EXPECT_EQ(ask("SELECT what, actor_id FROM v_deletion"), "body|tablet-1");
  EXPECT_EQ(ask("SELECT count(*) FROM v_access WHERE whose = 'K7F'"), "0")
      << "who looked would still tell whose";
  journal_.reset();
  EXPECT_EQ(ask("SELECT what, actor_id, redacted IS NOT NULL FROM v_access ORDER BY n"),
            "session|u7|1\nerase body|tablet-1|0");
  EXPECT_TRUE(verify(folder_.file()).ok()) << "the chain tells why an entry lost whom it was about";
}

TEST_F(ErasureTest, ARatingAfterwardsDoesNotBringTheSessionBack) {
  open();
  session("s1", "K7F", 5);
  end("s1");
  write(entry::Erase{What::session, "s1", officer, ""}, true);
  scribe_.session = "s1";
  write(entry::Rating{"participant", "staff", "after", "calm", "tablet"}, true);
  ASSERT_TRUE(done());
  journal_.reset();
  EXPECT_EQ(ask("SELECT count(*) FROM session"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM rating"), "0");
}

TEST_F(ErasureTest, WhoHasOnlyACalmPulseCanBeErasedToo) {
  open();
  write(entry::Event{"baseline", R"({"participant":"WXYZFK","bpm":71})"}, true);
  all_durable();
  EXPECT_TRUE(Reader(folder_.file()).is_in_use("WXYZFK"));
  write(entry::Erase{What::participant, "WXYZFK", officer, ""}, true);
  ASSERT_TRUE(done());
  EXPECT_FALSE(Reader(folder_.file()).is_in_use("WXYZFK"));
  EXPECT_THAT(bytes(), Not(HasSubstr("WXYZFK")));
}

TEST_F(ErasureTest, AnErasureThatWasBegunGoesOnAfterARestart) {
  open();
  session("s1", "K7F", 2000);
  end("s1");
  journal_.reset();
  {
    Connection connection(folder_.file(), Connection::Mode::read_write);
    connection.execute("BEGIN");
    begin_erasure(connection, {90000, 1, 0, 1}, {What::session, "s1", officer, ""});
    connection.execute("COMMIT");
    ASSERT_TRUE(erase_piece(connection));  // and there the process died
  }
  EXPECT_EQ(ask("SELECT count(*) FROM session"), "1");
  open();
  ASSERT_TRUE(done());
  EXPECT_EQ(ask("SELECT count(*) FROM session"), "0");
}

TEST_F(ErasureTest, ASessionThatIsOnIsNotDisturbedByTheLastStep) {
  open();
  session("s1", "K7F", 5);
  end("s1");
  session("s2", "Q4M", 5);
  write(entry::Erase{What::session, "s1", officer, ""}, true);
  const auto only_s2_is_left = [&] {
    return ask("SELECT (SELECT count(*) FROM v_deletion) || (SELECT count(*) FROM v_session)") == "11";
  };
  ASSERT_TRUE(announced_.wait_for(only_s2_is_left) || only_s2_is_left());
  EXPECT_EQ(ask("SELECT done FROM v_deletion"), "0");
}

TEST_F(ErasureTest, TheCommandErasesWhenTheRoomIsStopped) {
  open();
  session("s1", "WXYZFK");
  end("s1");
  all_durable();
  EXPECT_THROW(erase_now(folder_.file(), {What::session, "s1", officer, ""}, clock_), JournalError)
      << "the room runs";
  journal_.reset();
  EXPECT_FALSE(erase_now(folder_.file(), {What::session, "nobody", officer, ""}, clock_));
  EXPECT_FALSE(erase_now(folder_.file(), {What::participant, "NOBODY", officer, ""}, clock_));
  EXPECT_TRUE(erase_now(folder_.file(), {What::participant, "WXYZFK", officer, ""}, clock_));
  EXPECT_THAT(bytes(), Not(HasSubstr("WXYZFK")));
  EXPECT_THAT(bytes(), Not(HasSubstr("note-s1")));
  EXPECT_TRUE(participants(folder_.file()).empty());
}

TEST_F(ErasureTest, ACodeIsMadeAndStandsInTheList) {
  open();
  session("s1", "K7F", 1);
  end("s1");
  journal_.reset();
  const std::string code = add_participant(folder_.file(), clock_);
  EXPECT_THAT(code, testing::MatchesRegex("[CFHJKMNPRTWXY3479]{4}"));
  EXPECT_EQ(ask("SELECT code, state, sessions FROM v_participant ORDER BY sessions"),
            code + "|listed|0\nK7F|unlisted|1");
}

TEST_F(ErasureTest, ACorrectionKeepsItsTrail) {
  open();
  session("s1", "K7F", 1);
  end("s1");
  write(entry::SessionChange{"s1", "Q4M", std::nullopt, "u7"}, true);
  journal_.reset();
  EXPECT_EQ(ask("SELECT participant FROM v_session"), "Q4M");
  EXPECT_EQ(ask("SELECT session, data FROM v_event WHERE kind = 'session_change'"),
            R"(s1|{"participant":"Q4M","was":"K7F","by":"u7"})");
}

}  // namespace
}  // namespace rytme::journal
