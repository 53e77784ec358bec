// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/swing_pendulum.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals::pendulum {

namespace {

constexpr double longest_substep = 0.3;  // rad: keeps the fourth-order step within 1e-4 of the frequency

using Motion = std::array<double, 4>;  // θ1 ω1 θ2 ω2

// θ1'' = -k sin θ1 - c θ2 + 2γ1 ω1; θ2'' likewise with k + d.
Motion derivative(const Motion& m, const State& x) {
  return {m[omega1],
          -x[stiffness] * std::sin(m[theta1]) - x[coupling] * m[theta2] + 2 * x[growth1] * m[omega1],
          m[omega2],
          -(x[stiffness] + x[split]) * std::sin(m[theta2]) - x[coupling] * m[theta1] +
              2 * x[growth2] * m[omega2]};
}

Motion after(const Motion& m, const Motion& d, double dt) {
  return {m[0] + d[0] * dt, m[1] + d[1] * dt, m[2] + d[2] * dt, m[3] + d[3] * dt};
}

}  // namespace

State moved_on(State x, double dt_s) {
  const double angle = std::sqrt(std::max(x[stiffness], 0.0)) * std::abs(dt_s);
  const int steps = std::clamp(static_cast<int>(std::ceil(angle / longest_substep)), 1, 100);
  const double h = dt_s / steps;
  Motion m{x[theta1], x[omega1], x[theta2], x[omega2]};
  for (int i = 0; i < steps; ++i) {
    const Motion a = derivative(m, x);
    const Motion b = derivative(after(m, a, h / 2), x);
    const Motion c = derivative(after(m, b, h / 2), x);
    const Motion d = derivative(after(m, c, h), x);
    for (std::size_t j = 0; j < m.size(); ++j) {
      m[j] += h / 6 * (a[j] + 2 * b[j] + 2 * c[j] + d[j]);
    }
  }
  std::copy(m.begin(), m.end(), x.begin());
  return x;
}

Transition transition(double k_cos, double growth, double h) {
  const double a = -k_cos * h * h;
  const double g = 2 * growth * h;
  Transition t;
  t.by[0][0] = 1 + a / 2 + a * g / 6 + a * a / 24;
  t.by[0][1] = h * (1 + g / 2 + (a + g * g) / 6 + a * g / 12);
  t.by[1][0] = a / h * (1 + g / 2 + (a + g * g) / 6);
  t.by[1][1] = 1 + g + (a + g * g) / 2 + a * g / 3 + a * a / 24;
  t.push[0] = h * h * (0.5 + g / 6 + a / 24);
  t.push[1] = h * (1 + g / 2 + (a + g * g) / 6 + a * a / 120);
  return t;
}

}  // namespace rytme::signals::pendulum
