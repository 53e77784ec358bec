// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/recent_beats.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr std::int64_t backwards_us = 1'000'000;  // the source's clock went back: another time line
constexpr double fewest_rate_ms = 5'000;
constexpr double provisional_ms = 30'000;
// The window less the ordinary beat or two at the edges and a few refused.
constexpr double whole_share = 0.9;

constexpr double units_per_ms = 1024;
constexpr std::int64_t over_50_units = std::int64_t{50} * 1024;

std::int64_t in_units(double ms) { return std::llround(ms * units_per_ms); }

}  // namespace

void RecentBeats::Window::beat(const Entry& entry, int sign) {
  count.beats += static_cast<std::size_t>(sign);
  covered += sign * entry.rr;
  if (entry.accepted) {
    count.accepted += static_cast<std::size_t>(sign);
    sum += sign * entry.rr;
    squares += sign * entry.rr * entry.rr;
  }
}

void RecentBeats::Window::pair(const Entry& entry, int sign) {
  if (entry.pair) {
    count.pairs_kept += static_cast<std::size_t>(sign);
    difference_squares += sign * entry.difference * entry.difference;
    over_50 += std::abs(entry.difference) > over_50_units ? sign : 0;
  }
}

double RecentBeats::Window::covered_ms() const { return static_cast<double>(covered) / units_per_ms; }

void RecentBeats::clear() { *this = {}; }

void RecentBeats::add(std::int64_t beat_us, const CleanBeat& beat) {
  if (added_ > 0 && beat_us < entry(added_ - 1).beat_us - backwards_us) {
    clear();
  }
  if (beat.withdraws_previous && added_ > 0) {
    withdraw_newest();
  }
  for (Window* window : {&rate_, &minute_, &two_minutes_}) {
    if (added_ - window->oldest == capacity) {
      drop_oldest(*window);
    }
  }
  auto& newest = entries_[added_ % capacity];
  newest = {.beat_us = beat_us,
            .rr = in_units(beat.rr_ms),
            .difference = in_units(beat.difference_ms.value_or(0)),
            .in_range = beat.in_range,
            .accepted = beat.accepted,
            .pair = beat.difference_ms.has_value()};
  ++added_;
  for (Window* window : {&rate_, &minute_, &two_minutes_}) {
    window->beat(newest, 1);
    if (window->oldest + 1 < added_) {
      window->pair(newest, 1);
    }
    while (entry(window->oldest).beat_us <= beat_us - window->length_us) {
      drop_oldest(*window);
    }
  }
}

void RecentBeats::withdraw_newest() {
  auto& newest = entries_[(added_ - 1) % capacity];
  Entry refused = newest;
  refused.accepted = refused.pair = false;
  for (Window* window : {&rate_, &minute_, &two_minutes_}) {
    window->beat(newest, -1);
    window->beat(refused, 1);
    if (window->oldest + 1 < added_) {
      window->pair(newest, -1);
    }
  }
  newest = refused;
}

void RecentBeats::drop_oldest(Window& window) {
  window.beat(entry(window.oldest), -1);
  ++window.oldest;
  if (window.oldest < added_) {
    window.pair(entry(window.oldest), -1);
  }
}

Estimate RecentBeats::heart_rate() const {
  if (unreliable(minute_.count) || rate_.count.accepted == 0) {
    return median_rate();
  }
  const double sum_ms = static_cast<double>(rate_.sum) / units_per_ms;
  return {.value = 60'000 * static_cast<double>(rate_.count.accepted) / sum_ms,
          .quality = sum_ms < fewest_rate_ms ? Quality::doubtful : Quality::good};
}

Estimate RecentBeats::rmssd() const {
  const auto pairs = minute_.count.pairs_kept;
  if (pairs < fewest_pairs || minute_.covered_ms() < provisional_ms || unreliable(minute_.count)) {
    return {};
  }
  const double mean = static_cast<double>(minute_.difference_squares) / static_cast<double>(pairs);
  const bool whole = minute_.covered_ms() >= whole_share * static_cast<double>(minute_.length_us) / 1000;
  return {.value = std::sqrt(mean) / units_per_ms, .quality = whole ? Quality::good : Quality::doubtful};
}

Estimate RecentBeats::sdnn() const {
  if (!whole_and_reliable(two_minutes_)) {
    return {};
  }
  const auto beats = static_cast<std::int64_t>(two_minutes_.count.accepted);
  // 512 beats of 2000 ms: 1.1e18 each side, in range of 64 bits.
  const std::int64_t scatter = beats * two_minutes_.squares - two_minutes_.sum * two_minutes_.sum;
  const double variance = static_cast<double>(scatter) / static_cast<double>(beats * (beats - 1));
  return {.value = std::sqrt(variance) / units_per_ms, .quality = Quality::good};
}

Estimate RecentBeats::pnn50() const {
  if (!whole_and_reliable(two_minutes_)) {
    return {};
  }
  return {.value = 100 * static_cast<double>(two_minutes_.over_50) /
                   static_cast<double>(two_minutes_.count.pairs_kept),
          .quality = Quality::good};
}

bool RecentBeats::whole_and_reliable(const Window& window) {
  return window.covered_ms() >= whole_share * static_cast<double>(window.length_us) / 1000 &&
         refusal(window.count).empty();
}

Estimate RecentBeats::median_rate() const {
  std::array<double, capacity> in_range_ms{};
  std::size_t beats = 0;
  for (std::size_t number = rate_.oldest; number < added_; ++number) {
    if (entry(number).in_range) {
      in_range_ms[beats++] = static_cast<double>(entry(number).rr) / units_per_ms;
    }
  }
  if (beats == 0) {
    return {};
  }
  return {.value = 60'000 / median_of(std::span{in_range_ms}.first(beats)), .quality = Quality::doubtful};
}

}  // namespace rytme::signals
