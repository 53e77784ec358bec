// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/light_ramp.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::safety {
namespace {

// The slope grows with the level, but for the short straight piece of the dali curve below its floor.
double steepest(LightCurve curve, double a, double b) {
  return std::max(slope_at_level(curve, a), slope_at_level(curve, b));
}

double seconds_of(LightCurve curve, double from, double to, double slew_per_s) {
  return std::abs(to - from) * steepest(curve, from, to) / slew_per_s;
}

}  // namespace

double ramp_seconds(LightCurve curve, const Whereabouts& from, double to, double slew_per_s) {
  return std::max(seconds_of(curve, from.low, to, slew_per_s), seconds_of(curve, from.high, to, slew_per_s));
}

double farthest_level(LightCurve curve, double from, double to, double slew_per_s, double seconds) {
  if (seconds_of(curve, from, to, slew_per_s) <= seconds) return to;
  double reached = from;
  double beyond = to;
  for (int halving = 0; halving < 40; ++halving) {
    const double middle = 0.5 * (reached + beyond);
    (seconds_of(curve, from, middle, slew_per_s) <= seconds ? reached : beyond) = middle;
  }
  return reached;
}

}  // namespace rytme::safety
