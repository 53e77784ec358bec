// SPDX-License-Identifier: Apache-2.0
// Frequency and amplitude of a swing from its turning alone, on the node, in whole numbers: a cross-check of
// what the controller finds from all axes, not its replacement. Pure.
//
// The turning of a swing changes sign at each end of its way. From one end to the other it adds up to twice
// the amplitude; two half swings give the period. The mean of two removes a constant error of the gyroscope.
// The axis with the largest amplitude is the swing's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware {

struct Swinging {
  std::uint16_t millihertz{};
  std::uint16_t amplitude_centideg{};  // to one side
  std::uint8_t axis{};
};

// One axis of turning.
class HalfSwings {
 public:
  void take(std::int16_t rate);
  // Sum of the rates over the latest two half swings, both counted positive; and their length in samples.
  std::uint32_t area() const { return areas_[0] + areas_[1]; }
  std::uint32_t samples() const { return std::uint32_t{lengths_[0]} + lengths_[1]; }
  bool is_known() const { return lengths_[0] != 0 && lengths_[1] != 0; }

 private:
  struct Part {
    std::int32_t area{};
    std::uint16_t length{};
  };
  void end_half(std::int8_t next_sign);

  Part half_;  // up to where the turning was last in the half swing's own direction
  Part tail_;  // since then: the beginning of the next, if it turns out to be one
  std::int8_t sign_{};
  bool whole_{};  // the half swing that runs was seen from its beginning
  std::array<std::uint32_t, 2> areas_{};
  std::array<std::uint16_t, 2> lengths_{};
};

class SwingMeter {
 public:
  void take(const Sample& sample);
  // Behind a gap nothing that was before counts.
  void restart() { axes_ = {}; }
  // nullopt: does not swing, or slower than 0.125 Hz, or by less than a degree.
  std::optional<Swinging> swinging() const;

 private:
  std::array<HalfSwings, 3> axes_;
};

}  // namespace rytme::firmware
