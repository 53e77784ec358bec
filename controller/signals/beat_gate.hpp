// SPDX-License-Identifier: Apache-2.0
// The causal median gate (physiology §3): is this RR a plausible successor of what the heart did just now? It
// looks back only, so that live and afterwards give the same answer. It refuses, it never repairs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace rytme::signals {

inline constexpr double shortest_rr_ms = 270;
inline constexpr double longest_rr_ms = 2000;

inline bool rr_in_range(double rr_ms) { return rr_ms >= shortest_rr_ms && rr_ms <= longest_rr_ms; }

// Median; reorders its argument. Not empty.
double median_of(std::span<double> values);

class BeatGate {
 public:
  struct Verdict {
    bool accepted{};
    // The beat before was accepted, but this pause shows it to have been an early beat that just fitted.
    bool withdraws_previous{};
  };

  // Any number is allowed, NaN too.
  Verdict judge(double rr_ms);

  // The next beat does not follow on the last one: it is not compared with it, only with the median.
  void interrupt();

  // True while the limits are wide for large respiratory sinus arrhythmia.
  bool wide() const;

 private:
  bool fits(double rr_ms, double width) const;
  bool re_anchors();
  bool short_long_pair() const;
  bool shows_previous_early(double rr_ms) const;
  void accept(double rr_ms);
  void remember_raw(double rr_ms);

  static constexpr std::size_t references = 11;
  static constexpr std::size_t raws = 8;

  std::array<double, references> accepted_{};  // ring
  std::size_t accepted_count_{}, accepted_next_{};
  double reference_ms_{};  // median of accepted_
  double previous_ms_{};   // last accepted; 0 = none to compare with
  double before_ms_{};     // accepted before that one
  bool early_{};           // the last beat came early
  bool last_accepted_{};
  std::array<double, raws> raw_{};  // newest last
  std::size_t raw_count_{};
  // The last 64 beats, newest in bit 0.
  std::uint64_t refused_narrow_{};   // beats that the narrow limits refuse
  std::uint64_t not_respiratory_{};  // ends of short-long pairs, and intervals out of range
  std::size_t seen_{};               // at most 64
};

}  // namespace rytme::signals
