// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/chunker.hpp"

#include <gmock/gmock.h>

#include "controller/journal/waveform.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

class ChunkerTest : public testing::Test {
 protected:
  void heart(std::uint64_t seq, const std::string& boot = "9f2c", const std::string& device = "belt") {
    HeartSample frame = heart_frame(seq, {800});
    frame.stamp.boot = boot;
    chunker_.add(scribe_.make(entry::Heart{device, frame}));
  }
  void motion(std::uint64_t seq, std::size_t samples) {
    chunker_.add(scribe_.make(entry::Motion{"swing", motion_frame(seq, samples)}));
  }

  Scribe scribe_;
  Chunker chunker_{7};
};

TEST_F(ChunkerTest, AChunkGrowsFromBatchToBatchUnderOneId) {
  heart(1);
  const auto first = chunker_.take();
  heart(2);
  const auto second = chunker_.take();
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first[0].id, 7);
  EXPECT_EQ(second[0].id, 7);
  EXPECT_EQ(second[0].frames, 2);
  EXPECT_EQ(decode_heart(second[0].data, "9f2c").size(), 2U);
  EXPECT_TRUE(chunker_.take().empty());
}

TEST_F(ChunkerTest, LossShowsInTheNumbersOfTheChunk) {
  heart(10);
  heart(11);
  heart(15);
  const auto rows = chunker_.take();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].first_seq, 10U);
  EXPECT_EQ(rows[0].last_seq, 15U);
  EXPECT_EQ(rows[0].frames, 3);
  EXPECT_EQ(rows[0].from_t_us, 10000000);
  EXPECT_EQ(rows[0].to_t_us, 15000000);
  EXPECT_EQ(rows[0].seq, 1U);
  EXPECT_EQ(rows[0].seq_end, 3U);
}

TEST_F(ChunkerTest, BootSessionAndDeviceEachHaveTheirOwnChunk) {
  heart(1);
  heart(1, "aaaa");
  scribe_.session = "s1";
  heart(2, "aaaa");
  heart(9, "9f2c", "other belt");
  motion(1, 10);
  EXPECT_EQ(chunker_.take().size(), 5U);
}

TEST_F(ChunkerTest, AFullOrOldChunkIsFollowedByANewOne) {
  for (std::uint64_t seq = 0; seq < 30; ++seq) motion(seq, 100);
  const auto rows = chunker_.take();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].frames + rows[1].frames, 30);
  scribe_.move_on(std::chrono::seconds{61});
  motion(30, 100);
  motion(31, 100);
  const auto later = chunker_.take();
  ASSERT_EQ(later.size(), 2U);
  EXPECT_EQ(later[0].id, rows[1].id);
  EXPECT_NE(later[1].id, rows[1].id);
}

}  // namespace
}  // namespace rytme::journal
