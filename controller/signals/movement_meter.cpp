// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/movement_meter.hpp"

#include <cmath>
#include <numeric>
#include <span>

namespace rytme::signals {

namespace {

constexpr double most_g = 32;
constexpr double clock_limit_s = 1e9;
constexpr std::size_t fewest_samples = 8;

double mean_absolute_deviation(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [mean](double sum, double value) { return sum + std::abs(value - mean); }) /
         n;
}

}  // namespace

MovementMeter::Second& MovementMeter::open(std::int64_t number) {
  auto& second = seconds_[static_cast<std::size_t>(number & 1)];
  if (second.number != number) {
    second.number = number;
    second.count = 0;
  }
  return second;
}

void MovementMeter::add(double t_s, double ax_g, double ay_g, double az_g) {
  const double norm_g = std::sqrt(ax_g * ax_g + ay_g * ay_g + az_g * az_g);
  if (!(std::abs(t_s) < clock_limit_s) || !(norm_g <= most_g)) {
    ++bad_;
    return;
  }
  auto& second = open(static_cast<std::int64_t>(std::floor(t_s)));
  if (second.count == second.norm_g.size()) {
    ++too_many_;
    return;
  }
  second.norm_g[second.count++] = norm_g;
}

std::optional<double> MovementMeter::second(double to_s) {
  if (!(std::abs(to_s) < clock_limit_s)) {
    return std::nullopt;
  }
  const auto number = static_cast<std::int64_t>(std::floor(to_s)) - 1;
  const auto& second = seconds_[static_cast<std::size_t>(number & 1)];
  if (second.number != number || second.count < fewest_samples) {
    return std::nullopt;
  }
  return mean_absolute_deviation(std::span{second.norm_g}.first(second.count));
}

}  // namespace rytme::signals
