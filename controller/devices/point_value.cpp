// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/point_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "controller/devices/registers.hpp"

namespace rytme::devices {
namespace {

using settings::PointKind;
using settings::RegisterMeaning;

constexpr Value unknown{std::numeric_limits<double>::quiet_NaN(), Quality::unknown};

void take_meaning(const std::vector<RegisterMeaning>& map, double raw, PointValue& out) {
  const auto found = std::find_if(map.begin(), map.end(), [&](const RegisterMeaning& meaning) {
    return static_cast<double>(meaning.raw) == raw;
  });
  if (found == map.end()) return;
  out.value = {found->number.value_or(raw), Quality::good};
  out.text = found->text;
}

bool is_float(PointKind kind) { return kind == PointKind::f32 || kind == PointKind::f64; }

// A lamp that is on at all is not rounded to dark.
double whole(const Setting& setting, double raw) {
  const double rounded = std::round(raw);
  const bool lit = setting.capability == Capability::light_level && setting.value > 0;
  return lit ? std::max(rounded, 1.0) : rounded;
}

}  // namespace

double kelvin_of_position(double position, Strips strips) {
  const double warm = 1 / strips.warm_k;
  const double cold = 1 / strips.cold_k;
  return 1 / (warm + (cold - warm) * std::clamp(position, 0.0, 1.0));
}

double position_of_kelvin(double kelvin, Strips strips) {
  const double warm = 1 / strips.warm_k;
  const double cold = 1 / strips.cold_k;
  return warm == cold ? 0 : std::clamp((1 / kelvin - warm) / (cold - warm), 0.0, 1.0);
}

Outcome point_value(const settings::ModbusPoint& point, Strips strips, const std::uint16_t* words,
                    PointValue& out) {
  out = {unknown, {}};
  if (point.type.kind == PointKind::samples) return {};
  if (point.type.kind == PointKind::ascii) {
    if (auto text = text_of(words, point.type)) out = {{0, Quality::good}, std::move(*text)};
    return {};
  }
  const std::uint64_t bits = bits_of(words, point.type);
  if (std::find(point.invalid.begin(), point.invalid.end(), bits) != point.invalid.end()) return {};
  const double raw = raw_of(words, point.type);
  if (!point.read_map.empty()) {
    take_meaning(point.read_map, raw, out);
    return {};
  }
  const bool yes_or_no = point.type.kind == PointKind::boolean || point.type.kind == PointKind::bool_u16 ||
                         (point.capability && info(*point.capability).kind == ValueKind::boolean);
  if (yes_or_no) {
    out.value = {raw != 0 ? 1.0 : 0.0, Quality::good};
    // raw 0 = good, 1 = fault is turned round by scale and offset
    if (point.scaling.scale != 1 || point.scaling.offset != 0)
      out.value.number = raw * point.scaling.scale + point.scaling.offset != 0 ? 1 : 0;
    return {};
  }
  // Without a capability any number is as good as another.
  if (auto refused =
          scaled(point.scaling, point.capability.value_or(Capability::load_counts), raw, out.value))
    return refused;
  if (point.cct_position && out.value.quality == Quality::good)
    out.value.number = kelvin_of_position(out.value.number, strips);
  return {};
}

std::optional<std::vector<std::uint16_t>> point_words(const settings::ModbusPoint& point, Strips strips,
                                                      const Setting& setting) {
  if (!point.write_map.empty()) {
    const bool by_text = info(setting.capability).kind == ValueKind::text;
    const auto& map = point.write_map;
    const auto found = std::find_if(map.begin(), map.end(), [&](const RegisterMeaning& meaning) {
      return by_text ? meaning.text == setting.text : meaning.number == setting.value;
    });
    if (found == map.end()) return std::nullopt;
    return words_of(static_cast<double>(found->raw), point.type);
  }
  const double value = point.cct_position ? position_of_kelvin(setting.value, strips) : setting.value;
  const double raw = unscaled(point.scaling, value);
  return words_of(is_float(point.type.kind) ? raw : whole(setting, raw), point.type);
}

bool allows(const settings::PointCondition& condition, const PointValue& value) {
  return std::any_of(condition.any_of.begin(), condition.any_of.end(), [&](const std::string& allowed) {
    if (!value.text.empty() && allowed == value.text) return true;
    if (allowed == "true" || allowed == "false") return value.value.number == (allowed == "true" ? 1 : 0);
    return parse_number(allowed) == value.value.number;
  });
}

}  // namespace rytme::devices
