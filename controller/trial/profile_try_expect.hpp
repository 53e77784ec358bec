// SPDX-License-Identifier: Apache-2.0
// What a fixture's example expects against what the engine made of it. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "controller/room/command.hpp"
#include "controller/room/reading.hpp"

namespace rytme::trial {

// What came out of one message.
struct Heard {
  std::map<Capability, Reading> readings;  // the last of each
  std::optional<HeartSample> sample;
  std::string refusal;  // "" = taken whole
};

// "" when all that is expected came out, and nothing that must not; else the first difference, "expected
// light.level 0.5, got 0.4". Numbers within 1e-3 of the expected one.
std::string difference(const boost::json::object& expect, const Heard& heard);

// The expected values as a command's settings.
struct Expected {
  std::vector<Setting> settings;
  std::optional<std::chrono::milliseconds> transition;
  std::string unknown;  // a key that is no capability; "" = none
};
Expected expected_settings(const boost::json::object& expect);

// The capability that a fixture means; nullopt: none.
std::optional<Capability> capability_meant(std::string_view key);

// Says nothing of a value: a note, or what the engine never uses (a device's clock).
bool is_remark(std::string_view key);

}  // namespace rytme::trial
