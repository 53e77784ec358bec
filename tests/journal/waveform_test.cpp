// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/waveform.hpp"

#include <bit>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include <gmock/gmock.h>
#include <zlib.h>

#include "controller/journal/chunker.hpp"
#include "controller/journal/columns.hpp"
#include "tests/journal/journal_support.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::journal {
namespace {

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

bool same(const MotionFrame& a, const MotionFrame& b) {
  return a.stamp.boot == b.stamp.boot && a.stamp.seq == b.stamp.seq && a.stamp.t_us == b.stamp.t_us &&
         a.step_us == b.step_us && same_bits(a.ax, b.ax) && same_bits(a.ay, b.ay) && same_bits(a.az, b.az) &&
         same_bits(a.gx, b.gx) && same_bits(a.gy, b.gy) && same_bits(a.gz, b.gz);
}

bool same(const HeartSample& a, const HeartSample& b) {
  const auto bits = [](const HeartSample& frame) {
    return frame.bpm ? std::optional(std::bit_cast<std::uint64_t>(*frame.bpm)) : std::nullopt;
  };
  return a.stamp.boot == b.stamp.boot && a.stamp.seq == b.stamp.seq && a.stamp.t_us == b.stamp.t_us &&
         bits(a) == bits(b) && a.contact == b.contact && a.rr_count == b.rr_count && a.rr_1024 == b.rr_1024;
}

template <typename Frame>
bool all_same(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Frame& x, const Frame& y) { return same(x, y); });
}

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

// Recorded and simulated signals, packed as the writer packs them: batch by batch into growing chunks.

std::string unpacked(const std::filesystem::path& file) {
  const gzFile source = ::gzopen(file.c_str(), "rb");
  if (source == nullptr) throw std::runtime_error("cannot read " + file.string());
  std::string text;
  std::vector<char> buffer(1U << 16U);
  for (int got = 0; (got = ::gzread(source, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  ::gzclose(source);
  return text;
}

std::vector<std::vector<double>> numbers_of(const std::string& text) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#' || std::isalpha(static_cast<unsigned char>(line[0])) != 0) continue;
    std::istringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
    rows.push_back(row);
  }
  return rows;
}

struct Packed {
  std::map<std::int64_t, ChunkRow> chunks;  // the last state of each
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& [id, chunk] : chunks) sum += chunk.data.size() + row_bytes;
    return sum;
  }
  // A row's other columns and its index entries: the payload that dbstat tells of 394 chunks, 93 bytes each.
  // The unused ends of pages come on top.
  static constexpr std::size_t row_bytes = 93;
};

template <typename Entry, typename Frame>
Packed packed(const std::vector<Frame>& frames, std::chrono::microseconds period) {
  Scribe scribe;
  Chunker chunker(1);
  Packed result;
  const auto per_batch = std::chrono::milliseconds{800} / period + 1;
  std::ptrdiff_t in_batch = 0;
  for (const Frame& frame : frames) {
    chunker.add(scribe.make(Entry{"node", frame}));
    scribe.move_on(period);
    if (++in_batch % per_batch != 0) continue;
    for (ChunkRow& row : chunker.take()) result.chunks[row.id] = std::move(row);
  }
  for (ChunkRow& row : chunker.take()) result.chunks[row.id] = std::move(row);
  return result;
}

template <typename Frame, typename Decode>
std::vector<Frame> unpacked_frames(const Packed& packed, Decode decode) {
  std::vector<Frame> frames;
  for (const auto& [id, chunk] : packed.chunks)
    for (Frame& frame : decode(chunk.data, chunk.boot)) frames.push_back(std::move(frame));
  return frames;
}

TEST(WaveformSize, WristAccelerationTakesUnder1600MillibytesPerAxisValue) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto rows = numbers_of(unpacked(test::shared("data/stress_predict/S01/acc_32hz.csv.gz")));
  ASSERT_GT(rows.size(), 100000U);
  std::vector<MotionFrame> frames;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % 16 == 0) {
      frames.emplace_back();
      frames.back().stamp = {"9f2c", frames.size(), static_cast<std::int64_t>(i) * 31250};
      frames.back().step_us = {31250};
    }
    frames.back().ax.push_back(static_cast<float>(rows[i][0] * 9.80665 / 64));
    frames.back().ay.push_back(static_cast<float>(rows[i][1] * 9.80665 / 64));
    frames.back().az.push_back(static_cast<float>(rows[i][2] * 9.80665 / 64));
  }
  const Packed packing = packed<entry::Motion>(frames, std::chrono::milliseconds{500});
  EXPECT_TRUE(all_same(unpacked_frames<MotionFrame>(packing, decode_motion), frames));
  const double per_value = static_cast<double>(packing.bytes()) / (3.0 * static_cast<double>(rows.size()));
  RecordProperty("bytes_per_axis_value", std::to_string(per_value));
  std::cout << "bytes per axis value, S01 acc 1/64 g: " << per_value << " in " << packing.chunks.size()
            << " chunks\n";
  EXPECT_LE(per_value, 1.6);
}

// The intervals as a wearable sends them that loses nothing; what the recording's gaps and the row itself
// cost comes on top and is told.
TEST(WaveformSize, PulseIntervalsTakeUnder600MillibytesPerRr) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto rows = numbers_of(text_of(test::shared("data/stress_predict/S01/ibi.csv")));
  ASSERT_GT(rows.size(), 1000U);
  std::vector<HeartSample> with_gaps, without;
  double t_s = 0;
  for (const auto& row : rows) {
    HeartSample frame =
        heart_frame(with_gaps.size(), {static_cast<std::uint16_t>(std::lround(row[1] * 1.024))});
    frame.bpm = static_cast<double>(std::lround(60000 / row[1]));
    frame.stamp.t_us = std::llround(row[0] * 1e6);
    with_gaps.push_back(frame);
    frame.stamp.t_us = std::llround((t_s += row[1] / 1000) * 1e6);
    without.push_back(frame);
  }
  const Packed packing = packed<entry::Heart>(with_gaps, std::chrono::milliseconds{20});
  EXPECT_TRUE(all_same(unpacked_frames<HeartSample>(packing, decode_heart), with_gaps));
  const auto count = static_cast<double>(rows.size());
  const double per_rr = static_cast<double>(encode(std::span<const HeartSample>(without)).size()) / count;
  std::cout << "bytes per RR with seq, time and bpm, S01: " << per_rr
            << "; with its gaps and the row: " << static_cast<double>(packing.bytes()) / count << " in "
            << packing.chunks.size() << " chunks\n";
  EXPECT_LE(per_rr, 0.6);
  EXPECT_LE(static_cast<double>(packing.bytes()) / count, 1.0);
}

TEST(WaveformSize, SwingsAreKeptBitByBit) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  for (const auto& file : std::filesystem::directory_iterator(test::shared("data/synthetic_swing"))) {
    if (file.path().string().find("_imu") == std::string::npos) continue;
    const auto rows = numbers_of(unpacked(file.path()));
    std::vector<MotionFrame> frames;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int64_t t_us = std::llround(rows[i][0] * 1e6);
      if (i % 20 == 0) {
        frames.emplace_back();
        frames.back().stamp = {"9f2c", frames.size(), t_us};
      } else {
        frames.back().step_us.push_back(static_cast<std::int32_t>(t_us - std::llround(rows[i - 1][0] * 1e6)));
      }
      MotionFrame& frame = frames.back();
      std::size_t column = 1;
      for (auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz})
        axis->push_back(static_cast<float>(rows[i][column++]));
    }
    const Packed packing = packed<entry::Motion>(frames, std::chrono::milliseconds{400});
    EXPECT_TRUE(all_same(unpacked_frames<MotionFrame>(packing, decode_motion), frames)) << file.path();
    const double per_value = static_cast<double>(packing.bytes()) / (6.0 * static_cast<double>(rows.size()));
    std::cout << "bytes per axis value, " << file.path().stem().stem().string() << ": " << per_value << "\n";
    EXPECT_LE(per_value, 2.5);
  }
}

}  // namespace
}  // namespace rytme::journal
