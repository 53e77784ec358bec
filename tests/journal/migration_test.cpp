// SPDX-License-Identifier: Apache-2.0
// Journals of every schema that was released, brought to the newest.
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"
#include "controller/journal/schema.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsSupersetOf;

const std::set<std::string> kept_views{"v_session", "v_reading", "v_command",
                                       "v_event",   "v_rating",  "v_chunk"};

std::vector<fs::path> released() {
  std::vector<fs::path> dumps;
  for (const auto& entry : fs::directory_iterator("tests/journal/schemas")) dumps.push_back(entry.path());
  return dumps;
}

void make(const fs::path& file, const fs::path& dump) {
  std::ifstream in(dump);
  std::ostringstream sql;
  sql << in.rdbuf();
  Connection connection(file, Connection::Mode::read_write);
  connection.execute(sql.str());
  connection.ask("PRAGMA journal_mode=WAL");
}

std::set<std::string> columns_of(const fs::path& file, const std::string& view) {
  std::istringstream lines(query(file, "SELECT name FROM pragma_table_info('" + view + "')"));
  std::set<std::string> names;
  for (std::string line; std::getline(lines, line);) names.insert(line);
  return names;
}

std::string content(const fs::path& file, const std::string& view, const std::set<std::string>& columns) {
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "\"" : ",\"") + column + '"';
  return query(file, "SELECT " + list + " FROM " + view + " ORDER BY seq");
}

class MigrationTest : public testing::TestWithParam<fs::path> {
 protected:
  void SetUp() override { make(folder_.file(), GetParam()); }
  TemporaryFolder folder_;
};

TEST_P(MigrationTest, EveryViewKeepsItsColumnsAndWhatStoodInThem) {
  std::map<std::string, std::set<std::string>> columns;
  std::map<std::string, std::string> before;
  for (const auto& view : kept_views) {
    columns[view] = columns_of(folder_.file(), view);
    before[view] = content(folder_.file(), view, columns[view]);
    ASSERT_NE(before[view], "") << view;
  }
  Opening opening;
  Journal({.file = folder_.file()}, opening).close();
  EXPECT_EQ(query(folder_.file(), "PRAGMA user_version"), std::to_string(schema_version));
  EXPECT_EQ(opening.set_aside, "");
  for (const auto& view : kept_views) {
    EXPECT_THAT(columns_of(folder_.file(), view), IsSupersetOf(columns[view]));
    EXPECT_EQ(content(folder_.file(), view, columns[view]), before[view]);
  }
  EXPECT_EQ(opening.next_seq, 56U);
  EXPECT_EQ(opening.open_session, "ffeeddccbbaa99887766554433221100");
  EXPECT_TRUE(verify(folder_.file()).ok());
}

TEST_P(MigrationTest, AMigratedFileHasTheTablesOfANewOne) {
  Opening opening;
  Journal({.file = folder_.file()}, opening).close();
  TemporaryFolder fresh;
  Journal({.file = fresh.file()}, opening).close();
  const std::string all =
      "SELECT type, name, replace(sql, ' INTEGER REFERENCES session(id)', '') FROM sqlite_schema ORDER BY 1, "
      "2";
  EXPECT_EQ(query(folder_.file(), all), query(fresh.file(), all));
}

TEST_P(MigrationTest, TheFileAsItWasStandsBesideIt) {
  Opening opening;
  Journal({.file = folder_.file()}, opening).close();
  ASSERT_EQ(opening.before_migration, folder_.file().string() + ".schema-1");
  EXPECT_EQ(query(opening.before_migration, "PRAGMA user_version"), "1");
  EXPECT_EQ(query(opening.before_migration, "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(query(opening.before_migration, "SELECT count(*) FROM access"), "4");
  EXPECT_THAT(copies_beside(folder_.file()), testing::ElementsAre(opening.before_migration));
  Journal({.file = folder_.file()}, opening).close();
  EXPECT_EQ(opening.before_migration, "") << "the newest is left alone";
}

TEST_P(MigrationTest, WithoutRoomForTheCopyNothingIsTouched) {
  // A folder where the copy should go: it cannot be written.
  fs::create_directory(folder_.file().string() + ".schema-1.part");
  std::ofstream(folder_.file().string() + ".schema-1.part/in-the-way") << "x";
  const std::string before = text_of(folder_.file());
  Opening opening;
  EXPECT_THROW(Journal({.file = folder_.file()}, opening), JournalError);
  EXPECT_EQ(query(folder_.file(), "PRAGMA user_version"), "1");
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM access"), "4");
  EXPECT_THAT(copies_beside(folder_.file()), testing::SizeIs(1)) << "nothing was set aside";
}

TEST_P(MigrationTest, KilledAtAnyInstantItIsTheOldSchemaOrTheNewOne) {
  const std::string sessions = query(folder_.file(), "SELECT name, participant FROM session");
  const auto begun = std::chrono::steady_clock::now();
  {
    TemporaryFolder folder;
    make(folder.file(), GetParam());
    Opening opening;
    Journal journal({.file = folder.file()}, opening);
  }
  const auto takes =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  int old_ones = 0, new_ones = 0;
  constexpr int rounds = 24;
  for (int round = 0; round < rounds; ++round) {
    TemporaryFolder folder;
    make(folder.file(), GetParam());
    siginfo_t ended{};
    const pid_t child = ::fork();
    if (child == 0) {
      Opening opening;
      Journal journal({.file = folder.file()}, opening);
      ::_exit(0);
    }
    // The instant of the kill, not a wait for an effect; the last comes when all is done.
    if (round + 1 < rounds) {
      ::usleep(static_cast<useconds_t>(takes.count() * round / rounds));
    } else {
      ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string version = query(folder.file(), "PRAGMA user_version");
    (version == "1" ? old_ones : new_ones)++;
    EXPECT_EQ(query(folder.file(), "PRAGMA integrity_check"), "ok");
    EXPECT_EQ(query(folder.file(), "SELECT name, participant FROM session"), sessions);
    EXPECT_EQ(query(folder.file(), "SELECT count(*) FROM access"), "4");
    EXPECT_EQ(query(folder.file(), "SELECT count(*) FROM sqlite_schema WHERE name = 'access_chain'"),
              version == "1" ? "0" : "1");
    Opening opening;
    Journal({.file = folder.file()}, opening).close();
    EXPECT_EQ(query(folder.file(), "PRAGMA user_version"), std::to_string(schema_version));
    EXPECT_TRUE(verify(folder.file()).ok());
  }
  EXPECT_GT(old_ones, 0);
  EXPECT_GT(new_ones, 0);
}

INSTANTIATE_TEST_SUITE_P(Released, MigrationTest, testing::ValuesIn(released()),
                         [](const auto& dump) { return dump.param.stem().string(); });

class MigrationOf1Test : public testing::Test {
 protected:
  void SetUp() override {
    make(folder_.file(), "tests/journal/schemas/v1.sql");
    Opening opening;
    Journal({.file = folder_.file()}, opening).close();
  }
  std::string ask(const std::string& sql) { return query(folder_.file(), sql); }
  TemporaryFolder folder_;
};

TEST_F(MigrationOf1Test, WhoLookedIsToldByTheParticipantAndTheSession) {
  EXPECT_EQ(ask("SELECT seq, what, session, whose, why FROM v_access"),
            "50|session|0a1b2c3d4e5f60718293a4b5c6d7e8f9|K7F|team review\n"
            "51|sessions||K7F|\n"
            "52|GET /api/v1/sessions/{id}|||\n"
            "53|export csv|||");
}

TEST_F(MigrationOf1Test, EveryCodeThatIsInUseStandsInTheList) {
  EXPECT_EQ(ask("SELECT code, state, sessions FROM v_participant ORDER BY code"),
            "K7F|unlisted|1\nQ4M|unlisted|1");
}

}  // namespace
}  // namespace rytme::journal
