// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

void read_access(TableReader& reader, ModbusPoint& point) {
  std::size_t access{};
  if (!reader.choose("access", access, {"r", "rw", "w"})) return;
  point.readable = access != 2;
  point.writable = access != 0;
  const bool fixed = point.area == RegisterArea::discrete || point.area == RegisterArea::input;
  if (fixed && point.writable)
    reader.error("access", "access: discrete and input registers can only be read");
}

void check_type(TableReader& reader, const ModbusPoint& point) {
  const bool bits = point.area == RegisterArea::coil || point.area == RegisterArea::discrete;
  if (bits != (point.type == PointType::boolean))
    reader.error("type", bits
                             ? "type: a coil or discrete input is \"bool\""
                             : "type: \"bool\" is for coils and discrete inputs; a register is \"bool_u16\"");
}

ModbusPoint read_point(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[[point]]");
  ModbusPoint point;
  reader.read("id", point.id);
  if (reader.require("area")) reader.choose("area", point.area, {"coil", "discrete", "input", "holding"});
  if (reader.require("address")) reader.read_integer("address", point.address, 0, 65535);
  std::uint16_t read_address{};
  if (reader.read_integer("read_address", read_address, 0, 65535)) point.read_address = read_address;
  reader.read_integer("channel_step", point.channel_step, 0, 1000);
  if (reader.require("type") &&
      reader.choose("type", point.type, {"bool", "bool_u16", "u16", "s16", "u32", "s32", "f32"}))
    check_type(reader, point);
  std::size_t order{};
  if (reader.choose("word_order", order, {"big", "little"})) point.big_word_first = order == 0;
  reader.choose("poll", point.poll, {"fast", "slow"});
  read_access(reader, point);
  const auto capability = read_capability(reader);
  point.scaling = read_scaling(reader, capability);
  if (capability) point.capability = *capability;
  const ValueKind kind = info(point.capability).kind;
  if (capability && kind != ValueKind::number && kind != ValueKind::boolean)
    reader.error("capability", "capability: registers carry numbers and booleans only");
  if (point.writable && (point.scaling.scale == 0 || point.scaling.convert != Conversion::none))
    reader.error("scale", "scale: a point that is written needs a scale other than 0 and no convert");
  reader.finish();
  return point;
}

}  // namespace

void read_modbus(TableReader& file, Profile& profile) {
  for (const toml::table* table : file.tables("point"))
    profile.points.push_back(read_point(*table, file.report()));
  const auto has = [&](std::string_view name) {
    return std::any_of(profile.params.begin(), profile.params.end(),
                       [&](const ProfileParam& param) { return param.name == name && param.integer; });
  };
  const bool stepped = std::any_of(profile.points.begin(), profile.points.end(),
                                   [](const ModbusPoint& point) { return point.channel_step > 0; });
  file.node("params");
  if (!has("unit"))
    file.error("params", "params: a Modbus profile needs unit = { type = \"integer\", min = 1, max = 247 }");
  if (stepped && !has("channel"))
    file.error("params", "params: channel_step needs channel = { type = \"integer\", min = 1, max = ... }");
}

}  // namespace rytme::settings
