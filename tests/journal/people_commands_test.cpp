// SPDX-License-Identifier: Apache-2.0
// The commands about participants, erasure and the file itself, as they answer at the prompt.
#include "controller/app/people_commands.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/app/backup_commands.hpp"
#include "controller/journal/backup.hpp"
#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::app {
namespace {

using journal::Journal;
using journal::Opening;
using journal::query;
using testing::HasSubstr;

class PeopleCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    Opening opening;
    Journal room({.file = folder_.file()}, opening);
    journal::Scribe scribe(opening.next_seq);
    room.append(scribe.make(entry::SessionStart{"s1", "K7F", "regulate-up", 1, true, "h", "v"}, true));
    room.append(scribe.make(entry::SessionEnd{"s1", "ended"}, true));
    room.append(scribe.make(
        entry::Access{{ActorKind::user, Role::psychologist, "u7"}, "session", "s1", "10.0.0.7", "", false},
        true));
    room.close();
  }
  std::string said() { return std::exchange(out_, std::ostringstream()).str(); }
  // One line, whatever went wrong.
  std::string complaint() {
    const std::string text = std::exchange(err_, std::ostringstream()).str();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    return text;
  }

  journal::TemporaryFolder folder_;
  std::ostringstream out_, err_;
};

TEST_F(PeopleCommandsTest, ACodeIsMadeListedAndErased) {
  EXPECT_EQ(participant_add(folder_.file(), false, out_, err_), 0);
  const std::string code = said().substr(0, 4);
  EXPECT_EQ(participant_list(folder_.file(), false, out_, err_), 0);
  EXPECT_THAT(said(), HasSubstr(code + "      listed"));
  EXPECT_EQ(participant_erase(folder_.file(), code, out_, err_), 0);
  EXPECT_EQ(participant_list(folder_.file(), true, out_, err_), 0);
  EXPECT_THAT(said(), testing::Not(HasSubstr(code)));
  EXPECT_EQ(participant_erase(folder_.file(), code, out_, err_), 1);
  EXPECT_THAT(complaint(), HasSubstr("nobody"));
}

// rytme participant erase "$CODE" where CODE is not set.
TEST_F(PeopleCommandsTest, AnEmptyCodeIsNobodysAndErasesNothing) {
  {
    Opening opening;
    Journal room({.file = folder_.file()}, opening);
    journal::Scribe scribe(opening.next_seq);
    room.append(scribe.make(entry::SessionStart{"s2", "", "regulate-up", 1, true, "h", "v"}, true));
    room.append(scribe.make(entry::SessionEnd{"s2", "ended"}, true));
    room.close();
  }
  EXPECT_EQ(participant_erase(folder_.file(), "", out_, err_), 1);
  EXPECT_THAT(complaint(), HasSubstr("nobody"));
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM v_session"), "2");
}

TEST_F(PeopleCommandsTest, ASessionIsErasedAndTheCopiesThatHoldItAreNamed) {
  std::ofstream(folder_.file().string() + ".schema-1") << "x";
  EXPECT_EQ(session_erase(folder_.file(), "s1", out_, err_), 0);
  EXPECT_THAT(said(), HasSubstr(".schema-1"));
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM v_session"), "0");
  EXPECT_EQ(session_erase(folder_.file(), "s1", out_, err_), 1);
  EXPECT_THAT(complaint(), HasSubstr("there is no session s1"));
}

TEST_F(PeopleCommandsTest, WhileTheRoomRunsOneLineSaysWhatToDo) {
  Opening opening;
  Journal room({.file = folder_.file()}, opening);
  EXPECT_EQ(session_erase(folder_.file(), "s1", out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("the room is running; ask it with DELETE /api/v1/sessions/ID"));
  EXPECT_EQ(participant_erase(folder_.file(), "K7F", out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("DELETE /api/v1/participants/CODE"));
  EXPECT_EQ(participant_add(folder_.file(), false, out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("POST /api/v1/participants"));
  EXPECT_EQ(restore("b", "k", folder_.file(), out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("stop it"));
  EXPECT_EQ(participant_list(folder_.file(), true, out_, err_), 0) << "looking is always possible";
  EXPECT_EQ(journal_verify(folder_.file(), true, out_, err_), 0);
}

TEST_F(PeopleCommandsTest, WhoLookedIsATableOrJsonWhileTheRoomRunsToo) {
  Opening opening;
  Journal room({.file = folder_.file()}, opening);
  EXPECT_EQ(journal_access(folder_.file(), {}, false, out_, err_), 0);
  EXPECT_THAT(said(), testing::ContainsRegex("psychologist +u7 +given +session +K7F +s1 +10.0.0.7 +-\n"));
  EXPECT_EQ(journal_access(folder_.file(), {.participant = "K7F", .session = "s1"}, true, out_, err_), 0);
  EXPECT_EQ(boost::json::parse(said()).at(0).at("actor").at("id").as_string(), "u7");
  EXPECT_EQ(journal_access(folder_.file(), {.from = "2025-10-10"}, true, out_, err_), 0);
  EXPECT_EQ(said(), "[]\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(PeopleCommandsTest, WhoLookedIsReadToTheEnd) {
  {
    Opening opening;
    Journal room({.file = folder_.file()}, opening);
    journal::Scribe scribe(opening.next_seq);
    for (int i = 0; i < 2500; ++i)
      room.append(scribe.make(entry::Access{{}, "sessions", "K7F", "10.0.0.7", std::to_string(i), false}));
  }
  EXPECT_EQ(journal_access(folder_.file(), {}, true, out_, err_), 0);
  const auto all = boost::json::parse(said()).as_array();
  ASSERT_EQ(all.size(), 2501U);
  for (std::size_t i = 0; i < 2500; ++i)
    ASSERT_EQ(all[i].at("why").as_string(), std::to_string(2499 - i)) << "none twice, none left out";
}

TEST_F(PeopleCommandsTest, WhoLookedAtNobodyKnownOrInNoTimeIsOneLine) {
  EXPECT_EQ(journal_access(folder_.file(), {.participant = "NOPE"}, false, out_, err_), 1);
  EXPECT_EQ(complaint(), "rytme: there is no participant NOPE\n");
  EXPECT_EQ(journal_access(folder_.file(), {.session = "s9"}, false, out_, err_), 1);
  EXPECT_EQ(complaint(), "rytme: there is no session s9\n");
  EXPECT_EQ(journal_access(folder_.file(), {.from = "yesterday"}, false, out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("from must be a date like"));
  EXPECT_EQ(said(), "");
}

TEST_F(PeopleCommandsTest, VerifyAnswersNoAndNamesTheEntry) {
  EXPECT_EQ(journal_verify(folder_.file(), false, out_, err_), 0);
  EXPECT_THAT(said(), HasSubstr("access log 1 entries"));
  journal::Connection(folder_.file(), journal::Connection::Mode::read_write)
      .execute("DROP TRIGGER access_is_as_written; UPDATE access SET whose = 'Q4M'");
  EXPECT_EQ(journal_verify(folder_.file(), false, out_, err_), 1);
  EXPECT_THAT(said(), HasSubstr("entry 3: changed."));
  EXPECT_EQ(journal_verify(folder_.file(), true, out_, err_), 1);
  EXPECT_THAT(said(), HasSubstr(R"({"seq":3,"problem":"changed")"));
}

TEST_F(PeopleCommandsTest, ADamagedOrMissingFileIsRefusedAndLeftAsItIs) {
  std::string bytes = journal::text_of(folder_.file());
  for (std::size_t i = 4096; i + 600 < bytes.size(); i += 4096)
    bytes.replace(i, 500, std::string(500, '\xa5'));
  std::ofstream(folder_.file(), std::ios::binary) << bytes;
  EXPECT_EQ(session_erase(folder_.file(), "s1", out_, err_), 2);
  complaint();
  EXPECT_EQ(participant_add(folder_.file(), false, out_, err_), 2);
  complaint();
  EXPECT_EQ(journal::text_of(folder_.file()), bytes);
  std::filesystem::remove(folder_.file());
  EXPECT_EQ(participant_list(folder_.file(), false, out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("no such file"));
  EXPECT_EQ(journal_verify(folder_.file(), false, out_, err_), 2);
}

TEST_F(PeopleCommandsTest, ABackupNeedsARecipientAndAnswersInOneLine) {
  std::filesystem::create_directory(folder_.path() / "config");
  std::ofstream room(folder_.path() / "config" / "room.toml");
  room << "[room]\nid = \"rom1\"\n" << std::flush;
  const auto data = folder_.file().parent_path();
  std::filesystem::copy_file(folder_.file(), data / "journal.sqlite");
  EXPECT_EQ(backup(folder_.path() / "config", data, folder_.path() / "b", out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("[backup] recipient"));
  EXPECT_THAT(boost::json::serialize(backup_note(data)), HasSubstr("[backup] recipient"));
  EXPECT_EQ(last_backup_s(data), 0);
  EXPECT_EQ(backup_new_key(folder_.path() / "k", out_, err_), 0);
  room << said() << std::flush;  // what it prints belongs into the settings as it is
  EXPECT_EQ(backup(folder_.path() / "config", data, folder_.path() / "b", out_, err_), 0);
  EXPECT_GT(last_backup_s(data), 0);
  EXPECT_TRUE(backup_note(data).at("same_disk").as_bool());
  EXPECT_TRUE(backup_note(data).at("failed").is_null());
  EXPECT_EQ(restore(folder_.path() / "b", folder_.path() / "k", folder_.file(), out_, err_), 0);
  EXPECT_THAT(said(), HasSubstr(".before-restore"));
  EXPECT_EQ(backup_new_key(folder_.path() / "k", out_, err_), 2);
  complaint();
}

TEST_F(PeopleCommandsTest, WhyABackupFailedIsToldAlsoWhereItCannotBeNoted) {
  const auto config = folder_.path() / "config";
  std::filesystem::create_directories(config);
  EXPECT_EQ(backup_new_key(folder_.path() / "k", out_, err_), 0);
  std::ofstream(config / "room.toml") << "[room]\nid = \"rom1\"\n" << said();
  EXPECT_EQ(backup(config, folder_.path() / "nowhere", folder_.path() / "b", out_, err_), 2);
  EXPECT_THAT(complaint(), HasSubstr("journal.sqlite"));
}

TEST_F(PeopleCommandsTest, OfTheBackupsWithoutANameOnlyTheNewestStay) {
  const auto config = folder_.path() / "config", data = folder_.file().parent_path();
  const auto kept = folder_.path() / "kept";
  std::filesystem::copy_file(folder_.file(), data / "journal.sqlite");
  std::filesystem::create_directories(config);
  EXPECT_EQ(backup_new_key(folder_.path() / "k", out_, err_), 0);
  std::ofstream(config / "room.toml") << "[room]\nid = \"rom1\"\n"
                                      << said() << "keep = 2\nfolder = \"" << kept.string() << "\"\n";
  EXPECT_EQ(backup(config, data, {}, out_, err_), 0);
  auto made = said();
  made.pop_back();
  // Two that are older, one of another room, and one that is not a backup whatever its name says.
  for (const char* name : {"rom1-20200101-000000", "rom1-20200102-000000", "rom2-20200101-000000"})
    std::filesystem::copy(made, kept / (name + std::string(".rytme-backup")));
  std::ofstream(kept / "rom1-20200101-000001.rytme-backup") << "somebody's notes";
  EXPECT_EQ(backup(config, data, {}, out_, err_), 0);
  EXPECT_FALSE(std::filesystem::exists(kept / "rom1-20200101-000000.rytme-backup"));
  EXPECT_TRUE(std::filesystem::exists(kept / "rom2-20200101-000000.rytme-backup"));
  EXPECT_TRUE(std::filesystem::exists(kept / "rom1-20200101-000001.rytme-backup"));
  EXPECT_EQ(restore(made, folder_.path() / "k", folder_.file(), out_, err_), 0);
}

}  // namespace
}  // namespace rytme::app
