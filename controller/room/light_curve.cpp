// SPDX-License-Identifier: Apache-2.0
#include "controller/room/light_curve.hpp"

#include <algorithm>
#include <cmath>

namespace rytme {
namespace {

constexpr double gamma = 2.2;
// In n = 254 * level: linear = 10^((n - 1) * 3 / 253 - 3).
constexpr double dali_decades_per_level = 3.0 * 254.0 / 253.0;
constexpr double dali_floor = 1e-3;
constexpr double dali_lowest_level = 1.0 / 254.0;

double dali_linear(double level) {
  if (level < dali_lowest_level) return dali_floor * level / dali_lowest_level;
  return std::pow(10.0, dali_decades_per_level * (level - dali_lowest_level) - 3.0);
}

double dali_level(double linear) {
  if (linear < dali_floor) return dali_lowest_level * linear / dali_floor;
  return (std::log10(linear) + 3.0) / dali_decades_per_level + dali_lowest_level;
}

}  // namespace

std::optional<LightCurve> light_curve_from(std::string_view name) {
  if (name == "linear") return LightCurve::linear;
  if (name == "gamma2.2") return LightCurve::gamma22;
  if (name == "dali") return LightCurve::dali;
  return std::nullopt;
}

std::string_view name_of(LightCurve curve) {
  switch (curve) {
    case LightCurve::gamma22:
      return "gamma2.2";
    case LightCurve::dali:
      return "dali";
    case LightCurve::linear:
      break;
  }
  return "linear";
}

double linear_from_level(LightCurve curve, double level) {
  const double x = std::clamp(level, 0.0, 1.0);
  switch (curve) {
    case LightCurve::gamma22:
      return std::pow(x, gamma);
    case LightCurve::dali:
      return dali_linear(x);
    case LightCurve::linear:
      break;
  }
  return x;
}

double level_from_linear(LightCurve curve, double linear) {
  const double y = std::clamp(linear, 0.0, 1.0);
  switch (curve) {
    case LightCurve::gamma22:
      return std::pow(y, 1.0 / gamma);
    case LightCurve::dali:
      return std::clamp(dali_level(y), 0.0, 1.0);
    case LightCurve::linear:
      break;
  }
  return y;
}

double slope_at_level(LightCurve curve, double level) {
  const double x = std::clamp(level, 0.0, 1.0);
  switch (curve) {
    case LightCurve::gamma22:
      return gamma * std::pow(x, gamma - 1.0);
    case LightCurve::dali:
      if (x < dali_lowest_level) return dali_floor / dali_lowest_level;
      return dali_linear(x) * dali_decades_per_level * std::log(10.0);
    case LightCurve::linear:
      break;
  }
  return 1.0;
}

}  // namespace rytme
