// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/recent_beats.hpp"

#include <algorithm>
#include <cmath>

#include "controller/signals/heart_window.hpp"

namespace rytme::signals {

namespace {

constexpr std::int64_t memory_us = 60'000'000;
constexpr std::int64_t rate_us = 10'000'000;
constexpr std::int64_t backwards_us = 1'000'000;  // the source's clock went back: another time line
constexpr double fewest_rate_ms = 5'000;
constexpr double provisional_ms = 30'000;
constexpr double whole_ms = 54'000;  // 60 s less the ordinary beat or two at the edges and a few refused

}  // namespace

void RecentBeats::add(std::int64_t beat_us, const CleanBeat& beat) {
  if (count_ > 0 && beat_us < from_newest(0).beat_us - backwards_us) {
    clear();
  }
  if (beat.withdraws_previous && count_ > 0) {
    auto& previous = entries_[place_of(0)].beat;
    previous.accepted = false;
    previous.difference_ms.reset();
  }
  entries_[next_] = {.beat_us = beat_us, .beat = beat};
  next_ = (next_ + 1) % capacity;
  count_ = std::min(count_ + 1, capacity);
  while (from_newest(count_ - 1).beat_us <= beat_us - memory_us) {
    --count_;
  }
}

Estimate RecentBeats::heart_rate() const {
  if (judged_unreliable()) {
    return median_rate();
  }
  double sum_ms = 0;
  std::size_t beats = 0;
  for (std::size_t back = 0; back < count_; ++back) {
    const auto& [beat_us, beat] = from_newest(back);
    if (beat_us <= from_newest(0).beat_us - rate_us) {
      break;
    }
    sum_ms += beat.accepted ? beat.rr_ms : 0;
    beats += beat.accepted ? 1U : 0U;
  }
  if (beats == 0) {
    return median_rate();
  }
  return {.value = 60'000 * static_cast<double>(beats) / sum_ms,
          .quality = sum_ms < fewest_rate_ms ? Quality::doubtful : Quality::good};
}

Estimate RecentBeats::rmssd() const {
  double covered_ms = 0;
  double squares = 0;
  std::size_t pairs = 0;
  for (std::size_t back = 0; back < count_; ++back) {
    const auto& beat = from_newest(back).beat;
    covered_ms += beat.rr_ms;
    if (beat.difference_ms && back + 1 < count_) {  // the oldest beat's partner is outside
      squares += *beat.difference_ms * *beat.difference_ms;
      ++pairs;
    }
  }
  if (pairs < fewest_pairs || covered_ms < provisional_ms || judged_unreliable()) {
    return {};
  }
  return {.value = std::sqrt(squares / static_cast<double>(pairs)),
          .quality = covered_ms < whole_ms ? Quality::doubtful : Quality::good};
}

bool RecentBeats::judged_unreliable() const {
  BeatCount count;
  count.beats = count_;
  for (std::size_t back = 0; back < count_; ++back) {
    const auto& beat = from_newest(back).beat;
    count.accepted += beat.accepted ? 1U : 0U;
    count.pairs_kept += beat.difference_ms && back + 1 < count_ ? 1U : 0U;
  }
  return unreliable(count);
}

Estimate RecentBeats::median_rate() const {
  std::array<double, capacity> in_range_ms{};
  std::size_t beats = 0;
  for (std::size_t back = 0; back < count_; ++back) {
    const auto& [beat_us, beat] = from_newest(back);
    if (beat_us > from_newest(0).beat_us - rate_us && beat.in_range) {
      in_range_ms[beats++] = beat.rr_ms;
    }
  }
  if (beats == 0) {
    return {};
  }
  return {.value = 60'000 / median_of(std::span{in_range_ms}.first(beats)), .quality = Quality::doubtful};
}

}  // namespace rytme::signals
