// SPDX-License-Identifier: Apache-2.0
// Statistics of one window of beats, added beat by beat, and the rule that refuses. A beat that the first
// beat of the next window would withdraw stays in: a window is final when its time is over.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/beat_cleaner.hpp"

namespace rytme::signals {

inline constexpr std::size_t fewest_pairs = 30;

// What a window is judged by. A pair is two adjacent beats; kept: both accepted, nothing missing between.
struct BeatCount {
  std::size_t beats{}, accepted{}, pairs_kept{};
  double accepted_share() const;  // 0-1, 0 without beats
  double pairs_share() const;     // of the beats - 1 possible pairs, 0 without pairs
};

// Over 20 % rejected, or under 80 % of the pairs kept: heart rate is then the median's and doubtful, HRV
// unknown.
bool unreliable(const BeatCount& count);

// Why HRV is not available (physiology §3, §4); "" when it is.
std::string_view refusal(const BeatCount& count);

// Textbook formulas: HR = 60000 / mean RR, RMSSD, its logarithm, SDNN (ddof 1), pNN50 over the differences.
class BeatStatistics {
 public:
  void add_beat(double rr_ms);
  void add_difference(double difference_ms);
  std::size_t beats() const { return beats_; }
  std::size_t differences() const { return differences_; }
  HeartStatistics result() const;

 private:
  std::size_t beats_{}, differences_{}, over_50_{};
  double mean_{}, squares_{};  // Welford 1962: no cancellation over 24 h
  double difference_squares_{};
};

struct WindowResult {
  HeartStatistics raw, clean;  // clean of a refused window: heart rate from the median RR, the rest unknown
  BeatCount count;
  std::string_view reason;  // "" = valid
};

class WindowBuilder {
 public:
  // room_for: beats in range to expect; memory is taken once for so many.
  explicit WindowBuilder(std::size_t room_for);
  void add(const CleanBeat& beat);
  WindowResult result();  // of the beats since the last clear()
  void clear();

 private:
  void settle();  // the last beat is in, it can no longer be withdrawn

  BeatStatistics raw_, clean_;
  double last_raw_ms_{};
  std::optional<double> open_beat_ms_, open_difference_ms_;  // accepted, but the next beat may withdraw it
  std::vector<double> in_range_ms_;                          // for the median of a refused window
};

// Windows of fixed length, one after the other, on the cumulative sum of RR from 0: a window holds the beats
// with from < t <= to. Only whole windows come out.
class ConsecutiveWindows {
 public:
  explicit ConsecutiveWindows(double length_s);

  // Calls done(from_s, to_s, WindowResult) for every window that this beat completes.
  template <typename Done>
  void add(const CleanBeat& beat, Done done) {
    elapsed_ms_ += beat.rr_ms;
    while (elapsed_ms_ > to_ms()) {
      finish(done);
    }
    builder_.add(beat);
    if (elapsed_ms_ == to_ms()) {
      finish(done);
    }
  }
  double elapsed_s() const { return elapsed_ms_ / 1000; }
  void restart();

 private:
  double to_ms() const { return length_ms_ * static_cast<double>(finished_ + 1); }
  template <typename Done>
  void finish(Done& done) {
    const double from_ms = length_ms_ * static_cast<double>(finished_);
    done(from_ms / 1000, to_ms() / 1000, builder_.result());
    builder_.clear();
    ++finished_;
  }

  double length_ms_;
  double elapsed_ms_{};
  std::size_t finished_{};
  WindowBuilder builder_;
};

}  // namespace rytme::signals
