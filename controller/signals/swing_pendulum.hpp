// SPDX-License-Identifier: Apache-2.0
// How two directions of one swing move by themselves: what SwingFilter foretells between measurements. Pure.
#pragma once

#include <array>
#include <cstddef>

namespace rytme::signals::pendulum {

// k: of the first direction; split: what the second has more; coupling: what they exchange. The leaks: what
// of the twist is seen there, since the rope's direction is known to a few degrees.
enum Index : std::size_t {
  theta1,
  omega1,
  theta2,
  omega2,
  stiffness,
  split,
  coupling,
  growth1,
  growth2,
  bias1,
  bias2,
  leak1,
  leak2
};
using State = std::array<double, 13>;

// The state dt_s later (or earlier): θ1'' = -k sin θ1 - c θ2 + 2γ1 θ1', θ2'' = -(k+d) sin θ2 - c θ1 + 2γ2
// θ2'. Runge-Kutta of fourth order; the frequency is kept within 1e-4.
State moved_on(State x, double dt_s);

// θ and ω a time h later by θ and ω now, and by a push that lasts the time h, to fourth order.
struct Transition {
  std::array<std::array<double, 2>, 2> by{};
  std::array<double, 2> push{};
};
// k_cos: stiffness times cos θ in the middle of the time.
Transition transition(double k_cos, double growth_per_s, double h);

}  // namespace rytme::signals::pendulum
