// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/wt901c485.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rytme::simulator {
namespace {

constexpr Ropes hammock_ropes{1.3, 1.2, 0.6};
constexpr double full_mps2 = 16 * 9.80665;
constexpr double full_dps = 2000;
constexpr double full_deg = 180;
constexpr double accelerometer_noise = 0.05;  // m/s²
constexpr double gyro_noise = 0.2;            // °/s
constexpr double temperature_c = 24.5;
constexpr unsigned registers = 96;
constexpr std::int64_t longest_gap =
    6000;  // samples made up for; behind that the person has done something else

// A signed register of which 32768 is `full`.
std::uint16_t share_of(double value, double full) {
  const double raw = std::clamp(std::round(value / full * 32768), -32768.0, 32767.0);
  return static_cast<std::uint16_t>(static_cast<std::int16_t>(raw));
}

constexpr double degrees(double rad) { return rad * 180 / std::numbers::pi; }

}  // namespace

Wt901c485::Wt901c485(std::uint8_t unit, std::uint64_t seed)
    : unit_(unit), hammock_(seed, hammock_ropes), random_(seed, 7) {}

void Wt901c485::move_to(Instant now) {
  if (!start_) start_ = now;
  const auto wanted =
      std::chrono::duration_cast<std::chrono::microseconds>(now - *start_).count() / Seat::sample_us;
  samples_ = std::max(samples_, wanted - longest_gap);
  while (samples_ < wanted) {
    ++samples_;
    hammock_.advance(static_cast<double>(samples_ * Seat::sample_us) * 1e-6);
  }
}

std::uint16_t Wt901c485::value(unsigned address) {
  switch (address) {
    case 52:
      return share_of(noisy(hammock_.tangential(), accelerometer_noise), full_mps2);
    case 53:
      return share_of(noisy(0, accelerometer_noise), full_mps2);
    case 54:
      return share_of(noisy(hammock_.radial(), accelerometer_noise), full_mps2);
    case 55:
    case 57:
      return share_of(noisy(0, gyro_noise), full_dps);
    case 56:
      return share_of(noisy(degrees(hammock_.omega()), gyro_noise), full_dps);
    case 62:
      return share_of(degrees(hammock_.theta()), full_deg);
    case 64:
      return static_cast<std::uint16_t>(std::lround(temperature_c * 100));
    default:
      return 0;
  }
}

bool Wt901c485::read(RegisterArea area, std::uint16_t address, std::uint16_t count,
                     std::vector<std::uint16_t>& values, Instant now) {
  values.clear();
  if (area != RegisterArea::holding || unsigned{address} + count > registers) return false;
  move_to(now);
  for (unsigned at = address; at < unsigned{address} + count; ++at) values.push_back(value(at));
  return true;
}

bool Wt901c485::write(RegisterArea, std::uint16_t, const std::vector<std::uint16_t>&, Instant) {
  return false;
}

}  // namespace rytme::simulator
