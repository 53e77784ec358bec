// SPDX-License-Identifier: Apache-2.0
// From a fixture's own level (what is on the wire, 0-1) to linear light (0-1) and back. Room settings,
// presets and limits speak linear light; only the last stage and the devices know a fixture's curve.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rytme {

// dali: IEC 62386-102 standard curve, X(n) = 10^((n-1)/(253/3) - 1) percent for n = 1..254.
enum class LightCurve : std::uint8_t { linear, gamma22, dali };

std::optional<LightCurve> light_curve_from(std::string_view name);  // "linear", "gamma2.2", "dali"
std::string_view name_of(LightCurve curve);

// Arguments outside 0-1 are clamped. Both are monotone and inverse to each other (dali: above its 0.1 %
// floor).
double linear_from_level(LightCurve curve, double level);
double level_from_linear(LightCurve curve, double linear);

// d(linear)/d(level): the steepness a fade of constant level speed has in linear light. Grows with level.
double slope_at_level(LightCurve curve, double level);

}  // namespace rytme
