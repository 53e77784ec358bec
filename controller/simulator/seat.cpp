// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/seat.hpp"

#include <cmath>
#include <numbers>

namespace rytme::simulator {
namespace {

constexpr double gravity = 9.80665;   // m/s²
constexpr double air_damping = 0.03;  // 1/s
constexpr double pumping = 0.25;      // 1/s at rest, 0 at the wanted height
constexpr double braking = 0.8;       // 1/s, feet on the ground
constexpr double push_off = 0.35;     // rad/s at the start of a bout
constexpr int steps_per_sample = 10;

}  // namespace

void Seat::advance(double t_s) {
  const auto& bout = plan_.at(t_s);
  if (bout.amplitude_deg > 0 && bout.from_s > pushed_s_) {
    omega_ += push_off;
    pushed_s_ = bout.from_s;
  }
  const double wanted = ropes_.reach * bout.amplitude_deg * std::numbers::pi / 180;
  constexpr double step_s = static_cast<double>(sample_us) * 1e-6 / steps_per_sample;
  for (int i = 0; i < steps_per_sample; ++i) {
    alpha_ = -gravity / ropes_.centre_m * std::sin(theta_) + drive(wanted) * omega_;
    omega_ += alpha_ * step_s;  // semi-implicit: keeps the energy of the free pendulum
    theta_ += omega_ * step_s;
  }
}

double Seat::tangential() const { return ropes_.sensor_m * alpha_ + gravity * std::sin(theta_); }

double Seat::radial() const { return ropes_.sensor_m * omega_ * omega_ + gravity * std::cos(theta_); }

double Seat::drive(double wanted_rad) const {
  if (wanted_rad <= 0) return -braking;
  const double energy = ropes_.centre_m * omega_ * omega_ / 2 + gravity * (1 - std::cos(theta_));
  const double full = gravity * (1 - std::cos(wanted_rad));
  return pumping * (1 - energy / full) - air_damping * energy / full;
}

}  // namespace rytme::simulator
