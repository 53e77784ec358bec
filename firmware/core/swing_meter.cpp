// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/swing_meter.hpp"

#include <cstdlib>

namespace rytme::firmware {
namespace {

constexpr std::int16_t threshold = 143;      // 5 deg/s: less is no turn
constexpr std::uint16_t longest_half = 400;  // samples
constexpr std::uint16_t shortest_half = 15;
constexpr std::uint32_t least_centideg = 100;
constexpr std::uint32_t mdps_per_count = 35;

// Two half swings add up to four amplitudes; a count for 10 ms is 0.35 thousandths of a degree.
std::uint32_t centideg(std::uint32_t area) {
  return area / 400 * mdps_per_count / 10 + area % 400 * mdps_per_count / 4000;
}

}  // namespace

void HalfSwings::take(std::int16_t rate) {
  const auto side = static_cast<std::int8_t>(rate < 0 ? -1 : 1);
  if (side == sign_) {
    half_ = {half_.area + tail_.area + rate, static_cast<std::uint16_t>(half_.length + tail_.length + 1)};
    tail_ = {};
  } else {
    tail_ = {tail_.area + rate, static_cast<std::uint16_t>(tail_.length + 1)};
    if (std::abs(rate) > threshold) end_half(side);
  }
  if (half_.length + tail_.length > longest_half) *this = {};
}

void HalfSwings::end_half(std::int8_t next_sign) {
  if (whole_ && half_.length >= shortest_half) {
    areas_ = {areas_[1], static_cast<std::uint32_t>(std::abs(half_.area))};
    lengths_ = {lengths_[1], half_.length};
  }
  whole_ = sign_ != 0;
  sign_ = next_sign;
  half_ = tail_;
  tail_ = {};
}

void SwingMeter::take(const Sample& sample) {
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) axes_[axis].take(sample.axes[3 + axis]);
}

std::optional<Swinging> SwingMeter::swinging() const {
  std::optional<Swinging> best;
  std::uint32_t largest = least_centideg;
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    if (!axes_[axis].is_known()) continue;
    const auto amplitude = centideg(axes_[axis].area());
    if (amplitude < largest) continue;
    largest = amplitude;
    best = Swinging{
        static_cast<std::uint16_t>(1000U * motion_registers::samples_per_s / axes_[axis].samples()),
        static_cast<std::uint16_t>(amplitude < 0xFFFE ? amplitude : 0xFFFE), static_cast<std::uint8_t>(axis)};
  }
  return best;
}

}  // namespace rytme::firmware
