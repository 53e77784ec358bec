// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/waveform.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include <zstd.h>

#include "controller/journal/columns.hpp"

namespace rytme::journal {
namespace {

// Short matches in noise cost more than they save.
constexpr int compression_level = 6;
constexpr int shortest_match = 6;
constexpr std::size_t max_plain_bytes = std::size_t{64} << 20U;

using FloatColumn = std::vector<float> MotionFrame::*;
constexpr std::array<FloatColumn, 6> axes{&MotionFrame::ax, &MotionFrame::ay, &MotionFrame::az,
                                          &MotionFrame::gx, &MotionFrame::gy, &MotionFrame::gz};

// One zstd frame; a block ends where a long enough run ends, so that each has its own table of symbols.
std::string compressed(const ByteWriter& plain) {
  constexpr std::size_t shortest_block = 200;
  const std::string& bytes = plain.bytes();
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_minMatch, shortest_match);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), bytes.size());
  std::string blob(1 + ZSTD_compressBound(bytes.size()) + 16 * plain.runs().size(), '\0');
  blob[0] = static_cast<char>(codec_version);
  ZSTD_outBuffer out{blob.data(), blob.size(), 1};
  ZSTD_inBuffer in{bytes.data(), 0, 0};
  const auto feed = [&](std::size_t end, ZSTD_EndDirective directive) {
    in.size = end;
    const std::size_t left = ZSTD_compressStream2(context.get(), &out, &in, directive);
    if (left != 0) throw BadChunk("a chunk cannot be compressed");  // the room for it was reckoned
  };
  for (const std::size_t end : plain.runs())
    if (end - in.pos >= shortest_block) feed(end, ZSTD_e_flush);
  feed(bytes.size(), ZSTD_e_end);
  blob.resize(out.pos);
  return blob;
}

std::string plain_of(std::string_view blob) {
  if (blob.empty() || blob[0] < 1 || static_cast<std::uint8_t>(blob[0]) > codec_version)
    throw BadChunk("a chunk has a codec this software does not know");
  blob.remove_prefix(1);
  const unsigned long long size = ZSTD_getFrameContentSize(blob.data(), blob.size());
  if (size > max_plain_bytes) throw BadChunk("a chunk is damaged: no believable size");
  std::string plain(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), blob.data(), blob.size());
  if (ZSTD_isError(got) != 0U || got != plain.size()) throw BadChunk("a chunk is damaged");
  return plain;
}

template <typename Frame>
constexpr Packing packing_of = Packing::bytes;
template <>
constexpr Packing packing_of<HeartSample> = Packing::arithmetic;

template <typename Frame, typename Field>
void put_column(ByteWriter& out, std::span<const Frame> frames, Field field) {
  std::vector<std::int64_t> column;
  column.reserve(frames.size());
  for (const Frame& frame : frames) column.push_back(static_cast<std::int64_t>(field(frame)));
  put_integers(out, column, packing_of<Frame>);
}

template <typename Frame>
void put_stamps(ByteWriter& out, std::span<const Frame> frames) {
  put_column(out, frames, [](const Frame& frame) { return frame.stamp.seq; });
  put_column(out, frames, [](const Frame& frame) { return frame.stamp.t_us; });
}

template <typename Frame>
std::vector<Frame> get_stamps(ByteReader& in, const std::string& boot) {
  const std::vector<std::int64_t> seq = get_integers(in);
  const std::vector<std::int64_t> t_us = get_integers(in);
  if (t_us.size() != seq.size()) throw BadChunk("a chunk's columns differ in length");
  std::vector<Frame> frames(seq.size());
  for (std::size_t i = 0; i < frames.size(); ++i)
    frames[i].stamp = {boot, static_cast<std::uint64_t>(seq[i]), t_us[i]};
  return frames;
}

// One number per frame.
std::vector<std::int64_t> get_column(ByteReader& in, std::size_t frames) {
  std::vector<std::int64_t> column = get_integers(in);
  if (column.size() != frames) throw BadChunk("a chunk's columns differ in length");
  return column;
}

// Pulse rates are whole or have a few decimals: kept as hundredths where that gives the same bits, else as
// bits.
bool in_hundredths(double bpm) {
  if (!(std::abs(bpm) < 1e9)) return false;
  const double again = static_cast<double>(std::llround(bpm * 100)) / 100;
  return std::bit_cast<std::uint64_t>(again) == std::bit_cast<std::uint64_t>(bpm);
}

constexpr std::int64_t bpm_absent = 0, bpm_hundredths = 1, bpm_bits = 2;

std::int64_t bpm_form(const HeartSample& frame) {
  if (!frame.bpm) return bpm_absent;
  return in_hundredths(*frame.bpm) ? bpm_hundredths : bpm_bits;
}

std::int64_t bpm_number(const HeartSample& frame) {
  if (!frame.bpm) return 0;
  return in_hundredths(*frame.bpm) ? std::llround(*frame.bpm * 100) : std::bit_cast<std::int64_t>(*frame.bpm);
}

void set_bpm(HeartSample& frame, std::int64_t form, std::int64_t number) {
  if (form == bpm_hundredths) frame.bpm = static_cast<double>(number) / 100;
  if (form == bpm_bits) frame.bpm = std::bit_cast<double>(number);
}

void put_rr(ByteWriter& out, std::span<const HeartSample> frames) {
  std::vector<std::int64_t> rr;
  for (const HeartSample& frame : frames)
    rr.insert(rr.end(), frame.rr_1024.begin(), frame.rr_1024.begin() + frame.rr_count);
  put_column(out, frames, [](const HeartSample& frame) { return frame.rr_count; });
  put_integers(out, rr, Packing::arithmetic);
}

std::vector<HeartSample> get_rr(ByteReader& in) {
  const std::vector<std::int64_t> counts = get_integers(in);
  const std::vector<std::int64_t> rr = get_integers(in);
  std::vector<HeartSample> frames(counts.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto count = static_cast<std::size_t>(counts[i]);
    if (count > HeartSample::max_rr || rr.size() - next < count) throw BadChunk("a chunk has too few RR");
    frames[i].rr_count = static_cast<std::uint8_t>(count);
    for (std::size_t k = 0; k < count; ++k) frames[i].rr_1024[k] = static_cast<std::uint16_t>(rr[next++]);
  }
  return frames;
}

// Many nodes stamp a frame at its last beat and send the rate of its last interval: both then follow from the
// RR.

// Time of each frame's last beat if no beat was lost, µs from the first: 10^6/1024 = 15625/16.
std::vector<std::int64_t> beat_times(std::span<const HeartSample> frames) {
  std::vector<std::int64_t> times;
  std::int64_t sum_1024 = 0;
  for (const HeartSample& frame : frames) {
    for (std::size_t k = 0; k < frame.rr_count; ++k) sum_1024 += frame.rr_1024[k];
    times.push_back((sum_1024 * 15625 + 8) / 16);
  }
  return times;
}

// The whole rate of each frame's last interval in hundredths of a beat per minute.
std::vector<std::int64_t> beat_rates(std::span<const HeartSample> frames) {
  std::vector<std::int64_t> rates;
  for (const HeartSample& frame : frames) {
    const std::int64_t rr = frame.rr_count == 0 ? 0 : frame.rr_1024[frame.rr_count - 1U];
    rates.push_back(rr == 0 ? 0 : (61440 + rr / 2) / rr * 100);
  }
  return rates;
}

// A column as it is or as its distance from what was expected, whichever is smaller; a byte says which.
template <typename Field>
void put_beside(ByteWriter& out, std::span<const HeartSample> frames, Field field,
                const std::vector<std::int64_t>& expected) {
  std::vector<std::int64_t> column, distance;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    column.push_back(field(frames[i]));
    distance.push_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(column[i]) -
                                                 static_cast<std::uint64_t>(expected[i])));
  }
  const bool nearer = cost_of(distance) < cost_of(column);
  out.byte(nearer ? 1 : 0);
  put_integers(out, nearer ? distance : column, Packing::arithmetic);
}

std::vector<std::int64_t> get_beside(ByteReader& in, const std::vector<std::int64_t>& expected) {
  const bool nearer = in.byte() != 0;
  std::vector<std::int64_t> column = get_column(in, expected.size());
  for (std::size_t i = 0; nearer && i < column.size(); ++i)
    column[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(column[i]) +
                                          static_cast<std::uint64_t>(expected[i]));
  return column;
}

// Cuts a column of all frames' values into the frames; lengths come before the values.
template <typename Value, typename Source>
void cut(ByteReader& in, std::vector<MotionFrame>& frames, std::vector<Value> MotionFrame::*member,
         Source get) {
  const std::vector<std::int64_t> lengths = get_column(in, frames.size());
  const auto values = get(in);
  std::size_t next = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto length = static_cast<std::size_t>(lengths[i]);
    if (values.size() - next < length) throw BadChunk("a chunk has too few samples");
    for (std::size_t k = 0; k < length; ++k)
      (frames[i].*member).push_back(static_cast<Value>(values[next++]));
  }
}

void put_steps(ByteWriter& out, std::span<const MotionFrame> frames) {
  std::vector<std::int64_t> steps;
  for (const MotionFrame& frame : frames)
    steps.insert(steps.end(), frame.step_us.begin(), frame.step_us.end());
  put_column(out, frames, [](const MotionFrame& frame) { return frame.step_us.size(); });
  put_integers(out, steps);
}

void put_axis(ByteWriter& out, std::span<const MotionFrame> frames, FloatColumn axis) {
  std::vector<float> values;
  for (const MotionFrame& frame : frames)
    values.insert(values.end(), (frame.*axis).begin(), (frame.*axis).end());
  put_column(out, frames, [axis](const MotionFrame& frame) { return (frame.*axis).size(); });
  put_floats(out, values);
}

// Every sample's time from its frame's and the steps in it.
void put_times(MotionColumns& columns, const std::vector<std::int64_t>& frame_t_us,
               const std::vector<std::int64_t>& lengths, const std::vector<std::int64_t>& step_counts,
               const std::vector<std::int64_t>& steps) {
  std::span<const std::int64_t> rest(steps);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto count = static_cast<std::size_t>(step_counts[i]);
    if (count > rest.size()) throw BadChunk("a chunk has too few steps");
    if (lengths[i] < 0 || static_cast<std::size_t>(lengths[i]) > MotionFrame::max_samples)
      throw BadChunk("a chunk has a frame of a length that cannot be");
    const auto own = rest.first(count);
    rest = rest.subspan(count);
    std::int64_t t_us = frame_t_us[i];
    for (std::size_t k = 0; k < static_cast<std::size_t>(lengths[i]); ++k) {
      const std::int64_t step = own.empty() ? 0 : own[std::min(k, own.size() - 1)];
      columns.t_us.push_back(t_us);
      columns.step_us.push_back(static_cast<std::int32_t>(step));
      t_us += step;
    }
  }
}

// An axis with as many values per frame as the first one has samples; what it lacks is NaN.
std::vector<float> beside(std::vector<float> values, const std::vector<std::int64_t>& lengths,
                          const std::vector<std::int64_t>& samples) {
  const auto total =
      static_cast<std::size_t>(std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}));
  if (values.size() != total) throw BadChunk("a chunk has too few samples");
  if (lengths == samples) return values;
  std::vector<float> result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto own = static_cast<std::size_t>(lengths[i]);
    for (std::size_t k = 0; k < static_cast<std::size_t>(samples[i]); ++k)
      result.push_back(k < own ? values[next + k] : std::numeric_limits<float>::quiet_NaN());
    next += own;
  }
  return result;
}

}  // namespace

std::string encode(std::span<const HeartSample> frames) {
  ByteWriter out;
  put_rr(out, frames);
  put_column(out, frames, [](const HeartSample& frame) { return frame.stamp.seq; });
  put_beside(
      out, frames, [](const HeartSample& frame) { return frame.stamp.t_us; }, beat_times(frames));
  put_column(out, frames, bpm_form);
  put_beside(out, frames, bpm_number, beat_rates(frames));
  put_column(out, frames, [](const HeartSample& frame) { return static_cast<int>(frame.contact); });
  return compressed(out);
}

std::vector<HeartSample> decode_heart(std::string_view blob, const std::string& boot) {
  const std::string plain = plain_of(blob);
  ByteReader in(plain);
  std::vector<HeartSample> frames = get_rr(in);
  const std::vector<std::int64_t> seq = get_column(in, frames.size());
  const std::vector<std::int64_t> t_us = get_beside(in, beat_times(frames));
  const std::vector<std::int64_t> forms = get_column(in, frames.size());
  const std::vector<std::int64_t> numbers = get_beside(in, beat_rates(frames));
  const std::vector<std::int64_t> contacts = get_column(in, frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].stamp = {boot, static_cast<std::uint64_t>(seq[i]), t_us[i]};
    set_bpm(frames[i], forms[i], numbers[i]);
    if (contacts[i] < 0 || contacts[i] > 2) throw BadChunk("a chunk has a contact that cannot be");
    frames[i].contact = static_cast<Contact>(contacts[i]);
  }
  return frames;
}

std::string encode(std::span<const MotionFrame> frames) {
  ByteWriter out;
  put_stamps(out, frames);
  put_steps(out, frames);
  for (const FloatColumn axis : axes) put_axis(out, frames, axis);
  return compressed(out);
}

std::vector<MotionFrame> decode_motion(std::string_view blob, const std::string& boot) {
  const std::string plain = plain_of(blob);
  ByteReader in(plain);
  auto frames = get_stamps<MotionFrame>(in, boot);
  cut(in, frames, &MotionFrame::step_us, get_integers);
  for (const FloatColumn axis : axes) cut(in, frames, axis, get_floats);
  return frames;
}

MotionColumns decode_motion_columns(std::string_view blob, unsigned wanted) {
  const std::string plain = plain_of(blob);
  ByteReader in(plain);
  const std::vector<std::int64_t> seq = get_integers(in);
  const std::vector<std::int64_t> frame_t_us = get_column(in, seq.size());
  const std::vector<std::int64_t> step_counts = get_column(in, seq.size());
  const std::vector<std::int64_t> steps = get_integers(in);
  MotionColumns columns;
  std::vector<std::int64_t> samples;
  for (std::size_t axis = 0; axis < axes.size() && (axis == 0 || wanted >> axis != 0); ++axis) {
    const std::vector<std::int64_t> lengths = get_column(in, seq.size());
    if (axis == 0) {
      samples = lengths;
      put_times(columns, frame_t_us, lengths, step_counts, steps);
    }
    std::vector<float> values = get_floats(in);
    if ((wanted >> axis & 1U) != 0) columns.axes[axis] = beside(std::move(values), lengths, samples);
  }
  return columns;
}

std::int64_t last_t_us(const MotionFrame& frame) {
  std::int64_t end = frame.stamp.t_us;
  const std::size_t steps = frame.ax.empty() ? 0 : frame.ax.size() - 1;
  for (std::size_t i = 0; i < steps && !frame.step_us.empty(); ++i)
    end +=
        frame.step_us.size() == 1 ? frame.step_us[0] : frame.step_us[std::min(i, frame.step_us.size() - 1)];
  return end;
}

}  // namespace rytme::journal
