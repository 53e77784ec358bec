// SPDX-License-Identifier: Apache-2.0
// What the player counts in: frames of two samples at one rate, in blocks of 5 ms. A sample of 1.0 is digital
// full scale (0 dBFS).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace rytme::player {

inline constexpr int sample_rate = 48000;  // Hz
inline constexpr std::size_t block_frames = 240;
inline constexpr double block_s = static_cast<double>(block_frames) / sample_rate;

struct Frame {
  float left{}, right{};
};
using Block = std::array<Frame, block_frames>;

inline double amplitude_of(double db) { return std::pow(10.0, db / 20.0); }
// Of silence: -200 dB.
inline double decibels_of(double amplitude) { return 20.0 * std::log10(std::max(amplitude, 1e-10)); }

// Every sound begins here, 40 dB under the loudest there may be: as quiet as the controller's first step.
inline constexpr double quiet = 0.01;
inline constexpr double rise_db_per_s = 6.0;  // design §6

}  // namespace rytme::player
