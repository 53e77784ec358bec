// SPDX-License-Identifier: Apache-2.0
#include "tests/signals/swing_recordings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <sstream>
#include <stdexcept>

#include <zlib.h>

#include "tests/support/shared_data.hpp"

namespace rytme::test {

namespace {

// The numbers of a gzipped CSV, without its header.
std::vector<std::vector<double>> numbers_in(const std::string& relative) {
  gzFile file = gzopen(shared(relative).c_str(), "rb");
  if (file == nullptr) {
    throw std::runtime_error("cannot read " + relative);
  }
  std::string text;
  std::array<char, 65536> part{};
  for (int n = gzread(file, part.data(), part.size()); n > 0; n = gzread(file, part.data(), part.size())) {
    text.append(part.data(), static_cast<std::size_t>(n));
  }
  gzclose(file);
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  std::vector<std::vector<double>> rows;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) {
      rows.back().push_back(std::stod(field));
    }
  }
  return rows;
}

}  // namespace

const SwingTruth& SwingRecording::truth_at(double t_s) const {
  const auto i = static_cast<std::size_t>(std::max(0.0, std::round(t_s / truth_step_s)));
  return truth.at(std::min(i, truth.size() - 1));
}

SwingRecording recorded_swing(std::string_view name, bool gyro) {
  const std::string stem = "data/synthetic_swing/" + std::string(name);
  SwingRecording recording;
  for (const auto& row : numbers_in(stem + "_imu.csv.gz")) {
    signals::MotionSample sample{
        .t_us = std::llround(row.at(0) * 1e6), .acceleration = {row.at(1), row.at(2), row.at(3)}, .rate = {}};
    if (gyro) {
      sample.rate = {row.at(4), row.at(5), row.at(6)};
    }
    recording.samples.push_back(sample);
  }
  const auto truth = numbers_in(stem + "_truth.csv.gz");
  recording.truth_step_s = truth.at(1).at(0) - truth.at(0).at(0);
  for (const auto& row : truth) {
    recording.truth.push_back(
        {.phase_rad = row.at(2), .frequency_hz = row.at(3), .amplitude_deg = row.at(4)});
  }
  return recording;
}

std::vector<Row> analysed(const std::vector<signals::MotionSample>& samples) {
  signals::MotionAnalysis analysis;
  std::vector<Row> rows;
  for (const auto& sample : samples) {
    analysis.add(sample, [&rows](std::int64_t t_us, const signals::MotionNow& now) {
      rows.push_back({.t_s = static_cast<double>(t_us) * 1e-6, .now = now});
    });
  }
  return rows;
}

Pendulum::Pendulum(double rope_m, double amplitude_rad, std::uint32_t seed)
    : random_(seed), stiffness_(9.81 / rope_m), theta_(amplitude_rad) {}

signals::MotionSample Pendulum::next() {
  constexpr int parts = 10;
  const double h = static_cast<double>(step_us) * 1e-6 / parts;
  for (int i = 0; i < parts; ++i) {
    omega_ += h * (-stiffness_ * std::sin(theta_) + 2 * growth_per_s * omega_);
    theta_ += h * omega_;
  }
  t_us_ += step_us;
  const double rope =
      9.81 * (std::cos(theta_) + omega_ * omega_ / stiffness_) + fidget_mps2 * noise_(random_);
  const auto noisy = [this](double value, double sigma) { return value + sigma * noise_(random_); };
  signals::MotionSample sample{
      .t_us = t_us_, .acceleration = {noisy(0, 0.15), noisy(0, 0.15), noisy(rope, 0.15)}, .rate = {}};
  if (gyro) {
    sample.rate = {noisy(-std::sin(yaw_rad) * omega_, 0.01), noisy(std::cos(yaw_rad) * omega_, 0.01),
                   noisy(twist_rad_per_s, 0.01)};
  }
  return sample;
}

double Pendulum::amplitude_deg() const {
  const double cosine = std::cos(theta_) - omega_ * omega_ / (2 * stiffness_);
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

// T = 2π √(L/g) (1 + A²/16 + 11 A⁴/3072): within 0.01 % up to 45°.
double Pendulum::frequency_hz() const {
  const double a = amplitude_deg() * std::numbers::pi / 180;
  return std::sqrt(stiffness_) / (2 * std::numbers::pi * (1 + a * a / 16 + 11 * a * a * a * a / 3072));
}

double Pendulum::phase_rad() const { return std::atan2(-omega_ / std::sqrt(stiffness_), theta_); }

}  // namespace rytme::test
