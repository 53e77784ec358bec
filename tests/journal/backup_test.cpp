// SPDX-License-Identifier: Apache-2.0
// Backups, the way back, and everything that is not one.
#include "controller/journal/backup.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"
#include "controller/journal/sealed_file.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string opened(const std::string& sealed, const KeyPair& key) {
  std::istringstream in(sealed);
  std::string content;
  unseal(in, key, [&](std::string_view bytes) { content += bytes; });
  return content;
}

std::string sealed(const std::string& content, const KeyPair& key) {
  std::istringstream in(content);
  std::string bytes;
  seal(in, key.recipient, [&](std::string_view part) { bytes += part; });
  return bytes;
}

TEST(SealedFile, OpensToWhatWasSealedWhateverItsLength) {
  const KeyPair key = new_key_pair();
  for (const std::size_t length : {0UL, 1UL, 65535UL, 65536UL, 65537UL, 300000UL}) {
    std::string content(length, 'x');
    if (length > 0) content.back() = 'y';
    EXPECT_EQ(opened(sealed(content, key), key), content) << length;
  }
  EXPECT_EQ(pair_of(key.secret).recipient, key.recipient);
}

TEST(SealedFile, CutAnywhereItDoesNotOpen) {
  const KeyPair key = new_key_pair();
  const std::string whole = sealed(std::string(70000, 'x'), key);
  for (const std::size_t length :
       {0UL, 7UL, 8UL, 39UL, 100UL, 143UL, 144UL, 150UL, 144UL + 65553UL, whole.size() - 1})
    EXPECT_THROW(opened(whole.substr(0, length), key), SealError) << length;
  EXPECT_THROW(opened(whole + "x", key), SealError);
  // Cut exactly between two blocks: only the missing end tells.
  const std::string blocks = sealed(std::string(std::size_t{2} * 65536, 'x'), key);
  EXPECT_THROW(opened(blocks.substr(0, 144 + 65553), key), SealError);
}

TEST(SealedFile, OneChangedBitAnywhereIsRefused) {
  const KeyPair key = new_key_pair();
  const std::string whole = sealed("what was written", key);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THROW(opened(changed, key), SealError) << i;
  }
}

TEST(SealedFile, BlocksCannotBeSwapped) {
  const KeyPair key = new_key_pair();
  const std::string whole = sealed(std::string(65536, 'a') + std::string(65536, 'b') + "c", key);
  const std::string swapped = whole.substr(0, 144) + whole.substr(144 + 65553, 65553) +
                              whole.substr(144, 65553) + whole.substr(144 + 2 * 65553);
  ASSERT_EQ(swapped.size(), whole.size());
  EXPECT_THROW(opened(swapped, key), SealError);
}

class BackupTest : public testing::Test {
 protected:
  BackupTest() : recipient_(make_key(key_)) {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    write(journal, opening, "s1");
  }
  static void write(Journal& journal, const Opening& opening, const std::string& id) {
    Scribe scribe(opening.next_seq);
    scribe.session = id;
    journal.append(scribe.make(entry::SessionStart{id, "K7F", "regulate-down", 1, true, "h", "v"}, true));
    for (int i = 0; i < 3000; ++i)
      journal.append(scribe.make(entry::Value{"belt", Capability::hr_bpm, 0.1 * i, "", Quality::good}));
    journal.append(scribe.make(entry::SessionEnd{id, "ended"}, true));
    journal.close();
  }
  void add_session(const std::string& id) {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    write(journal, opening, id);
  }
  std::string refusal() {
    const std::string before = text_of(folder_.file());
    std::string told;
    try {
      restore(backup_, key_, folder_.file());
    } catch (const JournalError& error) {
      told = error.what();
    }
    EXPECT_THAT(told, Not(HasSubstr("\n")));
    EXPECT_EQ(text_of(folder_.file()), before) << "nothing is overwritten";
    EXPECT_EQ(left_over(), 0);
    return told;
  }
  // Temporary files in either folder.
  int left_over() {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename();
      if (name.find(".part-") != std::string::npos || name.find(".restore-") != std::string::npos ||
          name.find(".backup-") != std::string::npos)
        ++count;
    }
    return count;
  }
  void store(const std::string& bytes) { std::ofstream(backup_, std::ios::binary) << bytes; }

  TemporaryFolder folder_;
  fs::path backup_{folder_.path() / "room.backup"};
  fs::path key_{folder_.path() / "room.key"};
  std::string recipient_;
};

TEST_F(BackupTest, WhatIsRestoredIsWhatWasBackedUpAndTheOldOneIsKept) {
  back_up(folder_.file(), backup_, recipient_);
  EXPECT_EQ(text_of(backup_).find("K7F"), std::string::npos);
  EXPECT_EQ(fs::status(backup_).permissions() & fs::perms::mask,
            fs::perms::owner_read | fs::perms::owner_write);
  add_session("s2");
  const fs::path aside = restore(backup_, key_, folder_.file());
  EXPECT_EQ(query(folder_.file(), "SELECT id, n_readings FROM v_session"), "s1|3000");
  EXPECT_EQ(aside, folder_.file().string() + ".before-restore");
  EXPECT_EQ(query(aside, "SELECT id FROM v_session ORDER BY 1"), "s1\ns2");
  EXPECT_EQ(left_over(), 0);
  add_session("s3");
  EXPECT_TRUE(verify(folder_.file()).ok()) << "the room goes on with it";
  EXPECT_EQ(restore(backup_, key_, folder_.file()), folder_.file().string() + ".before-restore-2");
}

TEST_F(BackupTest, ARunningRoomIsBackedUpBetweenItsBatches) {
  {
    Opening opening;
    Announced announced;
    Journal journal({.file = folder_.file()}, opening);
    journal.on_progress(announced.callback());
    Scribe scribe(opening.next_seq);
    journal.append(scribe.make(entry::Event{"stop", R"({"mark":"urgent"})"}, true));
    ASSERT_TRUE(announced.wait_for([&] { return journal.health().durable_seq == opening.next_seq; }));
    back_up(folder_.file(), backup_, recipient_);
    journal.append(scribe.make(entry::Event{"stop", "{}"}, true));
    journal.close();
    EXPECT_EQ(journal.health().failures, 0U);
  }
  fs::remove(folder_.file());
  EXPECT_EQ(restore(backup_, key_, folder_.file()), "") << "there was none";
  EXPECT_EQ(query(folder_.file(), "SELECT data FROM v_event WHERE kind = 'stop'"), R"({"mark":"urgent"})");
}

TEST_F(BackupTest, OnlyAnOlderBackupIsReplaced) {
  const std::string journal = text_of(folder_.file()), key = text_of(key_);
  EXPECT_THROW(back_up(folder_.file(), folder_.file(), recipient_), JournalError);
  EXPECT_THROW(back_up(folder_.file(), key_, recipient_), JournalError);
  EXPECT_EQ(text_of(folder_.file()), journal);
  EXPECT_EQ(text_of(key_), key);
  back_up(folder_.file(), backup_, recipient_);
  add_session("s2");
  back_up(folder_.file(), backup_, recipient_);
  restore(backup_, key_, folder_.file());
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM v_session"), "2");
}

TEST_F(BackupTest, UnsealedCopiesOfAProcessThatWasKilledAreRemoved) {
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const auto leave = [&](const char* mark, pid_t process) {
    const fs::path file = folder_.file().string() + mark + std::to_string(process);
    std::ofstream(file) << "what was not sealed";
    return file;
  };
  const fs::path backup = leave(".backup-", dead), restored = leave(".restore-", dead);
  const fs::path of_one_that_lives = leave(".backup-", ::getppid());
  add_session("s2");  // the room starts
  EXPECT_FALSE(fs::exists(backup));
  EXPECT_FALSE(fs::exists(restored));
  EXPECT_TRUE(fs::exists(of_one_that_lives));
}

TEST_F(BackupTest, ARoomThatRunsIsNotRestored) {
  back_up(folder_.file(), backup_, recipient_);
  Opening opening;
  Journal journal({.file = folder_.file()}, opening);
  EXPECT_THROW(restore(backup_, key_, folder_.file()), JournalInUse);
}

TEST_F(BackupTest, TruncatedSwappedAndForeignFilesAreRefused) {
  back_up(folder_.file(), backup_, recipient_);
  const std::string good = text_of(backup_);
  store(good.substr(0, good.size() / 2));
  EXPECT_THAT(refusal(), HasSubstr("cut short"));
  store(good.substr(0, 20));
  EXPECT_THAT(refusal(), HasSubstr("cut short"));
  store("");
  EXPECT_THAT(refusal(), HasSubstr("not a Rytme backup"));
  store(text_of(folder_.file()));
  EXPECT_THAT(refusal(), HasSubstr("not a Rytme backup"));
  const KeyPair key = pair_of(text_of(key_).substr(0, 64));
  store(sealed("a letter", key));
  EXPECT_THAT(refusal(), HasSubstr("holds no journal that can be used"));
  TemporaryFolder other;
  Connection(other.file(), Connection::Mode::read_write).execute("CREATE TABLE their(own INTEGER)");
  store(sealed(text_of(other.file()), key));
  EXPECT_THAT(refusal(), HasSubstr("another program"));
  fs::remove(backup_);
  EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
}

TEST_F(BackupTest, AJournalDamagedBeforeItWasSealedIsRefused) {
  std::string bytes = text_of(folder_.file());
  for (std::size_t i = 8192; i + 600 < bytes.size(); i += 4096)
    bytes.replace(i, 500, std::string(500, '\xa5'));
  store(sealed(bytes, pair_of(text_of(key_).substr(0, 64))));
  EXPECT_THAT(refusal(), HasSubstr("holds no journal that can be used"));
}

TEST_F(BackupTest, AnotherKeyIsToldWhoseTheBackupIs) {
  back_up(folder_.file(), backup_, recipient_);
  fs::remove(key_);
  make_key(key_);
  EXPECT_THAT(refusal(), HasSubstr("made for another key, " + recipient_));
  std::ofstream(key_) << "not a key\n";
  EXPECT_THAT(refusal(), HasSubstr("not a secret key"));
  fs::remove(key_);
  fs::create_symlink("/dev/zero", key_);  // never a line's end
  EXPECT_THAT(refusal(), HasSubstr("not a secret key"));
  fs::remove(key_);
  EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
}

TEST_F(BackupTest, AKeyIsNeverOverwritten) {
  const std::string before = text_of(key_);
  EXPECT_THROW(make_key(key_), JournalError);
  EXPECT_EQ(text_of(key_), before);
}

TEST_F(BackupTest, WithoutARecipientOrAFolderNothingIsLeftBehind) {
  EXPECT_THROW(back_up(folder_.file(), backup_, ""), JournalError);
  EXPECT_THROW(back_up(folder_.file(), backup_, "ab"), JournalError);
  EXPECT_THROW(back_up(folder_.file(), folder_.path() / "no" / "folder", recipient_), JournalError);
  EXPECT_THROW(back_up(folder_.file(), folder_.path(), recipient_), JournalError);
  EXPECT_THROW(back_up(folder_.path() / "nothing.sqlite", backup_, recipient_), JournalError);
  EXPECT_FALSE(fs::exists(backup_));
  EXPECT_EQ(left_over(), 0);
}

// A target that is full, as a limit on the size of files says it.
TEST_F(BackupTest, AFullTargetLeavesTheLastBackupAsItWas) {
  back_up(folder_.file(), backup_, recipient_);
  const rlim_t room = fs::file_size(backup_) - 1;  // enough for the copy, not for the sealed one
  store("the last one");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{room, room};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      back_up(folder_.file(), backup_, recipient_);
    } catch (const JournalError&) {
      ::_exit(left_over() == 0 ? 7 : 8);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(text_of(backup_), "the last one");
}

TEST_F(BackupTest, AFullDiskLeavesTheJournalAsItWas) {
  back_up(folder_.file(), backup_, recipient_);
  const std::string before = text_of(folder_.file());
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20000, 20000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      restore(backup_, key_, folder_.file());
    } catch (const JournalError&) {
      ::_exit(left_over() == 0 ? 7 : 8);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(text_of(folder_.file()), before);
}

}  // namespace
}  // namespace rytme::journal
