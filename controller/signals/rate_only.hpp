// SPDX-License-Identifier: Apache-2.0
// A source that sends heart rate but never RR (a watch): heart rate, nothing else. Its own averaging is
// unknown, so no variability is ever read from it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "controller/signals/recent_beats.hpp"

namespace rytme::signals {

class RateOnly {
 public:
  // t_us: source clock. False: the value has been the same for over 30 s and counts as frozen, not as live.
  bool add(std::int64_t t_us, double bpm);
  void clear();

  // Mean of the values of the last 10 s; unknown while frozen.
  Estimate heart_rate() const;

 private:
  struct Entry {
    std::int64_t t_us{};
    double bpm{};
  };
  static constexpr std::size_t capacity = 64;

  std::array<Entry, capacity> entries_{};  // ring; older than 10 s is skipped
  std::size_t next_{}, count_{};
  std::int64_t same_since_us_{};
  bool frozen_{};
};

}  // namespace rytme::signals
