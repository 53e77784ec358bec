// SPDX-License-Identifier: Apache-2.0
// Chain and gate together: every interval as it came, with what may be made of it. One path for live and
// recorded.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/signals/beat_chain.hpp"
#include "controller/signals/beat_gate.hpp"

namespace rytme::signals {

// Longer than this, or not above 0, or not a number: no interval between two beats, it carries no time.
inline constexpr double longest_interval_ms = 60'000;

inline bool is_interval(double rr_ms) { return rr_ms > 0 && rr_ms <= longest_interval_ms; }

struct CleanBeat {
  double rr_ms{};
  bool in_range{};
  bool accepted{};
  bool withdraws_previous{};  // the beat before turns out to be refused, see BeatGate
  bool gap{};                 // beats are missing before this one
  std::optional<double>
      difference_ms;  // to the beat before, when both are accepted and nothing is missing between
};

class BeatCleaner {
 public:
  // nullopt: not an interval; the next beat then has no predecessor.
  std::optional<CleanBeat> add(double rr_ms, std::optional<std::int64_t> arrival_us);

  // The next beat does not follow on the last one.
  void interrupt();

  std::int64_t beat_us() const { return chain_.beat_us(); }

 private:
  BeatChain chain_;
  BeatGate gate_;
  std::optional<double> predecessor_ms_;  // the beat before, when it was accepted
};

}  // namespace rytme::signals
