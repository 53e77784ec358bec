// SPDX-License-Identifier: Apache-2.0
// The last minute of beats of one wearable, and what the room shows of it: heart rate over 10 s, RMSSD over
// 60 s. Fixed memory; nothing is summed up over time, so nothing drifts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "controller/room/reading.hpp"
#include "controller/signals/beat_cleaner.hpp"

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
  void clear() { count_ = 0; }

  // bpm over the last 10 s. Doubtful: less than 5 s of accepted beats, or the last minute is unreliable (then
  // from the median of all beats in range).
  Estimate heart_rate() const;

  // ms over the last 60 s, from 30 pairs and 30 s on; doubtful while provisional (under 54 s of beats).
  Estimate rmssd() const;

 private:
  struct Entry {
    std::int64_t beat_us{};
    CleanBeat beat;
  };
  // 60 s of beats at 270 ms are 222; more can only be intervals out of range, and then the oldest make room.
  static constexpr std::size_t capacity = 256;

  const Entry& from_newest(std::size_t back) const { return entries_[place_of(back)]; }
  std::size_t place_of(std::size_t back) const { return (next_ + capacity - 1 - back) % capacity; }
  bool judged_unreliable() const;
  Estimate median_rate() const;

  std::array<Entry, capacity> entries_{};
  std::size_t next_{}, count_{};
};

}  // namespace rytme::signals
