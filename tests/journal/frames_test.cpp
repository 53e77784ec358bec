// SPDX-License-Identifier: Apache-2.0
// Random access by time, on a session of 45 minutes at 100 Hz.
#include "controller/journal/frames.hpp"

#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using std::chrono::milliseconds;

constexpr int frames_written = 45 * 60 * 5;

class FramesTest : public testing::Test {
 protected:
  // Frames of 20 samples every 200 ms that arrive 30 ms after their last sample.
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    Opening opening;
    Journal journal({.file = folder_->file(), .queue_bytes = std::size_t{1} << 30U}, opening);
    Scribe scribe;
    scribe.session = "s1";
    first_us_ =
        std::chrono::duration_cast<std::chrono::microseconds>(scribe.at().steady.time_since_epoch()).count();
    for (int i = 0; i < frames_written; ++i) {
      // From batch to batch a chunk grows; here all comes at once, an urgent entry now and then makes
      // batches.
      journal.append(scribe.make(entry::Motion{"swing", motion_frame(static_cast<std::uint64_t>(i), 20)}));
      if (i % 5 == 0)
        journal.append(
            scribe.make(entry::Heart{"belt", heart_frame(static_cast<std::uint64_t>(i / 5), {1024})}));
      scribe.move_on(milliseconds{200} - milliseconds{i % 5 == 0 ? 2 : 1});
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  Span seconds(std::int64_t from, std::int64_t to) const {
    return {first_us_ + from * 1000000, first_us_ + to * 1000000};
  }

  static inline TemporaryFolder* folder_;
  static inline std::int64_t first_us_;
  Connection connection_{folder_->file(), Connection::Mode::read_only};
};

TEST_F(FramesTest, GivesTheFramesOfTheSpanAndNoOthers) {
  const auto found = motion_between(connection_, "s1", "swing", seconds(1000, 1010));
  // Each frame is placed by its last sample's arrival: 5000 ends at 1000 s, 5050 begins before 1010 s.
  ASSERT_EQ(found.size(), 51U);
  std::uint64_t seq = found.front().frame.stamp.seq;
  EXPECT_EQ(seq, 5000U);
  for (const auto& placed : found) {
    EXPECT_EQ(placed.frame.stamp.seq, seq++);
    EXPECT_LT(placed.mono_us, seconds(0, 1010).to_us);
    EXPECT_GE(placed.mono_us + 190000, seconds(1000, 0).from_us);
  }
}

TEST_F(FramesTest, DecodesOnlyTheChunksItNeeds) {
  int chunks = 0;
  motion_between(connection_, "s1", "swing", seconds(1000, 1010), &chunks);
  EXPECT_GE(chunks, 1);
  EXPECT_LE(chunks, 2);
  chunks = 0;
  heart_between(connection_, "s1", "belt", seconds(10, 20), &chunks);
  EXPECT_EQ(chunks, 1);
  EXPECT_TRUE(motion_between(connection_, "s1", "swing", seconds(-100, -50), &chunks).empty());
  EXPECT_TRUE(motion_between(connection_, "s2", "swing", seconds(0, 50), &chunks).empty());
  EXPECT_EQ(chunks, 1);
}

TEST_F(FramesTest, TenSecondsOfALongSessionTakeMilliseconds) {
  const auto timed = [&](Span span) {
    const auto from = std::chrono::steady_clock::now();
    EXPECT_FALSE(motion_between(connection_, "s1", "swing", span).empty());
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
  };
  timed(seconds(0, 2700));
  std::vector<double> ten;
  for (int i = 0; i < 50; ++i) ten.push_back(timed(seconds(50 * i, 50 * i + 10)));
  std::sort(ten.begin(), ten.end());
  const double whole = timed(seconds(0, 2700));
  std::cout << "10 s of 45 min at 100 Hz, six axes: p50 " << ten[25] << " ms, longest " << ten.back()
            << " ms; all of it " << whole << " ms\n";
  EXPECT_LT(ten[25], whole / 10);
}

}  // namespace
}  // namespace rytme::journal
