// SPDX-License-Identifier: Apache-2.0
// Frames of one stream and one boot as a compressed blob, and back. The stamp (seq, t_us) of each frame and
// every sample come back bit by bit; `device` and `received` belong to the chunk's row, not to the blob.
// Pure.
#pragma once

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

// Time of the frame's last sample on the node's clock, µs.
std::int64_t last_t_us(const MotionFrame& frame);

}  // namespace rytme::journal
