// SPDX-License-Identifier: Apache-2.0
// The whole of one recording at once: contracts §6 `rytme analyse heart`. Same gate, same windows, same
// formulas as the live path.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controller/signals/lomb_scargle.hpp"

namespace rytme::signals {

struct Beat {
  double rr_ms{};
  std::optional<double> t_s;  // used only to find gaps
};

// Unknown is nullopt (fewer than two beats, no pairs).
struct HeartStatistics {
  std::size_t n{};  // beats
  std::optional<double> hr_bpm, rmssd_ms, ln_rmssd, sdnn_ms, pnn50_pct;
};

struct HeartWindow {
  double from_s{}, to_s{};
  HeartStatistics raw;    // textbook formula on the beats as they came
  HeartStatistics clean;  // accepted beats and pairs; refused: bpm of the median RR, the rest unknown
  double accepted_share{};
  double pairs_share{};
  bool valid{};  // false: refused, `reason` says why
  std::string reason;
  std::optional<BandPower> spectrum;  // of the accepted beats; only of a valid window of 300 s
};

enum class BeatFlag : unsigned char { ectopic, missed, extra, longshort };
struct FlaggedBeat {
  std::size_t i{};  // as in data/expected.json: flag i belongs to the RR that ends at peak i, i.e. rr_ms[i-1]
  BeatFlag kind{};
};

struct HeartAnalysis {
  std::size_t n{};
  HeartWindow record;
  std::vector<HeartWindow> windows_300s, windows_60s;
  std::vector<FlaggedBeat> flags;  // by the settled lane, in the order of the beats
  std::vector<std::size_t> gate;   // i of beats the causal gate refused
};

// Time is the cumulative sum of rr_ms from 0; gaps take none, they only break pairs. What is no interval
// between two beats (not a number, <= 0, over 60 s) counts in `n` and `gate`, carries no time and is in no
// window.
HeartAnalysis analyse_heart(std::span<const Beat> beats);

}  // namespace rytme::signals
