// SPDX-License-Identifier: Apache-2.0
// A recording of a motion sensor, ten rows a second: contracts §6 `rytme analyse motion`. The live path, fed
// sample by sample; a row says what was known at its time and not later.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/signals/motion_tracker.hpp"

namespace rytme::signals {

class MotionAnalysis {
 public:
  static constexpr std::int64_t row_us = 100'000;

  // Calls row(t_us, MotionNow) for each tenth of a second up to this sample, from the first tenth after the
  // first sample on. In a gap rows go on for 10 s, then wait for the next sample. A sample that does not
  // count (implausible, out of order) makes no row.
  template <typename Row>
  void add(const MotionSample& sample, Row&& row) {
    const auto last_us = tracker_.last_us();
    const bool counts = sample.t_us >= 0 && sample.t_us <= limit_us;
    while (counts && last_us && next_us_ <= sample.t_us && next_us_ - *last_us <= longest_gap_us) {
      row(next_us_, tracker_.at(next_us_));
      next_us_ += row_us;
    }
    tracker_.add(sample);
    if (const auto now_us = tracker_.last_us(); now_us && (!last_us || next_us_ <= *now_us)) {
      next_us_ = (*now_us / row_us + 1) * row_us;
    }
  }
  const MotionTracker::Counters& counters() const { return tracker_.counters(); }

 private:
  static constexpr std::int64_t longest_gap_us = 10'000'000;
  static constexpr std::int64_t limit_us = 1'000'000'000'000'000;

  MotionTracker tracker_;
  std::int64_t next_us_{};
};

}  // namespace rytme::signals
