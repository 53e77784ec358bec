// SPDX-License-Identifier: Apache-2.0
// A pendulum followed by an extended Kalman filter: two directions of swing in the plane of the seat, each
// with its angle and rate, and what they have in common with no noise: stiffness, growth, the gyro's bias.
// Amplitude, frequency and phase come from the state at any time, so nothing lags. Fixed memory; pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "controller/signals/swing_pendulum.hpp"
#include "controller/signals/swing_state.hpp"

namespace rytme::signals {

class SwingFilter {
 public:
  // The swing is at `theta`, `omega` now, with this stiffness (known to a fifth or so); the second
  // direction is at rest. noise: of one measurement to come, in its unit.
  enum class Sees : std::uint8_t { rates, force };
  void start(Sees sees, double theta, double omega, double stiffness, double noise);

  // dt_s later (0 to some periods), something is measured. Returns false when the numbers have left what a
  // swing can do; then start() is the only way on.
  // Rates in rad/s about both directions and about the rope, means over `span_s`.
  struct Rates {
    double along{}, across{}, twist{};
  };
  bool step_rates(double dt_s, const Rates& rates, double span_s);
  // The specific force along the rope, m/s²; the same filter never sees both.
  bool step_force(double dt_s, double force);

  SwingState at(double ahead_s) const;  // ahead_s after the last measurement
  // Share of the measured motion which was foretold one step ahead, 0 to 1, over some periods.
  double explained() const;
  double rms() const;  // of what is measured along the first direction, in its unit, over the same time
  double rms_across() const;  // of the second
  // Where the swing's axis lies, turned from `along` towards `across`, rad.
  double axis_rad() const { return axis_rad_; }

 private:
  static constexpr std::size_t motion = 4;  // θ1 ω1 θ2 ω2
  static constexpr std::size_t size = 13;   // and k, d, c, γ1, γ2, b1, b2, t1, t2
  using Vector = pendulum::State;

  struct Slope {  // of a measurement by the state: few entries are not 0
    std::array<std::size_t, 5> index{};
    std::array<double, 5> value{};
  };
  void predict(double dt_s);
  void predict_covariance(double dt_s, const Vector& middle);
  void add_process_noise(double dt_s);
  double correct(const Slope& slope, double difference);  // returns difference² / its variance
  void learn(double dt_s, double difference, double surprise, double measured);
  void align();
  void turn(double angle);
  double axis_sigma() const;  // rad
  double roundness() const;   // of the path: motion across by motion along, at most 1
  bool sane() const;

  Sees sees_{Sees::rates};
  Vector x_{};
  std::array<Vector, size> p_{};
  double noise_{};  // variance of one measurement, learnt
  double followed_s_{};
  double last_difference_{};
  double surprise_{1}, alarm_{1};  // means of difference² / expected, over a period and a tenth of one
  double unexplained_{}, measured_{}, across_{};  // running mean squares
  double axis_rad_{};
};

}  // namespace rytme::signals
