// SPDX-License-Identifier: Apache-2.0
#include "controller/player/high_pass.hpp"

#include <cmath>
#include <numbers>

#include "controller/player/frame.hpp"

namespace rytme::player {

HighPass::HighPass(double corner_hz) {
  const double k = std::tan(std::numbers::pi * corner_hz / sample_rate);
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    // 1/Q of the two pole pairs of order four: 2 cos(π/8), 2 cos(3π/8).
    const double damping = 2 * std::cos(std::numbers::pi * static_cast<double>(2 * i + 1) / 8);
    const double norm = 1 / (1 + k * damping + k * k);
    sections_[i].b = norm;
    sections_[i].a1 = 2 * (k * k - 1) * norm;
    sections_[i].a2 = (1 - k * damping + k * k) * norm;
  }
}

double HighPass::Section::next(double x) {
  const double y = b * x + s1;
  s1 = -2 * b * x - a1 * y + s2;
  s2 = b * x - a2 * y;
  return y;
}

float HighPass::next(float sample) {
  double value = sample;
  for (auto& section : sections_) value = section.next(value);
  return static_cast<float>(value);
}

void HighPass::settle() {
  constexpr double nothing = 1e-15;
  for (auto& section : sections_)
    if (std::abs(section.s1) < nothing && std::abs(section.s2) < nothing) section.s1 = section.s2 = 0;
}

}  // namespace rytme::player
