// SPDX-License-Identifier: Apache-2.0
// What the present movement explains of the heart rate (physiology §6.3):
//   u = max(0, √MAD - √m0);  x' = (u - x) / τ, τ 45 s rising, 25 s falling;  y' = (x - y) / 30 min
//   expected = calm + G1 x + G2 y
#pragma once

#include <optional>

#include "controller/signals/arousal_input.hpp"

namespace rytme::signals {

struct MovementGains {
  double quick_bpm{};  // G1, bpm per √g
  double slow_bpm{};   // G2, what stays in the body during long activity
};

// What is assumed of a person of whom nothing is known. Chest: walking (MAD about 0.25 g) gives +20 bpm.
// Wrist: from people at rest who move a little now and then (docs/arousal-index.md); for sustained walking
// that is too much, and the confidence says so.
MovementGains prior_gains(SensorPlace place);

class MovementModel {
 public:
  // dt_s >= 0 s go by; effort u >= 0, √g. Exact for a constant u, so steps of any length agree.
  void advance(double dt_s, double effort);
  double quick() const { return quick_; }
  double slow() const { return slow_; }
  // Above calm, bpm, >= 0.
  double elevation_bpm(const MovementGains& gains) const;

 private:
  double quick_{}, slow_{};  // x, y
};

// u of one second; rest_mad_g: m0, the 95th percentile at rest.
double effort_of(double mad_g, double rest_mad_g);

// A person's own gains: ridge regression towards the prior, over all seconds ever given. Five sums, so it can
// be kept with the person and never grows; what is older than about two hours of movement fades.
class MovementGainLearner {
 public:
  struct Sums {
    double xx{}, xy{}, yy{}, xd{}, yd{}, seconds{};
  };
  MovementGainLearner() = default;
  explicit MovementGainLearner(const Sums& kept) : sums_(kept) {}

  // A second with a clean pulse and known movement: heart rate above calm. Only |above| <= 120 bpm counts.
  void add(const MovementModel& movement, double above_calm_bpm);

  // >= 0, each at most half away from the prior: half to one and a half times of it.
  MovementGains gains(const MovementGains& prior) const;
  const Sums& sums() const { return sums_; }

 private:
  Sums sums_;
};

}  // namespace rytme::signals
