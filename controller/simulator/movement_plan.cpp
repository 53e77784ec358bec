// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/movement_plan.hpp"

namespace rytme::simulator {
namespace {

constexpr double first_rest_s = 60;
constexpr double shortest_swing_s = 90;
constexpr double longest_swing_s = 180;
constexpr double shortest_rest_s = 100;
constexpr double longest_rest_s = 240;  // long enough for a calm pulse
constexpr double smallest_swing_deg = 15;
constexpr double largest_swing_deg = 35;

}  // namespace

MovementPlan::MovementPlan(std::uint64_t seed) : random_(seed, 1), bout_{0, first_rest_s, 0} {}

const Bout& MovementPlan::at(double t_s) {
  while (t_s >= bout_.to_s) {
    const bool swings = bout_.amplitude_deg == 0;
    bout_.from_s = bout_.to_s;
    bout_.to_s += swings ? random_.uniform(shortest_swing_s, longest_swing_s)
                         : random_.uniform(shortest_rest_s, longest_rest_s);
    bout_.amplitude_deg = swings ? random_.uniform(smallest_swing_deg, largest_swing_deg) : 0;
  }
  return bout_;
}

double MovementPlan::effort(double t_s) { return at(t_s).amplitude_deg / largest_swing_deg; }

}  // namespace rytme::simulator
