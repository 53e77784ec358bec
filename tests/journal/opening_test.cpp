// SPDX-License-Identifier: Apache-2.0
// Files as they are found in the world: foreign, newer, damaged, left open.
#include <fstream>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/reader.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using testing::HasSubstr;
using testing::Not;

class OpeningTest : public testing::Test {
 protected:
  Opening open_and_close() {
    Opening opening;
    Journal({.file = folder_.file()}, opening).close();
    return opening;
  }
  std::string refusal() {
    try {
      open_and_close();
    } catch (const JournalError& error) {
      return error.what();
    }
    return "";
  }
  // As a journal that is full enough to be damaged in its middle, closed in order.
  void write_some(int readings) {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    Scribe scribe(opening.next_seq);
    scribe.session = "s1";
    for (int i = 0; i < readings; ++i)
      journal.append(scribe.make(entry::Value{"belt", Capability::hr_bpm, 0.1 * i, "", Quality::good}));
    journal.close();
  }
  // A process that writes and is killed before it can close.
  void write_and_die() {
    const pid_t child = ::fork();
    if (child == 0) {
      Opening opening;
      Announced announced;
      Journal journal({.file = folder_.file()}, opening);
      journal.on_progress(announced.callback());
      Scribe scribe(opening.next_seq);
      journal.append(scribe.make(entry::SessionStart{"s7", "K7F", "regulate-up", 1, true, "h", "v"}, true));
      announced.wait_for([&] { return journal.health().durable_seq == opening.next_seq; });
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  void scribble(std::uintmax_t from, std::size_t count) {
    std::fstream file(folder_.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(count, '\xa5');
  }

  TemporaryFolder folder_;
};

TEST_F(OpeningTest, ANewFileIsCleanAndEmpty) {
  const Opening opening = open_and_close();
  EXPECT_EQ(opening.next_seq, 1U);
  EXPECT_FALSE(opening.unclean);
  EXPECT_EQ(opening.set_aside, "");
  EXPECT_EQ(opening.open_session, "");
}

TEST_F(OpeningTest, AKilledWriterLeavesItsSessionOpenAndTheFileUnclean) {
  write_and_die();
  const Opening opening = open_and_close();
  EXPECT_TRUE(opening.unclean);
  EXPECT_EQ(opening.set_aside, "");
  EXPECT_EQ(opening.next_seq, 2U);
  EXPECT_EQ(opening.open_session, "s7");
  EXPECT_EQ(opening.open_preset, "regulate-up");
  EXPECT_EQ(opening.open_participant, "K7F");
  EXPECT_TRUE(opening.open_recording);
  EXPECT_FALSE(opening.open_withdrawn);
  EXPECT_EQ(opening.open_lived_s, 0);
}

TEST_F(OpeningTest, TheNewestVariantOfEachParticipantIsFound) {
  {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    Scribe scribe(opening.next_seq);
    for (const char* data :
         {R"({"participant":"K7F","rhythm":true,"red":false,"minutes":8,"source":"silence"})",
          R"({"participant":"AB12","rhythm":false,"red":false,"top_level":0.2})",
          R"({"participant":"K7F","rhythm":false,"red":true,"tempo_bpm":66})"})
      journal.append(scribe.make(entry::Event{"variant", data}));
    scribe.session = "s1";
    journal.append(scribe.make(entry::SessionStart{"s1", "", "regulate-down", 1, true, "h", "v"}, true));
    journal.append(scribe.make(entry::Event{"variant", R"({"participant":"XX","rhythm":true,"red":true})"}));
    journal.close();
  }
  const auto variants = open_and_close().variants;
  ASSERT_EQ(variants.size(), 2U) << "only those that are of no session";
  Variant newest;
  newest.red = true;
  newest.tempo_bpm = 66;
  EXPECT_EQ(variants.at("K7F"), newest);
  EXPECT_EQ(variants.at("AB12").top_level, 0.2);
}

TEST_F(OpeningTest, WhatIsDistrustedIsSetAsideWhole) {
  write_and_die();
  Opening opening;
  { Journal journal({.file = folder_.file(), .set_aside = true}, opening); }
  EXPECT_EQ(opening.next_seq, 1U);
  EXPECT_EQ(opening.open_session, "");
  ASSERT_NE(opening.set_aside, "");
  std::filesystem::rename(opening.set_aside, folder_.file());
  std::filesystem::rename(opening.set_aside + "-wal", folder_.file().string() + "-wal");
  EXPECT_EQ(open_and_close().open_session, "s7") << "put back, it is all there";
}

TEST_F(OpeningTest, AnOutageIsNoPartOfASessionAndAWithdrawalIsRemembered) {
  Opening opening;
  {
    Journal journal({.file = folder_.file()}, opening);
    Scribe scribe;
    scribe.session = "s7";
    journal.append(scribe.make(entry::SessionStart{"s7", "K7F", "regulate-up", 1, true, "h", "v"}, true));
    scribe.move_on(std::chrono::seconds{60});
    journal.append(scribe.make(entry::Value{"belt", Capability::hr_bpm, 72, "", Quality::good}));
    journal.close();
  }
  EXPECT_NEAR(open_and_close().open_lived_s, 60, 0.1);
  {
    Journal journal({.file = folder_.file()}, opening);
    EXPECT_FALSE(opening.open_withdrawn);
    Scribe scribe(opening.next_seq);
    scribe.session = "s7";
    scribe.move_on(std::chrono::hours{1});
    journal.append(scribe.make(entry::Event{"state", R"({"to":"paused","elapsed_s":60})"}, true));
    scribe.move_on(std::chrono::seconds{5});
    journal.append(scribe.make(entry::Event{"withdrawn", "{}"}, true));
    journal.close();
  }
  const Opening again = open_and_close();
  EXPECT_NEAR(again.open_lived_s, 65, 0.1);
  EXPECT_TRUE(again.open_withdrawn);
}

TEST_F(OpeningTest, AnOrderlyCloseAfterAKillIsCleanAgain) {
  write_and_die();
  write_some(1);
  EXPECT_FALSE(open_and_close().unclean);
}

TEST_F(OpeningTest, ADamagedFileIsSetAsideWithItsLogsAndANewOneBegun) {
  write_some(20000);
  write_and_die();
  ASSERT_TRUE(std::filesystem::exists(folder_.file().string() + "-wal"));
  scribble(40960, 100000);
  const std::string before = text_of(folder_.file());
  const Opening opening = open_and_close();
  EXPECT_TRUE(opening.unclean);
  ASSERT_EQ(opening.set_aside, folder_.file().string() + ".damaged-1");
  EXPECT_EQ(opening.next_seq, 1U);
  EXPECT_EQ(text_of(opening.set_aside).size(), before.size());
  EXPECT_TRUE(std::filesystem::exists(opening.set_aside + "-wal"));
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM reading"), "0");
}

TEST_F(OpeningTest, DamageWithoutACrashIsFoundToo) {
  write_some(20000);
  scribble(40960, 20000);
  EXPECT_NE(open_and_close().set_aside, "");
}

TEST_F(OpeningTest, ADestroyedHeaderAndATornFileAreSetAsideUnderTheirOwnNames) {
  write_some(10);
  scribble(0, 100);
  EXPECT_EQ(open_and_close().set_aside, folder_.file().string() + ".damaged-1");
  write_some(5000);
  std::filesystem::resize_file(folder_.file(), 30000);
  EXPECT_EQ(open_and_close().set_aside, folder_.file().string() + ".damaged-2");
}

TEST_F(OpeningTest, AnotherProgramsDatabaseIsLeftAlone) {
  Connection(folder_.file(), Connection::Mode::read_write).execute("CREATE TABLE their(own INTEGER)");
  const std::string before = text_of(folder_.file());
  EXPECT_THAT(refusal(), HasSubstr("another program"));
  EXPECT_EQ(text_of(folder_.file()), before);
  EXPECT_THROW(Reader reader(folder_.file()), JournalError);
}

TEST_F(OpeningTest, ANewerSchemaIsRefusedInOneLineAndUnchanged) {
  write_some(1);
  Connection(folder_.file(), Connection::Mode::read_write).execute("PRAGMA user_version=99");
  EXPECT_THAT(refusal(), HasSubstr("newer Rytme (schema 99, this one knows 2)"));
  EXPECT_THAT(refusal(), Not(HasSubstr("\n")));
  EXPECT_EQ(query(folder_.file(), "PRAGMA user_version"), "99");
  EXPECT_THROW(Reader reader(folder_.file()), JournalError);
}

TEST_F(OpeningTest, ASecondWriterIsRefusedWhileTheFirstLives) {
  Opening opening;
  Journal first({.file = folder_.file()}, opening);
  EXPECT_THAT(refusal(), HasSubstr("in use by another process"));
}

TEST_F(OpeningTest, AMissingFolderIsSaidInOneLine) {
  Opening opening;
  EXPECT_THROW(Journal({.file = folder_.path() / "nowhere" / "journal.db"}, opening), JournalError);
  EXPECT_THROW(Reader reader(folder_.path() / "none.db"), JournalError);
}

TEST_F(OpeningTest, AReaderReadsAfterAKillWithoutTheWriter) {
  write_and_die();
  EXPECT_EQ(Reader(folder_.file()).sessions({}).size(), 1U);
}

}  // namespace
}  // namespace rytme::journal
