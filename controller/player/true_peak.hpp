// SPDX-License-Identifier: Apache-2.0
// The peak a loudspeaker will make of samples: between them it may be higher than any of them. Four times
// oversampled as ITU-R BS.1770-4 annex 2 describes, by a windowed sinc of 12 samples. Pure.
#pragma once

#include <array>
#include <cstddef>

namespace rytme::player {

class TruePeak {
 public:
  // What add() says is about the sample so many frames before.
  static constexpr std::size_t delay_frames = 6;

  // The highest absolute value from that sample up to the one behind it.
  float add(float sample);

 private:
  static constexpr std::size_t taps = 12;
  std::array<float, taps> past_{};  // a ring
  std::size_t at_{};
};

}  // namespace rytme::player
