// SPDX-License-Identifier: Apache-2.0
// The heart's part of an ArousalInput from beats or rates: HR10, how good it is, and the share of the last
// minute's beats that the gate kept. Chain, gate and windows are the live heart's. Fixed memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "controller/signals/arousal_input.hpp"
#include "controller/signals/beat_cleaner.hpp"
#include "controller/signals/rate_only.hpp"
#include "controller/signals/recent_beats.hpp"

namespace rytme::signals {

class ArousalHeart {
 public:
  // A beat that ended at t_s. Any number is allowed.
  void beat(double t_s, double rr_ms);
  // The device's own heart rate at t_s; used when there are no usable beats.
  void rate(double t_s, double bpm);

  // Fills hr10_bpm, signal_quality and accepted_share as of t_s: from beats when their HR10 is good, else
  // from rates, else from doubtful beats. Nothing newer than 5 s: no heart rate.
  void fill(double t_s, ArousalInput& input) const;

  // Beats and rates that were none: no time, no interval, no possible rate.
  std::uint64_t refused() const { return refused_; }

 private:
  struct Kept {
    std::int64_t second{-1};
    std::uint32_t beats{}, accepted{};
  };
  void count(double t_s, const CleanBeat& beat);
  double accepted_share(double t_s) const;

  BeatCleaner cleaner_;
  RecentBeats recent_;
  RateOnly rates_;
  std::optional<double> beat_s_, rate_s_;
  std::array<Kept, 64> kept_{};  // by second, ring
  std::size_t last_slot_{};
  std::uint64_t refused_{};
};

}  // namespace rytme::signals
