// SPDX-License-Identifier: Apache-2.0
#include "firmware/boards/mps2_an385/injected_imu.hpp"

#include <algorithm>
#include <utility>

#include "firmware/core/crc.hpp"

namespace rytme::firmware::mps2 {
namespace {

namespace at = injected_sample;

constexpr Micros patience{500'000};  // without a sample for so long there is no sensor

bool is_whole(const at::Frame& frame) {
  return crc16(std::span(frame).first(at::checksum_at)) == at::get(frame, at::checksum_at);
}

}  // namespace

void InjectedImu::take(std::uint8_t byte, Instant when) {
  frame_.at(length_++) = byte;
  if (frame_[0] != at::begin) return drop(1);
  if (length_ < at::bytes) return;
  if (!is_whole(frame_)) return drop(1);
  const auto number = at::get(frame_, at::number_at);
  Taken taken;
  for (std::size_t axis = 0; axis < taken.sample.axes.size(); ++axis)
    taken.sample.axes.at(axis) = static_cast<std::int16_t>(at::get(frame_, at::axes_at + 2 * axis));
  if (number_) taken.missed = static_cast<std::uint16_t>(number - *number_ - 1);
  temperature_ = static_cast<std::int16_t>(at::get(frame_, at::temperature_at));
  number_ = number;
  taken_ = taken;
  latest_ = when;
  length_ = 0;
}

// Up to where the next frame may begin.
void InjectedImu::drop(std::size_t bytes) {
  const auto end = frame_.begin() + static_cast<std::ptrdiff_t>(length_);
  const auto next = std::find(frame_.begin() + static_cast<std::ptrdiff_t>(bytes), end, at::begin);
  length_ = static_cast<std::size_t>(std::move(next, end, frame_.begin()) - frame_.begin());
}

std::optional<ImuSource::Taken> InjectedImu::poll(Instant now) {
  present_ = number_ && now - latest_ < patience;
  return std::exchange(taken_, std::nullopt);
}

std::optional<std::int16_t> InjectedImu::temperature() const {
  return present_ ? std::optional(temperature_) : std::nullopt;
}

}  // namespace rytme::firmware::mps2
