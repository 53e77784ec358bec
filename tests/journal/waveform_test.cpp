// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/waveform.hpp"

#include <limits>

#include <gmock/gmock.h>

#include "controller/journal/columns.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

TEST(Waveform, HeartFramesComeBackAsTheyWere) {
  std::vector<HeartSample> frames{heart_frame(1, {816, 814}), heart_frame(2, {}), heart_frame(5, {65535})};
  frames[1].bpm.reset();
  frames[1].contact = Contact::unsupported;
  frames[2].bpm = 71.123456789;
  frames[2].contact = Contact::no;
  frames.push_back(
      heart_frame(std::numeric_limits<std::uint64_t>::max(), std::vector<std::uint16_t>(16, 700)));
  frames.back().stamp.t_us = std::numeric_limits<std::int64_t>::min();
  frames.back().bpm = -0.0;
  EXPECT_TRUE(all_same(decode_heart(encode(std::span<const HeartSample>(frames)), "9f2c"), frames));
  EXPECT_TRUE(decode_heart(encode(std::span<const HeartSample>{}), "9f2c").empty());
}

TEST(Waveform, MotionFramesComeBackBitByBit) {
  std::vector<MotionFrame> frames;
  for (std::uint64_t seq = 10; seq < 40; ++seq) frames.push_back(motion_frame(seq, 20));
  frames[3].gx.clear();
  frames[3].gy.clear();
  frames[3].gz.clear();
  frames[4].step_us = {1, -2, 30000};
  frames[5].ax[7] = std::numeric_limits<float>::quiet_NaN();
  frames[6].ay[0] = 0.1F + 0.2F;
  frames.push_back(motion_frame(90, 0));
  const auto back = decode_motion(encode(std::span<const MotionFrame>(frames)), "9f2c");
  EXPECT_TRUE(all_same(back, frames));
}

// A few frames are written as version 1 wrote them.
TEST(Waveform, ChunksOfTheFirstVersionAreRead) {
  const std::vector<MotionFrame> motion{motion_frame(1, 50), motion_frame(2, 50)};
  std::string blob = encode(std::span<const MotionFrame>(motion));
  ASSERT_EQ(blob[0], 2);
  blob[0] = 1;
  EXPECT_TRUE(all_same(decode_motion(blob, "9f2c"), motion));
  const std::vector<HeartSample> heart{heart_frame(1, {816, 814}), heart_frame(2, {820})};
  blob = encode(std::span<const HeartSample>(heart));
  blob[0] = 1;
  EXPECT_TRUE(all_same(decode_heart(blob, "9f2c"), heart));
  for (const int other : {0, 3, 255}) {
    blob[0] = static_cast<char>(other);
    EXPECT_THROW(decode_heart(blob, "9f2c"), BadChunk) << other;
  }
}

TEST(Waveform, ADamagedBlobIsRefused) {
  const std::vector<MotionFrame> frames{motion_frame(1, 50), motion_frame(2, 50)};
  const std::string blob = encode(std::span<const MotionFrame>(frames));
  for (std::size_t i = 0; i < blob.size(); ++i) {
    std::string damaged = blob;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    try {
      EXPECT_TRUE(all_same(decode_motion(damaged, "9f2c"), frames))
          << "byte " << i;  // not all header bits matter
    } catch (const BadChunk&) {
    }
    EXPECT_THROW(decode_motion(blob.substr(0, i), "9f2c"), BadChunk) << i;
  }
}

TEST(Waveform, LastSampleTimeFollowsTheSteps) {
  MotionFrame frame = motion_frame(0, 4);
  EXPECT_EQ(last_t_us(frame), 30000);
  frame.step_us = {10, 20, 30};
  EXPECT_EQ(last_t_us(frame), 60);
}

}  // namespace
}  // namespace rytme::journal
