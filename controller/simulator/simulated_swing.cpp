// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/simulated_swing.hpp"

#include <cmath>
#include <numbers>

#include "controller/simulator/movement_plan.hpp"
#include "controller/simulator/random.hpp"

namespace rytme::simulator {
namespace {

constexpr double gravity = 9.80665;           // m/s²
constexpr double rope_m = 1.8;                // pivot to the centre of mass
constexpr double sensor_m = 1.75;             // pivot to the sensor
constexpr double air_damping = 0.03;          // 1/s
constexpr double pumping = 0.25;              // 1/s at rest, 0 at the wanted height
constexpr double braking = 0.8;               // 1/s, feet on the ground
constexpr double push_off = 0.35;             // rad/s at the start of a bout
constexpr double accelerometer_noise = 0.12;  // m/s², the person's small movements included
constexpr double gyro_noise = 0.01;           // rad/s
constexpr double resolution = 1e-4;
constexpr std::size_t frame_samples = 16;
constexpr std::int64_t sample_us = 10'000;
constexpr int steps_per_sample = 10;

// theta'' = -(g/L) sin(theta) + drive(energy) theta': a pumping person adds energy until the height is the
// wanted one, a resting one takes it out.
class Seat {
 public:
  explicit Seat(std::uint64_t seed) : plan_(seed) {}

  void advance_sample(double t_s) {
    const auto& bout = plan_.at(t_s);
    if (bout.amplitude_deg > 0 && bout.from_s > pushed_s_) {
      omega_ += push_off;
      pushed_s_ = bout.from_s;
    }
    const double wanted = bout.amplitude_deg * std::numbers::pi / 180;
    constexpr double step_s = static_cast<double>(sample_us) * 1e-6 / steps_per_sample;
    for (int i = 0; i < steps_per_sample; ++i) {
      alpha_ = -gravity / rope_m * std::sin(theta_) + drive(wanted) * omega_;
      omega_ += alpha_ * step_s;  // semi-implicit: keeps the energy of the free pendulum
      theta_ += omega_ * step_s;
    }
  }
  // Specific force at the sensor; along the path it is near 0, along the rope it has twice the frequency.
  double tangential() const { return sensor_m * alpha_ + gravity * std::sin(theta_); }
  double radial() const { return sensor_m * omega_ * omega_ + gravity * std::cos(theta_); }
  double omega() const { return omega_; }

 private:
  double drive(double wanted_rad) const {
    if (wanted_rad <= 0) return -braking;
    const double energy = rope_m * omega_ * omega_ / 2 + gravity * (1 - std::cos(theta_));
    const double full = gravity * (1 - std::cos(wanted_rad));
    return pumping * (1 - energy / full) - air_damping * energy / full;
  }

  MovementPlan plan_;
  double theta_{}, omega_{}, alpha_{};
  double pushed_s_{};
};

class SimulatedSwing : public FrameSource {
 public:
  explicit SimulatedSwing(std::uint64_t seed) : seat_(seed), random_(seed, 5) {
    for (double& bias : gyro_bias_) bias = random_.uniform(-0.015, 0.015);
  }

  std::optional<std::int64_t> next_us() const override {
    return next_sample_us_ + static_cast<std::int64_t>(frame_samples - 1) * sample_us;
  }
  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    MotionColumns columns;
    for (std::size_t i = 0; i < frame_samples; ++i) {
      seat_.advance_sample(static_cast<double>(next_sample_us_) * 1e-6);
      add_sample(columns);
      next_sample_us_ += sample_us;
    }
    return motion_frame_text(columns, 0, frame_samples, boot, seq);
  }

 private:
  void add_sample(MotionColumns& columns) {
    columns.t_us.push_back(next_sample_us_);
    columns.ax.push_back(measured(seat_.tangential(), accelerometer_noise));
    columns.ay.push_back(measured(0, accelerometer_noise));
    columns.az.push_back(measured(seat_.radial(), accelerometer_noise));
    columns.gx.push_back(measured(gyro_bias_[0], gyro_noise));
    columns.gy.push_back(measured(seat_.omega() + gyro_bias_[1], gyro_noise));
    columns.gz.push_back(measured(gyro_bias_[2], gyro_noise));
  }
  float measured(double truth, double noise) {
    return static_cast<float>(std::round((truth + noise * random_.normal()) / resolution) * resolution);
  }

  Seat seat_;
  Random random_;
  double gyro_bias_[3]{};
  std::int64_t next_sample_us_{};
};

}  // namespace

std::unique_ptr<FrameSource> simulated_swing(std::uint64_t seed) {
  return std::make_unique<SimulatedSwing>(seed);
}

}  // namespace rytme::simulator
