// SPDX-License-Identifier: Apache-2.0
#include "controller/player/true_peak.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rytme::player {
namespace {

constexpr std::size_t phases = 4;
constexpr std::size_t taps = 12;
using Table = std::array<std::array<float, taps>, phases>;

// Sinc under a cosine window; each row sums to one, so that a constant stays what it is.
Table make_table() {
  Table table{};
  for (std::size_t phase = 0; phase < phases; ++phase) {
    double sum = 0;
    std::array<double, taps> row{};
    for (std::size_t k = 0; k < taps; ++k) {
      const double distance = static_cast<double>(TruePeak::delay_frames) - static_cast<double>(k) -
                              static_cast<double>(phase) / phases;
      const double x = std::numbers::pi * distance;
      const double sinc = distance == 0 ? 1.0 : std::sin(x) / x;
      row[k] = sinc * std::max(0.0, std::cos(x / (taps + 2)));
      sum += row[k];
    }
    for (std::size_t k = 0; k < taps; ++k) table[phase][k] = static_cast<float>(row[k] / sum);
  }
  return table;
}

}  // namespace

float TruePeak::add(float sample) {
  static const Table table = make_table();
  at_ = (at_ + 1) % taps;
  past_[at_] = sample;
  float highest = 0;
  for (const auto& row : table) {
    float value = 0;
    for (std::size_t k = 0; k < taps; ++k) value += row[k] * past_[(at_ + taps - k) % taps];
    highest = std::max(highest, std::abs(value));
  }
  return highest;
}

}  // namespace rytme::player
