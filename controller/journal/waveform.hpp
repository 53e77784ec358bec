// SPDX-License-Identifier: Apache-2.0
// Frames of one stream and one boot as a compressed blob, and back. The stamp (seq, t_us) of each frame and
// every sample come back bit by bit; `device` and `received` belong to the chunk's row, not to the blob.
// Pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/reading.hpp"

namespace rytme::journal {

inline constexpr std::uint8_t codec_version = 2;  // the first byte of every blob; 1 is read too

std::string encode(std::span<const HeartSample> frames);
std::string encode(std::span<const MotionFrame> frames);

// Throw BadChunk (columns.hpp). `boot` is put into every frame's stamp.
std::vector<HeartSample> decode_heart(std::string_view blob, const std::string& boot);
std::vector<MotionFrame> decode_motion(std::string_view blob, const std::string& boot);

// Samples of a motion chunk side by side, for who needs few axes of many chunks.
struct MotionColumns {
  std::vector<std::int64_t> t_us;     // of each sample, on the node's clock
  std::vector<std::int32_t> step_us;  // to the next sample of its frame; the last has the one before it
  std::array<std::vector<float>, 6>
      axes;  // ax ay az gx gy gz; as long as t_us where asked for, NaN where absent
};
// Axis i is decoded when bit i of `wanted` is set. Throws BadChunk.
MotionColumns decode_motion_columns(std::string_view blob, unsigned wanted);

// Time of the frame's last sample on the node's clock, µs.
std::int64_t last_t_us(const MotionFrame& frame);

}  // namespace rytme::journal
