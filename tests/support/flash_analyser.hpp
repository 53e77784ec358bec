// SPDX-License-Identifier: Apache-2.0
// Counts flashes in light over time, knowing nothing of how the controller limits it. Definitions: WCAG 2.2
// "general flash and red flash thresholds": a general flash is a pair of opposing changes of at least 10 % of
// full relative luminance where the darker state is below 0.80.
#pragma once

#include <functional>
#include <vector>

namespace rytme::test {

// Linear light (relative luminance 0-1), straight between the points; two points at one time are a step.
struct LightPoint {
  double t_s{};
  double linear{};
};
using LightTrace = std::vector<LightPoint>;

struct LightReport {
  int flashes_in_1s{};    // most general flashes in any second
  double slew_per_s{};    // steepest slope between points of different time
  double largest_step{};  // largest change in no time
  double change_in_1s{};  // most light moved, up and down together, in any second
};
LightReport analyse_light(const LightTrace& trace);

// Linear RGB, 0-1, held from one point to the next.
struct ColourPoint {
  double t_s{};
  double r{}, g{}, b{};
};
// Most changes into or out of saturated red (R/(R+G+B) >= 0.8, and more than 0.2 apart in CIE 1976 u'v') in
// any window of window_s.
int red_transitions(const std::vector<ColourPoint>& trace, double window_s);

// One `set` message to a lamp that fades its own level evenly over transition_s, from wherever it is.
struct LightCommandSeen {
  double t_s{};
  double level{};  // the lamp's own scale, 0-1
  double transition_s{};
  bool on{true};
};
// What such a lamp then shows until until_s. `curve`: the lamp's level to linear light.
LightTrace trace_of(const std::vector<LightCommandSeen>& commands, const std::function<double(double)>& curve,
                    double first_level, double until_s);

}  // namespace rytme::test
