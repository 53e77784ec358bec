// SPDX-License-Identifier: Apache-2.0
// The last two minutes of beats of one wearable, and what is said of them: heart rate over 10 s, RMSSD over
// 60 s, SDNN and pNN50 over 120 s. Fixed memory, O(1) per beat and per answer. Sums are kept in whole 1/1024
// ms, in which an interval of 0x2A37 is exact: what is added can be taken away again to the last bit, so
// nothing drifts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "controller/room/reading.hpp"
#include "controller/signals/beat_cleaner.hpp"
#include "controller/signals/heart_window.hpp"

namespace rytme::signals {

// NaN when unknown.
struct Estimate {
  double value{std::numeric_limits<double>::quiet_NaN()};
  Quality quality{Quality::unknown};
};

class RecentBeats {
 public:
  // beat_us: the beat's time on the source's clock.
  void add(std::int64_t beat_us, const CleanBeat& beat);
  void clear();

  // bpm over the last 10 s. Doubtful: less than 5 s of accepted beats, or the last minute is unreliable (then
  // from the median of all beats in range).
  Estimate heart_rate() const;

  // ms over the last 60 s, from 30 pairs and 30 s on; doubtful while provisional (under 54 s of beats).
  Estimate rmssd() const;

  // ms and % over the last 120 s, ddof 1 and of the differences. Never of less (108 s of beats): SDNN of
  // different lengths is not the same thing.
  Estimate sdnn() const;
  Estimate pnn50() const;

 private:
  // 1/1024 ms
  struct Entry {
    std::int64_t beat_us{};
    std::int64_t rr{};
    std::int64_t difference{};
    bool in_range{}, accepted{}, pair{};
  };

  // What the beats younger than `length_us` sum up to. The pair of the oldest of them has its partner outside
  // and does not count.
  struct Window {
    std::int64_t length_us{};
    std::size_t oldest{};  // number of the beat
    BeatCount count{};
    std::int64_t covered{};  // of all beats
    std::int64_t sum{}, squares{};
    std::int64_t difference_squares{};
    std::int64_t over_50{};

    void beat(const Entry& entry, int sign);
    void pair(const Entry& entry, int sign);
    double covered_ms() const;
  };

  // 120 s of beats at 270 ms are 444; more can only be intervals out of range, and then the oldest make room.
  static constexpr std::size_t capacity = 512;

  const Entry& entry(std::size_t number) const { return entries_[number % capacity]; }
  void withdraw_newest();
  void drop_oldest(Window& window);
  static bool whole_and_reliable(const Window& window);
  Estimate median_rate() const;

  std::array<Entry, capacity> entries_{};
  std::size_t added_{};  // beats so far; the newest is number added_ - 1
  Window rate_{.length_us = 10'000'000};
  Window minute_{.length_us = 60'000'000};
  Window two_minutes_{.length_us = 120'000'000};
};

}  // namespace rytme::signals
