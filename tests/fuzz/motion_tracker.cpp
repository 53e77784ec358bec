// SPDX-License-Identifier: Apache-2.0
// Motion frames through the tracker: each five bytes of the input are a frame of a seat that swings, bent by
// them. Whatever comes, what goes out is finite, in its range, and what was refused is counted.
#include "controller/signals/motion_tracker.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace {

using rytme::MotionFrame;
using rytme::signals::MotionTracker;

void must(bool true_) {
  if (!true_) std::abort();
}

MotionFrame swing(std::uint64_t seq, std::int64_t t_us, std::size_t samples) {
  MotionFrame frame;
  frame.stamp = {.boot = "1", .seq = seq, .t_us = t_us};
  frame.step_us = {40'000};
  for (std::size_t i = 0; i < samples; ++i) {
    const auto phase =
        static_cast<float>(static_cast<double>(t_us) * 2.3e-6 + 0.092 * static_cast<double>(i));
    frame.ax.push_back(0.01F * std::sin(91 * phase));
    frame.ay.push_back(0);
    frame.az.push_back(9.8F - 0.6F * std::cos(2 * phase));
    frame.gx.push_back(0.01F * std::sin(57 * phase));
    frame.gy.push_back(0.7F * std::sin(phase));
    frame.gz.push_back(0);
  }
  return frame;
}

// kind chooses what is bent, the four bytes after it are the value.
void bend(MotionFrame& frame, std::uint8_t kind, std::uint32_t bits) {
  const std::array<std::vector<float>*, 6> axes{&frame.ax, &frame.ay, &frame.az,
                                                &frame.gx, &frame.gy, &frame.gz};
  auto& axis = *axes.at(kind % 6U);
  switch (kind / 6U % 8U) {
    case 0:
      if (!axis.empty()) axis[bits % axis.size()] = std::bit_cast<float>(bits);
      break;
    case 1:
      axis.resize(bits % 300U);
      break;
    case 2:
      frame.step_us.assign(bits % 3U, std::bit_cast<std::int32_t>(bits));
      break;
    case 3:
      frame.stamp.t_us +=
          std::int64_t{std::bit_cast<std::int32_t>(bits)} * (kind % 2U == 0 ? 1 : 1'000'000'000);
      break;
    case 4:
      frame.stamp.seq += bits;
      break;
    case 5:
      frame.stamp.boot = bits % 2U == 0 ? "2" : "3";
      break;
    case 6:
      frame.gx.clear();
      frame.gy.clear();
      frame.gz.clear();
      break;
    default:
      break;
  }
}

void check(const rytme::signals::MotionNow& now) {
  const auto& swing = now.swing;
  for (const auto& value : {swing.frequency_hz, swing.amplitude_deg, swing.phase_rad, swing.regularity,
                            swing.pumping, swing.twist_dps, now.body_mad_mps2}) {
    must(!value || std::isfinite(*value));
  }
  if (swing.frequency_hz) {
    must(*swing.frequency_hz >= 0.14 && *swing.frequency_hz <= 1.6);
    must(swing.quality != rytme::Quality::unknown && swing.phase_rad.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MotionTracker tracker;
  std::int64_t t_us = 1'000'000;
  std::uint64_t seq = 0;
  for (std::size_t at = 0; at + 5 <= size; at += 5) {
    const std::size_t samples = 1 + data[at] % 64U;
    auto frame = swing(seq++, t_us, samples);
    t_us += 40'000 * static_cast<std::int64_t>(samples);
    std::uint32_t bits{};
    std::memcpy(&bits, data + at + 1, sizeof bits);
    bend(frame, data[at], bits);
    tracker.add(frame);
    check(tracker.at(frame.stamp.t_us));
    check(tracker.at(tracker.last_us().value_or(0) + 100'000));
  }
  const auto& counted = tracker.counters();
  must(counted.implausible + counted.disordered + counted.frozen <= counted.samples);
  must(counted.duplicates + counted.malformed <= counted.frames);
  return 0;
}
