// SPDX-License-Identifier: Apache-2.0
// How long a lamp that fades by itself must take. It moves its own level evenly; linear light then changes
// fastest where the curve is steepest, so the time follows from the steepest point of the way. Pure.
#pragma once

#include "controller/room/light_curve.hpp"

namespace rytme::safety {

// Where a device's level may be, 0-1 on its own scale; `best` is the value to show and to step from.
struct Whereabouts {
  double low{};
  double high{1};
  double best{};
};

inline Whereabouts exactly(double level) { return {level, level, level}; }

// Seconds an even fade from anywhere in `from` to level `to` needs to stay within slew_per_s of linear light.
double ramp_seconds(LightCurve curve, const Whereabouts& from, double to, double slew_per_s);

// The level on the way from `from` to `to` that an even fade of `seconds` may aim at; `to` itself where it
// can.
double farthest_level(LightCurve curve, double from, double to, double slew_per_s, double seconds);

}  // namespace rytme::safety
