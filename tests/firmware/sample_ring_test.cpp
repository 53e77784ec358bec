// SPDX-License-Identifier: Apache-2.0
// The ring of samples: no sample torn, none lost or doubled for whoever asks ten times a second.
#include "firmware/core/sample_ring.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "firmware/core/motion_watch.hpp"

namespace rytme::firmware::test {
namespace {

namespace at = motion_registers;

Sample numbered(std::uint32_t number) {
  const auto low = static_cast<std::int16_t>(number & 0x3FFF);
  return {{low, static_cast<std::int16_t>(low + 1), static_cast<std::int16_t>(low + 2),
           static_cast<std::int16_t>(low + 3), static_cast<std::int16_t>(low + 4),
           static_cast<std::int16_t>(low + 5)}};
}

struct Block {
  std::uint32_t first{};
  std::vector<Sample> samples;
  bool over{};
};

Block block(const SampleRing& ring, std::uint16_t samples = at::newest_samples, std::uint16_t back = 0) {
  std::vector<std::uint16_t> words(at::BlockAt::samples + std::size_t{samples} * at::words_per_sample,
                                   0xAAAA);
  ring.write_block(words, samples, back);
  Block out;
  out.first = (std::uint32_t{words[at::first_number]} << 16U) | words[at::first_number + 1];
  out.over = (words[at::state] & at::over_range_bit) != 0;
  out.samples.resize(words[at::state] & 0xFFU);
  std::size_t word = at::BlockAt::samples;
  for (auto& sample : out.samples)
    for (auto& axis : sample.axes) axis = static_cast<std::int16_t>(words[word++]);
  for (; word < words.size(); ++word) EXPECT_EQ(words[word], 0) << "nothing old stands behind them";
  return out;
}

TEST(SampleRing, BeginsEmptyAndFills) {
  SampleRing ring;
  EXPECT_TRUE(block(ring).samples.empty());
  for (std::uint32_t i = 0; i < 3; ++i) ring.push(numbered(i));
  const auto some = block(ring);
  EXPECT_EQ(some.first, 0u);
  EXPECT_EQ(some.samples, (std::vector{numbered(0), numbered(1), numbered(2)}));
  EXPECT_TRUE(block(ring, at::earlier_samples, 16).samples.empty());
}

TEST(SampleRing, TwoBlocksShowThirtyFiveSamples) {
  SampleRing ring;
  for (std::uint32_t i = 0; i < 1000; ++i) ring.push(numbered(i));
  const auto newest = block(ring);
  const auto earlier = block(ring, at::earlier_samples, at::newest_samples - at::overlap);
  EXPECT_EQ(newest.first, 980u);
  EXPECT_EQ(newest.samples.back(), numbered(999));
  EXPECT_EQ(earlier.first, 965u);
  EXPECT_EQ(earlier.samples.size(), 19u);
  EXPECT_EQ(earlier.samples.back(), numbered(983)) << "they overlap by four";
}

TEST(SampleRing, AGapIsNeverWithinABlock) {
  SampleRing ring;
  for (std::uint32_t i = 0; i < 100; ++i) ring.push(numbered(i));
  ring.push(numbered(150), 50);
  ring.push(numbered(151));
  const auto newest = block(ring);
  EXPECT_EQ(newest.first, 150u);
  EXPECT_EQ(newest.samples, (std::vector{numbered(150), numbered(151)}));
}

TEST(SampleRing, SaysThatASampleMayHaveBeenMore) {
  SampleRing ring;
  ring.push({{0, 0, 32'699, 0, 0, -32'699}});
  EXPECT_FALSE(block(ring).over);
  ring.push({{0, -32'700, 0, 0, 0, 0}});
  EXPECT_TRUE(block(ring).over);
  for (int i = 0; i < 20; ++i) ring.push({});
  EXPECT_FALSE(block(ring).over);
  ring.push({{0, 0, 0, 0, 32'767, 0}});
  EXPECT_TRUE(block(ring).over);
}

// Three weeks at 100 Hz and a bit: the numbers go on past 2^32 in the end, and nothing happens.
TEST(SampleRing, NumbersWrap) {
  SampleRing ring;
  ring.push({}, 0xFFFFFFF0U);
  for (std::uint32_t i = 0; i < 40; ++i) ring.push(numbered(i));
  const auto newest = block(ring);
  EXPECT_EQ(newest.samples.back(), numbered(39));
  EXPECT_EQ(newest.first + 20, ring.next());
}

// The writer runs in a thread of its own, as fast as it can up to what the ring allows, as an interrupt
// would.
TEST(SampleRing, NothingIsTornWhileItIsWritten) {
  SampleRing ring;
  std::atomic<std::uint32_t> read_up_to{0};
  std::jthread writer([&](const std::stop_token& stop) {
    for (std::uint32_t i = 0; !stop.stop_requested(); ++i) {
      while (i - read_up_to.load() > 15 && !stop.stop_requested()) std::this_thread::yield();
      ring.push(numbered(i));
    }
  });
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t next = ring.next();
    const auto seen = block(ring, at::newest_samples, i % 2 == 0 ? 0 : 16);
    for (std::size_t k = 0; k < seen.samples.size(); ++k)
      ASSERT_EQ(seen.samples[k], numbered(seen.first + static_cast<std::uint32_t>(k)));
    read_up_to = next;
  }
}

TEST(MotionWatch, SeesASensorThatSaysTheSameOverAndOver) {
  MotionWatch watch;
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_TRUE(watch.take(numbered(i)));
  for (int i = 0; i < 49; ++i) EXPECT_TRUE(watch.take(numbered(99))) << i;
  EXPECT_FALSE(watch.take(numbered(99)));
  EXPECT_TRUE(watch.is_stuck());
  for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(watch.take(numbered(99)));
  EXPECT_EQ(watch.times_stuck(), 1u);
  EXPECT_TRUE(watch.take(numbered(1)));
  EXPECT_FALSE(watch.is_stuck());
}

TEST(MotionWatch, OneDigitThatMovesIsASensorThatLives) {
  MotionWatch watch;
  for (int i = 0; i < 1000; ++i)
    EXPECT_TRUE(watch.take({{0, 0, 4098, 0, static_cast<std::int16_t>(i / 40 % 2), 0}}));
}

TEST(MotionWatch, RemembersForTenSecondsThatItWasOverRange) {
  MotionWatch watch;
  EXPECT_FALSE(watch.was_over_range());
  watch.take({{0, 0, -32'768, 0, 0, 0}});
  watch.take({{0, 0, 0, 32'700, 0, 0}});
  EXPECT_EQ(watch.over_range(), 2u);
  for (std::uint32_t i = 0; i < 999; ++i) watch.take(numbered(i));
  EXPECT_TRUE(watch.was_over_range());
  watch.take(numbered(7));
  EXPECT_FALSE(watch.was_over_range());
}

}  // namespace
}  // namespace rytme::firmware::test
