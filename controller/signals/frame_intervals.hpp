// SPDX-License-Identifier: Apache-2.0
// The RR intervals of one heart frame with the time each ended at: the last one ends when the frame was sent,
// every one before it where the next begins. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>

#include "controller/room/reading.hpp"

namespace rytme::signals {

// each(rr_ms, end_us): oldest first, end_us on the source's clock.
template <typename Each>
void for_each_interval(const HeartSample& sample, Each each) {
  const auto in_ms = [](std::uint16_t rr_1024) { return rr_1024 * 1000.0 / 1024.0; };
  const auto intervals =
      std::span{sample.rr_1024}.first(std::min<std::size_t>(sample.rr_count, HeartSample::max_rr));
  double until_sent_ms =
      std::accumulate(intervals.begin(), intervals.end(), 0.0,
                      [&](double sum, std::uint16_t rr_1024) { return sum + in_ms(rr_1024); });
  for (const std::uint16_t rr_1024 : intervals) {
    until_sent_ms -= in_ms(rr_1024);
    each(in_ms(rr_1024), sample.stamp.t_us - std::llround(until_sent_ms * 1e3));
  }
}

}  // namespace rytme::signals
