// SPDX-License-Identifier: Apache-2.0
// Disk trouble: the room goes on, nothing blocks, the journal says so and resumes by itself. A limit on file
// size (RLIMIT_FSIZE) makes SQLite's writes fail as a full disk does.
#include <csignal>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limited = before_;
    limited.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() { lift(); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  void lift() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class TroubleTest : public testing::Test {
 protected:
  void SetUp() override { journal_.on_progress(announced_.callback()); }
  void reading() {
    journal_.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  }
  void urgent() { journal_.append(scribe_.make(entry::Event{"stop", "{}"}, true)); }
  bool fails() {
    return announced_.wait_for([&] { return !journal_.health().recording_possible; });
  }
  bool durable(std::uint64_t seq) {
    return announced_.wait_for([&] { return journal_.health().durable_seq >= seq; });
  }
  std::string ask(const std::string& sql) const { return query(folder_.file(), sql); }

  TemporaryFolder folder_;
  Opening opening_;
  Announced announced_;
  Journal journal_{{.file = folder_.file(), .queue_bytes = 1000 * sizeof(JournalEntry)}, opening_};
  Scribe scribe_;
};

TEST_F(TroubleTest, AFullDiskStopsTheRecordVisiblyAndItResumesByItself) {
  urgent();
  ASSERT_TRUE(durable(1));
  FileSizeLimit limit(16384);
  for (int i = 0; i < 500; ++i) reading();
  journal_.append(scribe_.make(entry::Heart{"belt", heart_frame(1, {800})}));
  urgent();
  ASSERT_TRUE(fails());
  const Health broken = journal_.health();
  EXPECT_NE(broken.fault, "");
  EXPECT_GE(broken.failures, 1U);
  EXPECT_EQ(broken.durable_seq, 1U);
  limit.lift();
  ASSERT_TRUE(durable(503));
  const Health mended = journal_.health();
  EXPECT_TRUE(mended.recording_possible);
  EXPECT_EQ(mended.fault, "");
  EXPECT_EQ(mended.dropped, 0U);
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM reading), (SELECT count(*) FROM event), (SELECT sum(frames) "
                "FROM chunk)"),
            "500|2|1");
  EXPECT_EQ(ask("PRAGMA quick_check"), "ok");
}

TEST_F(TroubleTest, BeyondTheLimitTelemetryIsDroppedAndToldUrgentEntriesNever) {
  urgent();
  ASSERT_TRUE(durable(1));
  FileSizeLimit limit(16384);
  urgent();
  for (int i = 0; i < 300; ++i) reading();
  ASSERT_TRUE(fails());
  for (int i = 0; i < 1000; ++i) reading();
  for (int i = 0; i < 50; ++i) urgent();
  const Health broken = journal_.health();
  EXPECT_GT(broken.dropped, 250U);
  EXPECT_LT(broken.dropped, 350U);
  limit.lift();
  const std::uint64_t last = scribe_.next_seq() - 1;
  ASSERT_TRUE(durable(last));
  journal_.close();  // the gap may be told with the batch after
  EXPECT_EQ(ask("SELECT count(*) FROM event WHERE kind = 'stop'"), "52");
  EXPECT_EQ(ask("SELECT count(*) + " + std::to_string(broken.dropped) + " FROM reading"), "1300");
  // The gap stands where the first lost entry would have stood.
  EXPECT_EQ(ask("SELECT data FROM event WHERE kind = 'journal_gap'"),
            "{\"dropped\":" + std::to_string(broken.dropped) + ",\"last_seq\":1302}");
  EXPECT_EQ(ask("SELECT seq FROM event WHERE kind = 'journal_gap'"), std::to_string(1303 - broken.dropped));
}

TEST_F(TroubleTest, AppendDoesNotWaitForTheDisk) {
  FileSizeLimit limit(16384);
  urgent();
  ASSERT_TRUE(fails());
  // While the writer retries, thousands of entries are taken at the cost of a push.
  for (int i = 0; i < 5000; ++i) reading();
  EXPECT_LE(journal_.health().queued, 1001U);
  limit.lift();
}

TEST_F(TroubleTest, ClosingWithAFullDiskEnds) {
  FileSizeLimit limit(16384);
  for (int i = 0; i < 900; ++i) reading();
  urgent();
  ASSERT_TRUE(fails());
  journal_.close();
  EXPECT_GE(journal_.health().dropped, 900U);
  EXPECT_FALSE(journal_.health().recording_possible);
}

}  // namespace
}  // namespace rytme::journal
