// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/sample_ring.hpp"

#include <algorithm>

namespace rytme::firmware {
namespace {

namespace at = motion_registers;

bool is_full_scale(std::int16_t value) { return value >= at::full_scale || value <= -at::full_scale; }

}  // namespace

void SampleRing::push(const Sample& sample, std::uint32_t missed) {
  const std::uint32_t number = next_.load(std::memory_order_relaxed) + missed;
  if (missed > 0) whole_since_.store(number, std::memory_order_release);
  samples_[number % size] = sample;
  next_.store(number + 1, std::memory_order_release);
}

void SampleRing::write_block(std::span<std::uint16_t> words, std::uint16_t samples,
                             std::uint16_t back) const {
  const std::uint32_t next = next_.load(std::memory_order_acquire);
  const std::uint32_t kept = std::min(next - whole_since_.load(std::memory_order_acquire), readable);
  const std::uint32_t count = std::min<std::uint32_t>(samples, kept > back ? kept - back : 0);
  const std::uint32_t first = next - back - count;
  std::size_t word = at::BlockAt::samples;
  bool over = false;
  for (std::uint32_t number = first; number != first + count; ++number)
    for (const auto axis : samples_[number % size].axes) {
      words[word++] = static_cast<std::uint16_t>(axis);
      over = over || is_full_scale(axis);
    }
  std::fill(words.begin() + static_cast<std::ptrdiff_t>(word), words.end(), std::uint16_t{0});
  words[at::state] = static_cast<std::uint16_t>(count | (over ? at::over_range_bit : 0U));
  words[at::first_number] = static_cast<std::uint16_t>(first >> 16U);
  words[at::first_number + 1] = static_cast<std::uint16_t>(first & 0xFFFFU);
}

}  // namespace rytme::firmware
