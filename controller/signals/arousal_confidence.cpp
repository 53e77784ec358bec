// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_confidence.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double recovery_s = 20;
constexpr double believed_same_s = 10;
constexpr double frozen_s = 30;
constexpr double memory_s = 300;
// Movement trust falls from 1 at easy_bpm of explained elevation to 0 at hard_bpm.
constexpr double easy_bpm = 5;
constexpr double hard_bpm = 25;
// Just below automation_from, like rate_quality of arousal_heart.cpp: each alone forbids acting, both
// together at their best are just shown.
constexpr double unseen = 0.595;
constexpr double unseen_from = 4;    // bpm above expected
constexpr double unseen_until = 16;  // so that level 2 and above stay unknown

// 1 up to `from`, 0 beyond `until`, a line between.
double falling(double value, double from, double until) {
  return std::clamp((until - value) / (until - from), 0.0, 1.0);
}

}  // namespace

double SignalTrust::advance(double dt_s, const ArousalInput& input, double same_s, bool clock_stepped) {
  const double beats = falling(1 - input.accepted_share, 0, 0.4);
  const double present = input.hr10_bpm ? input.signal_quality : 0;
  const double now =
      present * beats * falling(same_s, believed_same_s, frozen_s) * (clock_stepped ? 0.5 : 1.0);
  slow_ = std::min(now, slow_ + (1 - slow_) * -std::expm1(-dt_s / recovery_s));
  return slow_;
}

double MovementTrust::advance(double dt_s, double elevation_bpm) {
  remembered_bpm_ = std::max(elevation_bpm, remembered_bpm_ * std::exp(-dt_s / memory_s));
  return falling(remembered_bpm_, easy_bpm, hard_bpm);
}

double MovementTrust::without_movement(double dt_s, double above_bpm) {
  remembered_bpm_ *= std::exp(-dt_s / memory_s);
  return std::min(unseen * falling(above_bpm, unseen_from, unseen_until),
                  falling(remembered_bpm_, easy_bpm, hard_bpm));
}

bool MovementTrust::recovering(double elevation_bpm) const {
  return falling(remembered_bpm_, easy_bpm, hard_bpm) < automation_from &&
         elevation_bpm < 0.7 * remembered_bpm_;
}

double baseline_trust(const Baseline& baseline) {
  double trust = 1;
  for (const auto doubt : {BaselineDoubt::drifting, BaselineDoubt::noisy, BaselineDoubt::moving,
                           BaselineDoubt::arrived_aroused}) {
    trust -= baseline.has(doubt) ? 0.2 : 0.0;
  }
  return trust;
}

double margin_trust(double margin) { return std::clamp(0.5 + margin, 0.5, 1.0); }

}  // namespace rytme::signals
