// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/simulated_swing.hpp"

#include <cmath>

#include "controller/simulator/random.hpp"
#include "controller/simulator/seat.hpp"

namespace rytme::simulator {
namespace {

constexpr double accelerometer_noise = 0.12;  // m/s², the person's small movements included
constexpr double gyro_noise = 0.01;           // rad/s
constexpr double resolution = 1e-4;
constexpr std::size_t frame_samples = 16;
constexpr std::int64_t sample_us = Seat::sample_us;

class SimulatedSwing : public FrameSource {
 public:
  explicit SimulatedSwing(std::uint64_t seed) : seat_(seed, {}), random_(seed, 5) {
    for (double& bias : gyro_bias_) bias = random_.uniform(-0.015, 0.015);
  }

  std::optional<std::int64_t> next_us() const override {
    return next_sample_us_ + static_cast<std::int64_t>(frame_samples - 1) * sample_us;
  }
  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    MotionColumns columns;
    for (std::size_t i = 0; i < frame_samples; ++i) {
      seat_.advance(static_cast<double>(next_sample_us_) * 1e-6);
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
