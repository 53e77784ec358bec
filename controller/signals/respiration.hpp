// SPDX-License-Identifier: Apache-2.0
// Breaths per minute from RR alone, by respiratory sinus arrhythmia: only where one peak of the spectrum
// stands out, and never where a swing would make the same peak. Otherwise unknown, which is the usual answer.
// A breath faster than every second beat shows as a slower one (aliasing); nothing in RR can tell.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "controller/signals/lomb_scargle.hpp"

namespace rytme::signals {

class Respiration {
 public:
  Respiration();

  // beat_us: beat time on the source's clock, rising; accepted beats only.
  void add(std::int64_t beat_us, double rr_ms);
  // The last beat turned out to be refused.
  void withdraw_last();
  void clear() { count_ = 0; }

  // Of the last 60 s. swing_hz: frequency of a swing or hammock in motion; within ±0.03 Hz of it and of twice
  // it nothing is believed. nullopt: unknown. Costs some 20 µs: to be asked every few seconds.
  std::optional<double> per_min(std::optional<double> swing_hz);

 private:
  struct Entry {
    std::int64_t beat_us{};
    double rr_ms{};
  };
  static constexpr std::size_t capacity = 256;
  static constexpr std::size_t most_frequencies = 128;

  static std::optional<double> prominent(const FrequencyGrid& grid, std::span<const double> density,
                                         std::optional<double> swing_hz);
  const Entry& from_newest(std::size_t back) const {
    return entries_[(next_ + capacity - 1 - back) % capacity];
  }

  std::array<Entry, capacity> entries_{};
  std::size_t next_{}, count_{};
  std::array<SeriesPoint, capacity> series_{};
  std::array<double, most_frequencies> density_{};
  LombScargle spectrum_;
};

}  // namespace rytme::signals
