// SPDX-License-Identifier: Apache-2.0
// Motion for the tests: the simulated recordings of the reference data with their exact truth, and a pendulum
// of our own on which a sensor sits.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "controller/signals/analyse_motion.hpp"

namespace rytme::test {

struct SwingTruth {
  double phase_rad{}, frequency_hz{}, amplitude_deg{};
};

struct SwingRecording {
  std::vector<signals::MotionSample> samples;
  double truth_step_s{};
  std::vector<SwingTruth> truth;  // from 0, one a step

  const SwingTruth& truth_at(double t_s) const;
};

// data/synthetic_swing/<name>_imu.csv.gz with its truth; gyro false leaves the gyroscope out.
SwingRecording recorded_swing(std::string_view name, bool gyro);

struct Row {
  double t_s{};
  signals::MotionNow now;
};
std::vector<Row> analysed(const std::vector<signals::MotionSample>& samples);

// A pendulum θ'' = -k sin θ + 2γ θ', its sensor turned about the rope by `yaw`, with noise; a new sample each
// step. What is public may be changed between samples.
class Pendulum {
 public:
  Pendulum(double rope_m, double amplitude_rad, std::uint32_t seed);
  signals::MotionSample next();
  double amplitude_deg() const;
  double frequency_hz() const;
  double phase_rad() const;
  std::int64_t t_us() const { return t_us_; }
  void hold() { omega_ = theta_ = 0; }

  double growth_per_s{};
  double twist_rad_per_s{};
  double fidget_mps2{};
  double yaw_rad{0.4};
  bool gyro{true};
  std::int64_t step_us{20'000};

 private:
  std::mt19937 random_;
  std::normal_distribution<double> noise_;
  std::int64_t t_us_{};
  double stiffness_, theta_, omega_{};
};

}  // namespace rytme::test
