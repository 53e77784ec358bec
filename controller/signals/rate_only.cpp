// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/rate_only.hpp"

#include <algorithm>

namespace rytme::signals {

namespace {

constexpr std::int64_t rate_us = 10'000'000;
constexpr std::int64_t frozen_us = 30'000'000;

}  // namespace

bool RateOnly::add(std::int64_t t_us, double bpm) {
  const auto& last = entries_[(next_ + capacity - 1) % capacity];
  if (count_ > 0 && t_us < last.t_us) {
    clear();
  }
  if (count_ == 0 || bpm != last.bpm) {
    same_since_us_ = t_us;
  }
  frozen_ = t_us - same_since_us_ > frozen_us;
  entries_[next_] = {.t_us = t_us, .bpm = bpm};
  next_ = (next_ + 1) % capacity;
  count_ = std::min(count_ + 1, capacity);
  return !frozen_;
}

void RateOnly::clear() {
  count_ = 0;
  frozen_ = false;
}

Estimate RateOnly::heart_rate() const {
  if (count_ == 0 || frozen_) {
    return {};
  }
  const std::int64_t newest_us = entries_[(next_ + capacity - 1) % capacity].t_us;
  double sum = 0;
  std::size_t values = 0;
  for (std::size_t back = 1; back <= count_; ++back) {
    const auto& entry = entries_[(next_ + capacity - back) % capacity];
    if (entry.t_us > newest_us - rate_us) {
      sum += entry.bpm;
      ++values;
    }
  }
  return {.value = sum / static_cast<double>(values), .quality = Quality::good};
}

}  // namespace rytme::signals
