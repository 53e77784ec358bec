// SPDX-License-Identifier: Apache-2.0
// The settled lane: beats judged by what came before and after them, for the record. One pass of the method
// of Lipponen & Tarvainen 2019 (J Med Eng Technol 43:173), streaming: what it says of a beat is what the
// method says with the whole record at hand, apart from the first and the last 45 beats. It flags, it never
// repairs: statistics come from the causal gate and its pairs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/centred_threshold.hpp"

namespace rytme::signals {

class SettledLane {
 public:
  // Beats between a beat and its verdict: 45 for the threshold and 5 for the median of the deviation from it,
  // one for a neighbour judged together with it.
  static constexpr std::size_t delay = CentredThreshold::half_width + 5 + 1;

  // rr_ms: is_interval(); what is none is left out with skip(). Calls done(FlaggedBeat) for each verdict that
  // is now ready, in the order of the beats. Only the succession counts, gaps in time do not: the method
  // knows none.
  template <typename Done>
  void add(double rr_ms, Done done) {
    take(rr_ms);
    report(done);
  }

  // A value that is no interval: it counts in `i` and in nothing else.
  void skip() { ++position_; }

  // The record is over: the verdicts on the last beats. Afterwards only destruction or assignment.
  template <typename Done>
  void finish(Done done) {
    close();
    report(done);
  }

 private:
  // Series in seconds; index 0 stands for the first peak, which has no interval (the mean is put there).
  struct Entry {
    std::size_t i{};  // as in FlaggedBeat
    double rr_s{}, step_s{};
    double median_s{}, deviation_s{};
    double deviation_threshold_s{};
    double step{}, deviation{};  // in units of their thresholds
  };
  static constexpr std::size_t ring = 128;  // from the beat before the one judged to the newest

  void take(double rr_ms);
  void close();
  void begin();
  void push(std::size_t at);
  void add_step(std::size_t at, double step_s);
  void add_deviation(std::size_t at);
  void step_threshold(double threshold_s);
  void deviation_threshold(double threshold_s);

  bool ready() const;
  // Judges the beat next_ and moves on; up to two verdicts.
  std::size_t judge(std::array<FlaggedBeat, 2>& flags);
  bool ectopic(std::size_t at) const;
  std::optional<BeatFlag> long_or_short(std::size_t at) const;
  double step_at(std::ptrdiff_t at) const;  // reflected at both ends
  double rr_at(std::ptrdiff_t at) const;
  std::size_t reflected(std::ptrdiff_t at) const;
  Entry& entry(std::size_t at) { return entries_[at % ring]; }
  const Entry& entry(std::size_t at) const { return entries_[at % ring]; }

  template <typename Done>
  void report(Done& done) {
    std::array<FlaggedBeat, 2> flags;
    while (ready()) {
      const std::size_t count = judge(flags);
      for (std::size_t k = 0; k < count; ++k) {
        done(flags.at(k));
      }
    }
  }

  CentredThreshold step_thresholds_, deviation_thresholds_;
  std::array<Entry, ring> entries_{};
  std::size_t position_{};     // i of the last value taken
  double elapsed_ms_{};        // beat time since the first
  double peak_ms_{};           // the same in whole ms, as the method is given peaks
  std::size_t size_{};         // entries so far, the first peak's included
  std::size_t deviations_{};   // entries with median and deviation
  std::size_t steps_ready_{};  // entries with step
  std::size_t ready_{};        // entries with deviation in units
  std::size_t next_{};         // to be judged
  bool begun_{};
  bool closed_{};
};

}  // namespace rytme::signals
