// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/sample_ring.hpp"

#include <algorithm>
#include <array>
#include <numbers>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::devices {
namespace {

namespace at = firmware::motion_registers;

constexpr std::int32_t step_us = 1'000'000 / at::samples_per_s;
// What lies further back than any node remembers is no older block, but a node that has started anew.
constexpr std::uint32_t oldest_kept = 64;

// A stream of its own begins with each start of the node, and with each of ours, which counts from zero
// again. Two starts of the node may have the same number: the stream is named by when it began.
void begin(PolledMotion& motion, std::uint16_t node_boot, std::uint32_t first, Instant received) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(received.time_since_epoch()).count();
  motion.boot = "n" + std::to_string(ms % 100'000'000'000'000);
  motion.seq = 0;
  motion.node_boot = node_boot;
  motion.next = first;
}

float value(std::uint16_t word, std::size_t axis) {
  const double count = static_cast<std::int16_t>(word);
  return static_cast<float>(axis < 3 ? count * at::mps2_per_count
                                     : count * at::dps_per_count * std::numbers::pi / 180);
}

void add_sample(MotionFrame& frame, std::span<const std::uint16_t> words) {
  const std::array columns{&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz};
  for (std::size_t axis = 0; axis < columns.size(); ++axis)
    columns.at(axis)->push_back(value(words[axis], axis));
}

}  // namespace

std::optional<MotionFrame> new_samples(std::span<const std::uint16_t> words, Instant received,
                                       PolledMotion& motion) {
  const std::uint32_t room = (static_cast<std::uint32_t>(words.size()) - at::samples) / at::words_per_sample;
  const std::uint32_t count = std::min<std::uint32_t>(words[at::state] & 0xFFU, room);
  if (count == 0) return std::nullopt;
  const std::uint32_t first = (std::uint32_t{words[at::first_number]} << 16U) | words[at::first_number + 1];
  const auto ahead = static_cast<std::int32_t>(first + count - motion.next);  // numbers wrap
  const bool restarted =
      motion.node_boot != words[at::boot] || ahead < -static_cast<std::int32_t>(oldest_kept);
  if (restarted) begin(motion, words[at::boot], first, received);
  if (!restarted && ahead <= 0) return std::nullopt;
  const auto known = std::max(static_cast<std::int32_t>(motion.next - first), 0);
  if (static_cast<std::int32_t>(first - motion.next) > 0) ++motion.seq;  // samples that are missing
  MotionFrame frame;
  frame.stamp = {motion.boot, motion.seq++,
                 std::int64_t{first + static_cast<std::uint32_t>(known)} * step_us};
  frame.step_us = {step_us};
  for (std::uint32_t i = static_cast<std::uint32_t>(known); i < count; ++i)
    add_sample(frame,
               words.subspan(at::samples + std::size_t{i} * at::words_per_sample, at::words_per_sample));
  motion.next = first + count;
  return frame;
}

}  // namespace rytme::devices
