// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/node_samples.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "firmware/core/crc.hpp"

namespace rytme::simulator {
namespace {

namespace at = firmware::motion_registers;
namespace injected = firmware::injected_sample;

constexpr double accelerometer_noise = 0.12;  // m/s², the person's small movements included
constexpr double gyro_noise_dps = 0.6;
constexpr std::int16_t temperature_centideg = 2350;

}  // namespace

std::int16_t NodeSamples::counts(double truth, double noise, double per_count) {
  const double count = std::round((truth + noise * random_.normal()) / per_count);
  return static_cast<std::int16_t>(std::clamp(count, -32767.0, 32767.0));
}

injected::Frame NodeSamples::next() {
  seat_.advance(static_cast<double>(number_) * static_cast<double>(Seat::sample_us) * 1e-6);
  const double turning = seat_.omega() * 180 / std::numbers::pi;
  const firmware::Sample sample{{counts(seat_.tangential(), accelerometer_noise, at::mps2_per_count),
                                 counts(0, accelerometer_noise, at::mps2_per_count),
                                 counts(seat_.radial(), accelerometer_noise, at::mps2_per_count),
                                 counts(0, gyro_noise_dps, at::dps_per_count),
                                 counts(turning, gyro_noise_dps, at::dps_per_count),
                                 counts(0, gyro_noise_dps, at::dps_per_count)}};
  auto frame = injected::frame_of(static_cast<std::uint16_t>(number_++), sample, temperature_centideg);
  injected::put(frame, injected::checksum_at, firmware::crc16(std::span(frame).first(injected::checksum_at)));
  return frame;
}

}  // namespace rytme::simulator
