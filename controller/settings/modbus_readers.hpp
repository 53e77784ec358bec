// SPDX-License-Identifier: Apache-2.0
// Parts that [[point]] and [[setup]] of a Modbus profile share. Internal to settings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/settings/modbus_rules.hpp"
#include "controller/settings/readers.hpp"

namespace rytme::settings {

// area and address; false when either is absent or wrong.
bool read_area_and_address(TableReader& reader, RegisterArea& area, std::uint16_t& address);

// type (`otherwise` when absent, nullopt: required), bit, word_order, byte_order.
PointType read_point_type(TableReader& reader, RegisterArea area, std::optional<PointKind> otherwise);
bool is_bit_area(RegisterArea area);
std::string_view name_of(PointKind kind);

// "0x1F", "31", "-1" as a whole number.
std::optional<std::int64_t> whole_number(std::string_view text);

// when = { NAME = VALUE or [VALUES] }; names must be params of the profile or, where allowed, ids of points.
std::vector<PointCondition> read_when(TableReader& reader, const Profile& profile,
                                      const std::vector<std::string>& point_ids);

// read_point.cpp: [[point]]; what one says of itself. `ids`: of all points of the profile.
ModbusPoint read_point(const toml::table& table, Report& report, const Profile& profile,
                       const std::vector<std::string>& ids);
// check_points.cpp: what points must be to each other; `tables` stand as profile.points.
void check_points(const std::vector<const toml::table*>& tables, Report& report, Profile& profile);
// read_setup.cpp
SetupWrite read_setup(const toml::table& table, Report& report, const Profile& profile);
LeftOut read_left_out(const toml::table& table, Report& report);
ModbusLink read_link(const toml::table& table, Report& report);

}  // namespace rytme::settings
