// SPDX-License-Identifier: Apache-2.0
// What a fixture expects of an answer, compared with what the profile made of it. Internal to profile try.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "controller/room/capability.hpp"

namespace rytme::trial {

// One point of an answer, as the profile has it.
struct SeenValue {
  std::string id;
  std::optional<Capability> capability;
  unsigned address{};
  double raw{};      // NaN for texts
  double value{};    // NaN: unknown
  std::string text;  // texts only
  bool unknown{};
  std::string unit;                // of value; "" when not known
  std::optional<double> position;  // a colour temperature that stands there as a position
};

// "" when `values` (a table by capability, id or unit suffix; a list of consecutive points; raw; valid =
// false) is what was seen; else what differs. Numbers within 1e-3 of their size.
std::string compare_values(const toml::node& values, const std::vector<SeenValue>& seen);

// The room's name of a capability that a fixture names otherwise ("light.rgb[0]"); nullopt: none of ours.
std::optional<Capability> capability_of_fixture(std::string_view name);

bool nearly(double a, double b);

// What a value in `unit` must be multiplied with to be in `wanted`; nullopt: never.
std::optional<double> unit_factor(std::string_view unit, std::string_view wanted);

}  // namespace rytme::trial
