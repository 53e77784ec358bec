// SPDX-License-Identifier: Apache-2.0
// How far the index can be believed: signal × baseline × movement × margin, each 0-1 (physiology §6.7).
#pragma once

#include <optional>

#include "controller/signals/arousal_input.hpp"
#include "controller/signals/baseline_measurement.hpp"

namespace rytme::signals {

inline constexpr double shown_from = 0.35;       // below: unknown
inline constexpr double automation_from = 0.6;   // below: nothing is done by itself
inline constexpr double low_side_at_most = 0.4;  // "very quiet" is a question

// Clean beats and a signal of full quality: 1. A fifth of the beats rejected: 0.5, two fifths: 0. Falls at
// once, comes back with a time constant of 20 s.
class SignalTrust {
 public:
  // same_s: for how long the heart rate has been bit-equal; from 10 s on it is trusted less, at 30 s not at
  // all.
  double advance(double dt_s, const ArousalInput& input, double same_s, bool clock_stepped);

 private:
  double slow_{1};
};

// What the movement leaves to say. Elevation: what movement explains of the pulse now, bpm. After hard
// movement the pulse comes down by laws of its own, so that the elevation is remembered with a time constant
// of 5 min.
class MovementTrust {
 public:
  // Movement known.
  double advance(double dt_s, double elevation_bpm);
  // Movement not known: a pulse near the calm one can be believed a little, one far above could be a run up
  // the stairs. Never enough for automation.
  double without_movement(double dt_s, double above_bpm);
  bool recovering(double elevation_bpm) const;  // from hard movement that is over

 private:
  double remembered_bpm_{};
};

double baseline_trust(const Baseline& baseline);

// 0.5 when the index asks for another level than the present one, 1 from half an index step inside.
double margin_trust(double margin);

}  // namespace rytme::signals
