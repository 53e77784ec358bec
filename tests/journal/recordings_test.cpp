// SPDX-License-Identifier: Apache-2.0
// What the codec makes of every recording, chunk by chunk as the writer closes them, beside the least that
// any code of one value at a time could reach: the entropy of the differences.
#include "tests/journal/recordings.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "controller/journal/chunker.hpp"
#include "controller/journal/waveform.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

template <typename Entry, typename Frame>
std::map<std::int64_t, ChunkRow> chunks_of(const std::vector<Frame>& frames) {
  Scribe scribe;
  Chunker chunker(1);
  std::map<std::int64_t, ChunkRow> chunks;
  const std::int64_t first_us = frames.front().stamp.t_us;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    JournalEntry entry = scribe.make(Entry{"node", frames[i]});
    entry.at.steady = Instant{std::chrono::microseconds{frames[i].stamp.t_us - first_us}};
    chunker.add(entry);
    if (i % 500 == 499)
      for (ChunkRow& row : chunker.take()) chunks[row.id] = std::move(row);
  }
  for (ChunkRow& row : chunker.take()) chunks[row.id] = std::move(row);
  return chunks;
}

std::size_t bytes_of(const std::map<std::int64_t, ChunkRow>& chunks) {
  std::size_t bytes = 0;
  for (const auto& [id, row] : chunks) bytes += row.data.size();
  return bytes;
}

template <typename Frame, typename Decode>
bool come_back(const std::map<std::int64_t, ChunkRow>& chunks, const std::vector<Frame>& frames,
               Decode decode) {
  std::vector<Frame> back;
  for (const auto& [id, chunk] : chunks)
    for (Frame& frame : decode(chunk.data, chunk.boot)) back.push_back(std::move(frame));
  return all_same(back, frames);
}

// The same beats as a strap sends them that loses none: what the RR themselves cost, their seq and time
// included.
std::vector<HeartSample> without_gaps(std::vector<HeartSample> frames) {
  std::int64_t sum_1024 = 0;
  for (HeartSample& frame : frames) frame.stamp.t_us = ((sum_1024 += frame.rr_1024[0]) * 15625 + 8) / 16;
  return frames;
}

// Bytes per difference of neighbours, were each coded alone by its frequency in this recording.
double entropy_of_differences(const std::vector<HeartSample>& frames) {
  std::map<int, double> counts;
  for (std::size_t i = 1; i < frames.size(); ++i) ++counts[frames[i].rr_1024[0] - frames[i - 1].rr_1024[0]];
  double bits = 0;
  const auto all = static_cast<double>(frames.size() - 1);
  for (const auto& [difference, count] : counts) bits -= count / all * std::log2(count / all);
  return bits / 8;
}

TEST(Recordings, MotionTakesAtMost1600MillibytesPerAxisValueAtTheSensorsResolution) {
  const auto recordings = motion_recordings();
  if (recordings.empty()) GTEST_SKIP() << "no reference data";
  double worst = 0;
  for (const auto& recording : recordings) {
    const auto chunks = chunks_of<entry::Motion>(recording.frames);
    EXPECT_TRUE(come_back(chunks, recording.frames, decode_motion)) << recording.name;
    const double each = static_cast<double>(bytes_of(chunks)) / static_cast<double>(recording.values);
    std::printf("| %-32s | %8zu | %3zu | %.3f |\n", recording.name.c_str(), recording.values, chunks.size(),
                each);
    // The simulated swings have four decimals: a sixth of any sensor's step. On such a step: hour_test.cpp.
    if (recording.name.find("synthetic") == std::string::npos) worst = std::max(worst, each);
  }
  EXPECT_LE(worst, 1.6);
}

TEST(Recordings, RrTakeAboutTheirEntropy) {
  const auto recordings = heart_recordings();
  if (recordings.empty()) GTEST_SKIP() << "no reference data";
  double beats = 0, without = 0, with_gaps = 0, least = 0;
  std::printf("| %-32s | %6s | %6s | %6s | %6s |\n", "bytes per RR", "n", "", "gaps", "least");
  for (const auto& recording : recordings) {
    const auto count = static_cast<double>(recording.frames.size());
    const auto ours = static_cast<double>(bytes_of(chunks_of<entry::Heart>(without_gaps(recording.frames))));
    const auto chunks = chunks_of<entry::Heart>(recording.frames);
    EXPECT_TRUE(come_back(chunks, recording.frames, decode_heart)) << recording.name;
    const auto gaps = static_cast<double>(bytes_of(chunks));
    const double entropy = entropy_of_differences(recording.frames);
    std::printf("| %-32s | %6.0f | %6.3f | %6.3f | %6.3f |\n", recording.name.c_str(), count, ours / count,
                gaps / count, entropy);
    beats += count, without += ours, with_gaps += gaps, least += entropy * count;
    // Of a short recording the entropy is too small a guess and the chunk's own bytes weigh.
    if (count >= 2000) {
      EXPECT_LE(ours / count, entropy * 1.15 + 0.02) << recording.name;
    }
  }
  std::printf("| %-32s | %6.0f | %6.3f | %6.3f | %6.3f |\n", "all", beats, without / beats, with_gaps / beats,
              least / beats);
}

}  // namespace
}  // namespace rytme::journal
