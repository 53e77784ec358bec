// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/red.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::test {
namespace {

constexpr double red_share = 0.8;

// IEC 61966-2-1, from CIE 1931 x, y.
bool is_red_xy(double x, double y) {
  if (y <= 0) return true;
  const double big_x = x / y, big_z = (1 - x - y) / y;
  const double r = std::max(0.0, 3.2406 * big_x - 1.5372 - 0.4986 * big_z);
  const double g = std::max(0.0, -0.9689 * big_x + 1.8758 + 0.0415 * big_z);
  const double b = std::max(0.0, 0.0557 * big_x - 0.2040 + 1.0570 * big_z);
  return r >= red_share * (r + g + b);
}

// The Planckian locus 1667-25000 K (Kim et al., US patent 7024034).
bool is_red_mired(double mired) {
  const double t = 1e6 / mired;
  if (t < 1667) return true;
  const double x = t < 4000 ? -0.2661239e9 / (t * t * t) - 0.2343589e6 / (t * t) + 0.8776956e3 / t + 0.179910
                            : -3.0258469e9 / (t * t * t) + 2.1070379e6 / (t * t) + 0.2226347e3 / t + 0.240390;
  const double y = t < 2222   ? -1.1063814 * x * x * x - 1.34811020 * x * x + 2.18555832 * x - 0.20219683
                   : t < 4000 ? -0.9549476 * x * x * x - 1.37418593 * x * x + 2.09137015 * x - 0.16748867
                              : 3.0817580 * x * x * x - 5.87338670 * x * x + 3.75112997 * x - 0.37001483;
  return is_red_xy(x, y);
}

// Hue in degrees, saturation in percent: red where the two others are below an eighth of it.
bool is_red_hue(double hue_deg, double saturation) {
  const double from_red = std::min(hue_deg, 360 - hue_deg);
  const double others = 2 * (1 - saturation / 100) + saturation / 100 * from_red / 60;
  return from_red < 60 && 1 >= red_share * (1 + others);
}

double number(const boost::json::object& object, const char* key) {
  return object.at(key).to_number<double>();
}

}  // namespace

bool is_red(const boost::json::object& told) {
  if (const auto* mired = told.if_contains("color_temp");
      mired != nullptr && is_red_mired(mired->to_number<double>()))
    return true;
  const auto* colour = told.if_contains("color");
  if (colour == nullptr) return false;
  const auto& parts = colour->as_object();
  if (parts.contains("x")) return is_red_xy(number(parts, "x"), number(parts, "y"));
  return parts.contains("hue") && is_red_hue(number(parts, "hue"), number(parts, "saturation"));
}

}  // namespace rytme::test
