// SPDX-License-Identifier: Apache-2.0
// From a raw value on the wire to a capability's value, by a profile's map and scaling. Internal to devices.
#pragma once

#include <optional>
#include <string_view>

#include "controller/devices/devices.hpp"

namespace rytme::devices {

// Why something was not taken; `detail` is a literal.
struct Refused {
  Refusal why{};
  const char* detail{""};
};
using Outcome = std::optional<Refused>;  // nullopt: taken

// What stood on the wire. absent: not in this message, nothing changes; other: a list or an object.
struct Raw {
  enum class Kind : std::uint8_t { absent, number, boolean, text, other };
  Kind kind{Kind::absent};
  double number{};  // boolean: 0 or 1
  std::string_view text;

  static Raw of(double value) { return {Kind::number, value, {}}; }
  static Raw of(bool value) { return {Kind::boolean, value ? 1.0 : 0.0, {}}; }
  static Raw of(std::string_view value) { return {Kind::text, 0, value}; }
};

// Value and quality; unknown has NaN.
struct Value {
  double number{};
  Quality quality{Quality::good};
};

inline Reading reading_of(DeviceIndex device, Capability capability, Value value, Instant received) {
  return {device, capability, value.quality, value.number, {}, true, received};
}

// Whole text as one finite number, surrounding blanks allowed.
std::optional<double> parse_number(std::string_view text);

// What the map says of a raw value; nullptr: it is none of the map's.
const settings::MapEntry* meaning(const std::vector<settings::MapEntry>& map, const Raw& raw);
// The value as a profile writes it ("true", "1", "ON") is the raw one.
bool same(std::string_view written, const Raw& raw);
// nullopt: the raw value is none of the map's.
std::optional<double> mapped(const std::vector<settings::MapEntry>& map, const Raw& raw);

// Sets `value`, or says why not. An implausible or invalid raw value is taken as unknown.
Outcome scaled(const settings::Scaling& scaling, Capability capability, double raw, Value& value);

// The other way, for registers: (value - offset) / scale, within the raw range.
double unscaled(const settings::Scaling& scaling, double value);

// Everything but text capabilities.
Outcome interpret(const settings::MqttRead& read, const Raw& raw, Value& value);

}  // namespace rytme::devices
