// SPDX-License-Identifier: Apache-2.0
// A seat on ropes with a simulated person in it: a pendulum that is pumped up, held, and braked.
#pragma once

#include <cstdint>

#include "controller/simulator/movement_plan.hpp"

namespace rytme::simulator {

struct Ropes {
  double centre_m{1.8};   // pivot to the centre of mass
  double sensor_m{1.75};  // pivot to the sensor
  double reach{1};        // of the heights the person's plan has
};

// theta'' = -(g/L) sin(theta) + drive(energy) theta': a pumping person adds energy until the height is the
// wanted one, a resting one takes it out.
class Seat {
 public:
  static constexpr std::int64_t sample_us = 10'000;

  Seat(std::uint64_t seed, Ropes ropes) : ropes_(ropes), plan_(seed) {}

  // By one sample, which ends at `t_s` on the plan's clock.
  void advance(double t_s);
  // Specific force at the sensor, m/s²; along the path it is near 0, along the rope it has twice the
  // frequency.
  double tangential() const;
  double radial() const;
  double theta() const { return theta_; }  // rad, 0 hanging
  double omega() const { return omega_; }  // rad/s

 private:
  double drive(double wanted_rad) const;

  Ropes ropes_;
  MovementPlan plan_;
  double theta_{}, omega_{}, alpha_{};
  double pushed_s_{};
};

}  // namespace rytme::simulator
