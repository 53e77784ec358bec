// SPDX-License-Identifier: Apache-2.0
// Another program holds the log: it is named with its age, the log's growth is told, nothing else suffers.
#include "controller/journal/wal_watch.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

// A process that opens the file, reads one row and stays in its transaction.
class ForeignReader {
 public:
  explicit ForeignReader(const std::filesystem::path& file) {
    int ready[2];
    if (::pipe(ready) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      Connection connection(file, Connection::Mode::read_only);
      connection.execute("BEGIN");
      connection.ask("SELECT count(*) FROM event");
      [[maybe_unused]] const auto told = ::write(ready[1], "r", 1);
      for (;;) ::pause();
    }
    char byte{};
    reading_ = ::read(ready[0], &byte, 1) == 1;
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~ForeignReader() { end(); }
  ForeignReader(const ForeignReader&) = delete;
  ForeignReader& operator=(const ForeignReader&) = delete;
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  bool reading() const { return reading_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_{};
  bool reading_{};
};

class WalWatchTest : public testing::Test {
 protected:
  void SetUp() override { journal_.on_progress(announced_.callback()); }
  // One commit of about half a megabyte.
  void write() {
    journal_.append(scribe_.make(entry::Event{"bulk", std::string(500000, 'x')}, true));
    const std::uint64_t seq = scribe_.next_seq() - 1;
    ASSERT_TRUE(announced_.wait_for([&] { return journal_.health().durable_seq >= seq; }));
  }
  std::uintmax_t log_size() const { return std::filesystem::file_size(folder_.file().string() + "-wal"); }

  TemporaryFolder folder_;
  Opening opening_;
  Announced announced_;
  Journal journal_{{.file = folder_.file()}, opening_};
  Scribe scribe_;
};

TEST_F(WalWatchTest, WithoutReadersTheLogStaysShort) {
  for (int i = 0; i < 60; ++i) write();
  EXPECT_LE(log_size(), 8U << 20U);
  EXPECT_EQ(journal_.health().log_held_by, "");
}

TEST_F(WalWatchTest, AForeignReaderIsNamedWithItsAgeAndHurtsNothingElse) {
  write();
  ForeignReader reader(folder_.file());
  ASSERT_TRUE(reader.reading());
  EXPECT_EQ(reader_of_log(folder_.file().string() + "-shm"), reader.pid());
  for (int i = 0; i < 20; ++i) write();
  // Commits go on until it has been told.
  const auto told = [&] { return journal_.health().log_held >= std::chrono::seconds{2}; };
  for (int i = 0; i < 200 && !told(); ++i) {
    journal_.append(scribe_.make(entry::Event{"small", "{}"}));
    announced_.wait_briefly();
  }
  const Health health = journal_.health();
  EXPECT_THAT(health.log_held_by, testing::HasSubstr("pid " + std::to_string(reader.pid())));
  EXPECT_GE(health.log_held, std::chrono::seconds{2});
  EXPECT_GT(health.log_bytes, 8U << 20U);
  EXPECT_TRUE(health.recording_possible);
  EXPECT_EQ(health.dropped, 0U);
  reader.end();
  for (int i = 0; i < 4; ++i) write();
  EXPECT_EQ(journal_.health().log_held_by, "");
}

}  // namespace
}  // namespace rytme::journal
