// SPDX-License-Identifier: Apache-2.0
// Disks that are full, read-only, broken or slow (tests/support/fault_disk.hpp): append() goes on, the health
// says that nothing is recorded, recording resumes by itself, and the file is whole with all that was taken.
#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <poll.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"
#include "tests/support/fault_disk.hpp"

namespace rytme::journal {
namespace {

using test::FaultDisk;

struct Case {
  const char* name;
  FaultDisk::Fault fault;
  const char* told;  // in the health's words
};

class FaultyDiskTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { journal_->on_progress(announced_.callback()); }
  void reading() {
    journal_->append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  }
  void rating() {
    journal_->append(scribe_.make(entry::Rating{"staff", "staff", "during", "calm", "t"}, true));
  }
  bool durable() {
    return announced_.wait_for([&] { return journal_->health().durable_seq + 1 >= scribe_.next_seq(); });
  }
  void expect_all(int readings, int ratings) {
    journal_.reset();
    EXPECT_EQ(query(folder_.file(), "PRAGMA quick_check"), "ok");
    EXPECT_EQ(query(folder_.file(), "SELECT (SELECT count(*) FROM reading), (SELECT count(*) FROM rating)"),
              std::to_string(readings) + "|" + std::to_string(ratings));
    Opening again;
    Journal next({.file = folder_.file()}, again);
    EXPECT_EQ(again.set_aside, "");
    EXPECT_FALSE(again.unclean);
  }

  TemporaryFolder folder_;
  FaultDisk disk_;
  Opening opening_;
  Announced announced_;
  std::optional<Journal> journal_{std::in_place, Options{.file = folder_.file()}, opening_};
  Scribe scribe_;
};

TEST_P(FaultyDiskTest, RecordingStopsVisiblyResumesByItselfAndNothingIsLost) {
  rating();
  ASSERT_TRUE(durable());
  disk_.set(GetParam().fault);
  rating();
  for (int i = 0; i < 5000; ++i) reading();
  ASSERT_TRUE(announced_.wait_for([&] { return !journal_->health().recording_possible; }));
  EXPECT_THAT(journal_->health().fault, testing::HasSubstr(GetParam().told));
  EXPECT_LT(journal_->health().durable_seq, 10U);
  disk_.set(FaultDisk::Fault::none);
  rating();
  ASSERT_TRUE(durable());
  EXPECT_TRUE(journal_->health().recording_possible);
  EXPECT_EQ(journal_->health().fault, "");
  EXPECT_EQ(journal_->health().dropped, 0U);
  expect_all(5000, 3);
}

// What a monitor is told of the disk is of now, when nothing can be written any more, too.
TEST_P(FaultyDiskTest, TheDiskIsLookedAtWhenItFails) {
  rating();
  ASSERT_TRUE(durable());
  ASSERT_TRUE(announced_.wait_for([&] { return journal_->health().disk.has_value(); }));
  disk_.set(GetParam().fault);
  std::filesystem::remove(folder_.file());
  rating();
  ASSERT_TRUE(announced_.wait_for([&] { return !journal_->health().recording_possible; }));
  EXPECT_FALSE(journal_->health().disk);
}

TEST_P(FaultyDiskTest, ADiskThatFailsNowAndThenLosesNothing) {
  disk_.set(GetParam().fault, 12, 7);
  std::uint64_t failures = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 20; ++i) reading();
    rating();
    // A disk at rest between: the pauses between attempts would take the test's time.
    if (!announced_.wait_for([&] {
          const Health health = journal_->health();
          return health.durable_seq + 1 >= scribe_.next_seq() || health.failures > failures;
        }))
      break;
    if (journal_->health().failures == failures) continue;
    disk_.set(FaultDisk::Fault::none);
    ASSERT_TRUE(durable());
    failures = journal_->health().failures;
    disk_.set(GetParam().fault, 12, 7 + static_cast<std::uint64_t>(round));
  }
  disk_.set(FaultDisk::Fault::none);
  ASSERT_TRUE(durable());
  EXPECT_GT(failures, 0U);
  expect_all(200, 10);
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultyDiskTest,
                         testing::Values(Case{"full", FaultDisk::Fault::full, "full"},
                                         Case{"read_only", FaultDisk::Fault::read_only, "readonly"},
                                         Case{"write", FaultDisk::Fault::write_error, "disk I/O error"},
                                         Case{"sync", FaultDisk::Fault::sync_error, "disk I/O error"}),
                         [](const auto& each) { return each.param.name; });

class SlowDiskTest : public FaultyDiskTest {};

// A sync of 5 ms; every fifth entry commits at once, so that the writer is always at it.
TEST_F(SlowDiskTest, AppendNeverWaitsForTheDisk) {
  disk_.delay_sync(std::chrono::milliseconds{5});
  std::vector<double> took_us;
  for (int i = 0; i < 20000; ++i) {
    if (i % 50 == 0) ::poll(nullptr, 0, 1);  // the pace of a busy room
    const auto from = std::chrono::steady_clock::now();
    i % 5 == 0 ? rating() : reading();
    took_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count());
  }
  ASSERT_TRUE(durable());
  std::sort(took_us.begin(), took_us.end());
  std::cout << "append() while each sync takes 5 ms: p50 " << took_us[10000] << " µs, p99 " << took_us[19800]
            << " µs, " << journal_->health().commits << " commits\n";
  EXPECT_GT(journal_->health().commits, 5U);
  EXPECT_LT(took_us[19800], 1000);
  expect_all(16000, 4000);
}

}  // namespace
}  // namespace rytme::journal
