// SPDX-License-Identifier: Apache-2.0
// What of a Modbus profile applies to one device, by that device's params.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "controller/settings/profile.hpp"

namespace rytme::settings {

// Registers (or bits) of a value.
std::uint16_t words_in(const PointType& type);

// "u16", "bits[0:3]", "ascii[12]"; "coil", "holding".
std::string type_text(const PointType& type);
std::string_view name_of(RegisterArea area);

// The conditions on params hold. Those on points are the engine's, while it runs.
bool applies(const std::vector<PointCondition>& when, const std::map<std::string, std::string>& params);

// Its value is read again and again.
bool is_polled(const Profile& profile, Capability capability);

// A param as a whole number; `otherwise` when it is not there.
std::int64_t number_param(const std::map<std::string, std::string>& params, const std::string& name,
                          std::int64_t otherwise);

// How far the addresses of this device's channel lie behind those of the first one.
std::uint16_t channel_offset(const Profile& profile, const std::map<std::string, std::string>& params,
                             std::uint16_t channel_step);

}  // namespace rytme::settings
