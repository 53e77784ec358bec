// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>

namespace rytme::devices {
namespace {

constexpr Value unknown{std::numeric_limits<double>::quiet_NaN(), Quality::unknown};

std::optional<double> boolean_of(const Raw& raw) {
  if (raw.kind == Raw::Kind::text && (raw.text == "true" || raw.text == "false"))
    return raw.text == "true" ? 1 : 0;
  const bool numeric = raw.kind == Raw::Kind::number || raw.kind == Raw::Kind::boolean;
  return numeric && (raw.number == 0 || raw.number == 1) ? std::optional(raw.number) : std::nullopt;
}

double converted(settings::Conversion convert, double raw) {
  switch (convert) {
    case settings::Conversion::mired_to_k:
      return 1e6 / raw;
    case settings::Conversion::percent_to_1:
      return raw / 100;
    case settings::Conversion::db_to_1:
      return std::pow(10, raw / 20);
    case settings::Conversion::rad_to_deg:
      return raw * 180 / std::numbers::pi;
    case settings::Conversion::g_to_mps2:
      return raw * 9.80665;
    case settings::Conversion::f_to_c:
      return (raw - 32) * 5 / 9;
    case settings::Conversion::ms_to_s:
      return raw / 1000;
    case settings::Conversion::s1024_to_s:
      return raw / 1024;
    case settings::Conversion::none:
    case settings::Conversion::cct_position:
      break;
  }
  return raw;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool same(std::string_view written, const Raw& raw) {
  switch (raw.kind) {
    case Raw::Kind::text:
      return written == raw.text;
    case Raw::Kind::boolean:
      return written == (raw.number != 0 ? "true" : "false");
    case Raw::Kind::number:
      return parse_number(written) == raw.number;
    case Raw::Kind::absent:
    case Raw::Kind::other:
      break;
  }
  return false;
}

const settings::MapEntry* meaning(const std::vector<settings::MapEntry>& map, const Raw& raw) {
  const auto found = std::find_if(
      map.begin(), map.end(), [&](const auto& entry) { return entry.raw == "*" || same(entry.raw, raw); });
  return found == map.end() ? nullptr : &*found;
}

std::optional<double> mapped(const std::vector<settings::MapEntry>& map, const Raw& raw) {
  const auto* found = meaning(map, raw);
  return found == nullptr ? std::nullopt : std::optional(found->value);
}

Outcome scaled(const settings::Scaling& scaling, Capability capability, double raw, Value& value) {
  value = unknown;
  if (std::find(scaling.invalid.begin(), scaling.invalid.end(), raw) != scaling.invalid.end()) return {};
  if (!std::isfinite(raw)) return {};
  if ((scaling.raw_min && raw < *scaling.raw_min) || (scaling.raw_max && raw > *scaling.raw_max))
    return Refused{Refusal::out_of_range, "outside the profile's raw range"};
  if (scaling.convert == settings::Conversion::mired_to_k && raw <= 0)
    return Refused{Refusal::out_of_range, "0 mired is no colour temperature"};
  double number = converted(scaling.convert, raw);
  number = number * scaling.scale + scaling.offset;
  if (!std::isfinite(number)) return Refused{Refusal::out_of_range, "too large"};
  if (info(capability).unit == "1" && scaling.raw_max) number = std::clamp(number, 0.0, 1.0);
  const bool implausible = (scaling.plausible_min && number < *scaling.plausible_min) ||
                           (scaling.plausible_max && number > *scaling.plausible_max);
  if (!implausible) value = {number, Quality::good};
  return {};
}

double unscaled(const settings::Scaling& scaling, double value) {
  double raw = (value - scaling.offset) / scaling.scale;
  if (scaling.convert == settings::Conversion::mired_to_k && raw > 0) raw = 1e6 / raw;
  return std::clamp(raw, scaling.raw_min.value_or(-std::numeric_limits<double>::max()),
                    scaling.raw_max.value_or(std::numeric_limits<double>::max()));
}

Outcome interpret(const settings::MqttRead& read, const Raw& raw, Value& value) {
  constexpr Refused none_of_map{Refusal::wrong_type, "not one of the values of the profile's map"};
  if (!read.map.empty()) {
    const auto found = mapped(read.map, raw);
    if (!found) return none_of_map;
    value = {*found, Quality::good};
    return {};
  }
  const ValueKind kind = info(read.capability).kind;
  if (kind == ValueKind::number) {
    const auto number = raw.kind == Raw::Kind::number ? std::optional(raw.number)
                        : read.format != settings::PayloadFormat::json &&
                                read.format != settings::PayloadFormat::json_wrapped &&
                                raw.kind == Raw::Kind::text
                            ? parse_number(raw.text)
                            : std::nullopt;
    if (!number) return Refused{Refusal::wrong_type, "expected a number"};
    return scaled(read.scaling, read.capability, *number, value);
  }
  const auto found = kind == ValueKind::boolean ? boolean_of(raw) : choice_value(read.capability, raw.text);
  if (!found) return Refused{Refusal::wrong_type, "expected true or false, or one of the choices"};
  value = {*found, Quality::good};
  return {};
}

}  // namespace rytme::devices
