// SPDX-License-Identifier: Apache-2.0
// What a list says of a session that is over is what the rows say, and nothing is said of what was taken
// back.
#include "controller/journal/session_digest.hpp"

#include <gmock/gmock.h>

#include "controller/journal/reader.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

class DigestTest : public testing::Test {
 protected:
  void SetUp() override {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    scribe_.session = "s1";
    journal.append(scribe_.make(entry::SessionStart{"s1", "K7F", "regulate-down", 2, true, "abc", "0.1.0"}));
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto quality = i < 30 ? Quality::good : Quality::doubtful;
      journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 72.0, "", quality}));
      journal.append(scribe_.make(entry::Heart{"belt", heart_frame(i, {816})}));
      scribe_.move_on(std::chrono::milliseconds{998});
    }
    journal.append(scribe_.make(entry::SessionEnd{"s1", "finished"}, true));
    journal.close();
  }
  SessionSummary listed() { return Reader(folder_.file()).sessions({}).at(0); }
  void execute(const std::string& sql) {
    Connection(folder_.file(), Connection::Mode::read_write).execute(sql);
  }

  TemporaryFolder folder_;
  Scribe scribe_;
};

TEST_F(DigestTest, SaysWhatTheRowsSay) {
  const SessionSummary quick = listed();
  EXPECT_EQ(query(folder_.file(), "SELECT count(*) FROM v_event WHERE kind = 'session_digest'"), "1");
  EXPECT_EQ(quick.n_readings, 80);  // the frames of the last batch too
  EXPECT_NEAR(quick.valid_share.value(), 30.0 / 40, 0.01);
  execute("DELETE FROM event");
  const SessionSummary counted = listed();
  EXPECT_EQ(quick.n_readings, counted.n_readings);
  EXPECT_EQ(quick.valid_share, counted.valid_share);
}

TEST_F(DigestTest, IsWhatTheListReads) {
  execute("UPDATE event SET data = '{\"n_readings\":7,\"valid_share\":0.5}'");
  EXPECT_EQ(listed().n_readings, 7);
  EXPECT_EQ(listed().valid_share, 0.5);
}

TEST_F(DigestTest, IsNoMoreWhenWhatWasRecordedIsTakenBack) {
  execute("DELETE FROM reading; DELETE FROM chunk; UPDATE session SET recording = 0, participant = ''");
  EXPECT_EQ(listed().n_readings, 0);
  EXPECT_EQ(listed().valid_share, std::nullopt);
}

}  // namespace
}  // namespace rytme::journal
