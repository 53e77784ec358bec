// SPDX-License-Identifier: Apache-2.0
// What a hand in the file does to the access log, and what the log says to it.
#include "controller/journal/access_chain.hpp"

#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AccessChainTest : public testing::Test {
 protected:
  // Entries with seq 2 to 6; the first row is the session.
  void SetUp() override {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    Scribe scribe(opening.next_seq);
    journal.append(scribe.make(entry::SessionStart{"s1", "K7F", "regulate-up", 1, true, "h", "v"}, true));
    for (int i = 0; i < 5; ++i)
      journal.append(scribe.make(
          entry::Access{{ActorKind::user, Role::psychologist, "u7"}, "session", "s1", "10.0.0.7", "", false},
          true));
    journal.close();
  }
  // As somebody would who has the file and takes the triggers away.
  void tamper(const std::string& sql) {
    Connection connection(folder_.file(), Connection::Mode::read_write);
    connection.execute("DROP TRIGGER access_stays; DROP TRIGGER access_is_as_written;" + sql);
  }
  std::vector<std::string> problems() {
    std::vector<std::string> told;
    for (const auto& problem : verify(folder_.file()).chain.problems)
      told.push_back(std::to_string(problem.seq) + " " + problem.problem);
    return told;
  }
  TemporaryFolder folder_;
};

TEST_F(AccessChainTest, AnUntouchedLogIsInOrder) {
  const auto verdict = verify(folder_.file());
  EXPECT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.chain.entries, 5);
  EXPECT_EQ(verdict.chain.head, query(folder_.file(), "SELECT hash FROM v_access WHERE seq = 6"));
}

TEST_F(AccessChainTest, TheFileItselfRefusesToChangeOrRemoveAnEntry) {
  Connection connection(folder_.file(), Connection::Mode::read_write);
  for (const char* sql :
       {"UPDATE access SET what = 'nothing' WHERE seq = 3", "DELETE FROM access WHERE seq = 3",
        "UPDATE access SET whose = 'X9' WHERE seq = 3", "UPDATE access SET n = 9 WHERE seq = 3"})
    EXPECT_THROW(connection.execute(sql), SqlError) << sql;
}

TEST_F(AccessChainTest, AChangedEntryIsNamed) {
  for (const char* change :
       {"what = 'nothing'", "whose = 'B2B'", "session = ''", "why = 'x'", "denied = 1", "t_us = t_us + 1",
        "actor_id = 'u8'", "\"from\" = ''", "personal = zeroblob(32)", "hash = zeroblob(32)",
        "prev = zeroblob(32)", "redacted = 5, salt = NULL, whose = NULL"}) {
    TemporaryFolder copy;
    std::filesystem::copy(folder_.file(), copy.file());
    tamper(std::string("UPDATE access SET ") + change + " WHERE seq = 4");
    EXPECT_THAT(problems(), testing::Contains("4 changed")) << change;
    std::filesystem::copy(copy.file(), folder_.file(), std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(AccessChainTest, ARemovedEntryIsNamedByTheOneBeforeIt) {
  tamper("DELETE FROM access WHERE seq IN (3, 4)");
  EXPECT_THAT(problems(), ElementsAre("2 removed"));
  EXPECT_THAT(verify(folder_.file()).chain.problems[0].detail, HasSubstr("2 entries"));
}

TEST_F(AccessChainTest, TheFirstAndTheLastEntryAreMissedToo) {
  tamper("DELETE FROM access WHERE seq IN (2, 6)");
  EXPECT_THAT(problems(), ElementsAre("0 removed", "5 removed"));
}

TEST_F(AccessChainTest, ReorderedEntriesAreNamed) {
  tamper(
      "UPDATE access SET seq = 100 WHERE seq = 3; UPDATE access SET seq = 3 WHERE seq = 4; "
      "UPDATE access SET seq = 4 WHERE seq = 100");
  EXPECT_THAT(problems(), testing::Contains("4 reordered"));
}

TEST_F(AccessChainTest, AnEntryThatWasReplacedWithItsHashIsMissedByTheNextOne) {
  // Another chain of the same length, properly hashed.
  TemporaryFolder other;
  Opening opening;
  Journal journal({.file = other.file()}, opening);
  Scribe scribe(2);
  for (int i = 0; i < 3; ++i)
    journal.append(scribe.make(
        entry::Access{{ActorKind::user, Role::psychologist, "u9"}, "session", "", "10.0.0.7", "", false},
        true));
  journal.close();
  tamper("ATTACH '" + other.file().string() +
         "' AS other; DELETE FROM access WHERE seq = 4; "
         "INSERT INTO access SELECT * FROM other.access WHERE seq = 4;");
  EXPECT_THAT(problems(), ElementsAre("3 changed", "4 changed"));
}

TEST_F(AccessChainTest, WhatIsNotASessionOrACodeInUseIsNotKept) {
  Opening opening;
  Journal journal({.file = folder_.file()}, opening);
  Scribe scribe(opening.next_seq);
  for (const char* whose : {"K7F", "Kari Nordmann", "KARI"})
    journal.append(scribe.make(
        entry::Access{{ActorKind::user, Role::psychologist, "u7"}, "sessions", whose, "10.0.0.7", "", false},
        true));
  journal.close();
  EXPECT_EQ(query(folder_.file(), "SELECT whose FROM v_access WHERE seq > 6"), "K7F\n\n");
  EXPECT_EQ(text_of(folder_.file()).find("Kari"), std::string::npos);
}

}  // namespace
}  // namespace rytme::journal
