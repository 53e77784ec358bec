// SPDX-License-Identifier: Apache-2.0
// One [[point]] of a Modbus profile.
#include <algorithm>
#include <bit>
#include <cmath>

#include "controller/settings/modbus_readers.hpp"

namespace rytme::settings {
namespace {

bool is_axis(Capability capability) {
  return capability >= Capability::motion_accel_x_mps2 && capability <= Capability::motion_gyro_z_dps;
}

void read_access(TableReader& reader, ModbusPoint& point) {
  std::size_t access{};
  if (!reader.choose("access", access, {"r", "rw", "w"})) return;
  point.readable = access != 2;
  point.writable = access != 0;
  const bool fixed = point.area == RegisterArea::discrete || point.area == RegisterArea::input;
  if (fixed && point.writable)
    reader.error("access", "access: discrete and input registers can only be read");
}

// A whole number or a list of them.
std::vector<std::int64_t> read_functions(TableReader& reader, std::string_view key) {
  std::vector<std::int64_t> all;
  const toml::node* node = reader.node(key);
  if (node == nullptr) return all;
  const auto take = [&](const toml::node& item) {
    if (const auto number = item.value_exact<std::int64_t>())
      all.push_back(*number);
    else
      reader.expected(key, item, "a Modbus function as a number, or a list of them");
  };
  if (const auto* list = node->as_array())
    for (const auto& item : *list) take(item);
  else
    take(*node);
  return all;
}

void read_functions(TableReader& reader, ModbusPoint& point) {
  constexpr std::int64_t of_area[] = {1, 2, 4, 3};
  const std::int64_t wanted = of_area[static_cast<std::size_t>(point.area)];
  for (const std::int64_t function : read_functions(reader, "read_fc"))
    if (function != wanted)
      reader.error("read_fc", "read_fc: area \"" + std::string(name_of(point.area)) +
                                  "\" is read by function " + std::to_string(wanted) +
                                  "; for another function say another area");
  const auto writes = read_functions(reader, "write_fc");
  if (writes.empty()) return;
  const bool coil = point.area == RegisterArea::coil;
  const std::int64_t single = coil ? 5 : 6;
  const std::int64_t several = coil ? 15 : 16;
  for (const std::int64_t function : writes)
    if (function != single && function != several)
      reader.error("write_fc", "write_fc: area \"" + std::string(name_of(point.area)) +
                                   "\" is written by function " + std::to_string(single) + " or " +
                                   std::to_string(several));
  point.multiple = std::find(writes.begin(), writes.end(), single) == writes.end();
  if (words_in(point.type) > 1 && std::find(writes.begin(), writes.end(), several) == writes.end())
    reader.error("write_fc", "write_fc: a value of several registers needs function 16");
}

// The bits that stand on the wire for `number`; nullopt: the type cannot carry it.
std::optional<std::uint64_t> bits_of(const toml::node& node, const PointType& type) {
  const unsigned width =
      type.kind == PointKind::ascii || type.kind == PointKind::samples ? 64U : 16U * words_in(type);
  if (const auto text = node.value_exact<std::string>()) {
    const auto bits = text->starts_with("0x") || text->starts_with("0X") ? whole_number(*text) : std::nullopt;
    if (!bits) return std::nullopt;
    const auto value = static_cast<std::uint64_t>(*bits);
    return width == 64 || value >> width == 0 ? std::optional(value) : std::nullopt;
  }
  const auto number = node.is_number() ? node.value<double>() : std::nullopt;
  if (!number) return std::nullopt;
  if (type.kind == PointKind::f32) return std::bit_cast<std::uint32_t>(static_cast<float>(*number));
  if (type.kind == PointKind::f64) return std::bit_cast<std::uint64_t>(*number);
  const double most = std::ldexp(1.0, static_cast<int>(width));
  if (*number != std::round(*number) || *number >= most || *number < -most / 2) return std::nullopt;
  const auto whole = *number < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(*number))
                                 : static_cast<std::uint64_t>(*number);
  return width == 64 ? whole : whole & ((std::uint64_t{1} << width) - 1);
}

void read_invalid(TableReader& reader, ModbusPoint& point) {
  const toml::array* list = reader.array("invalid");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    if (const auto bits = bits_of(item, point.type))
      point.invalid.push_back(*bits);
    else
      reader.expected("invalid", item,
                      "a number or a text like \"0xFFFF\" that \"" + std::string(name_of(point.type.kind)) +
                          "\" can carry (it is compared with the raw word, before any sign)");
  }
}

// What a map's other side may be, by the capability.
bool read_meaning(const toml::node& node, std::optional<Capability> capability, RegisterMeaning& meaning) {
  const auto flag = node.value_exact<bool>();
  const auto text = node.value_exact<std::string>();
  if (flag) meaning.number = *flag ? 1 : 0;
  if (node.is_number()) meaning.number = node.value<double>();
  if (text) meaning.text = *text;
  if (!capability) return flag || text || node.is_number();
  switch (info(*capability).kind) {
    case ValueKind::boolean:
      return flag.has_value();
    case ValueKind::number:
      return node.is_number();
    case ValueKind::choice:
      if (text) meaning.number = choice_value(*capability, *text);
      return meaning.number.has_value();
    default:
      return text.has_value();
  }
}

std::string expected_meaning(std::optional<Capability> capability) {
  if (!capability) return "true, false, a number or a text";
  switch (info(*capability).kind) {
    case ValueKind::boolean:
      return "true or false: " + std::string(name_of(*capability)) + " is one of them";
    case ValueKind::number:
      return "a number: " + std::string(name_of(*capability)) + " is one";
    default:
      return "a text: " + std::string(name_of(*capability)) + " is one";
  }
}

// read_map = { 0 = "off", "0xFF" = "on" }
void read_map(TableReader& reader, ModbusPoint& point) {
  const toml::table* table = reader.table("read_map");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    RegisterMeaning meaning;
    const auto raw = whole_number(key.str());
    if (!raw) {
      reader.error("read_map", "read_map: \"" + std::string(key.str()) +
                                   "\" is no raw value; expected { 0 = ..., \"0xFF\" = ... }");
      continue;
    }
    meaning.raw = *raw;
    if (!read_meaning(node, point.capability, meaning))
      reader.expected("read_map", node, expected_meaning(point.capability));
    point.read_map.push_back(std::move(meaning));
  }
}

// write_map = { true = 1, false = 0 }; without it what is written is what read_map reads.
void read_write_map(TableReader& reader, ModbusPoint& point) {
  const toml::table* table = reader.table("write_map");
  if (table == nullptr) {
    if (point.writable) point.write_map = point.read_map;
    return;
  }
  for (const auto& [key, node] : *table) {
    RegisterMeaning meaning;
    const auto text = node.value_exact<std::string>();
    const auto raw = text ? whole_number(*text) : node.value_exact<std::int64_t>();
    if (!raw) {
      reader.expected("write_map", node, "the raw value as a whole number or \"0x...\"");
      continue;
    }
    meaning.raw = *raw;
    meaning.text = key.str();
    if (key.str() == "true" || key.str() == "false")
      meaning.number = key.str() == "true" ? 1 : 0;
    else if (const auto number = whole_number(key.str()))
      meaning.number = static_cast<double>(*number);
    point.write_map.push_back(std::move(meaning));
  }
}

void read_readback(TableReader& reader, Readback& readback) {
  const toml::table* table = reader.table("readback");
  if (table == nullptr) return;
  TableReader inner(*table, reader.report(), "readback");
  double value{};
  if (inner.read("tolerance", value, 0, 1e6)) readback.tolerance = value;
  if (inner.read("delay_ms", value, 0, 60'000))
    readback.delay = std::chrono::milliseconds(static_cast<std::int64_t>(value));
  inner.finish();
}

void read_stream(TableReader& reader, ModbusPoint& point) {
  std::string stream;
  if (!reader.read("stream", stream)) return;
  if (stream != "motion.frame")
    reader.expected("stream", *reader.node("stream"), "\"motion.frame\"");
  else if (!point.capability || !is_axis(*point.capability))
    reader.error("stream",
                 "stream: a motion.frame is made of motion.accel_mps2.x, .y, .z and perhaps "
                 "motion.gyro_dps.x, .y, .z");
  else
    point.in_frame = true;
}

void check_unit(TableReader& reader, const ModbusPoint& point) {
  std::string unit;
  if (!reader.read("unit", unit) || !point.capability) return;
  const std::string ours(info(*point.capability).unit);
  if (ours.empty() || ours == unit) return;
  const std::string name(name_of(*point.capability));
  reader.error("unit", "unit: " + name + " is in \"" + ours + "\", not in \"" + unit +
                           "\"; choose scale and offset so that the value comes out in \"" + ours +
                           "\" (a percentage: scale / 100) and say unit = \"" + ours + "\"");
}

void check_kind(TableReader& reader, const ModbusPoint& point) {
  if (point.type.kind == PointKind::choice && point.read_map.empty())
    reader.error("type", "type: \"enum\" needs read_map = { 0 = ..., 1 = ... }");
  if (point.type.kind == PointKind::samples) {
    if (point.capability != Capability::motion_frame || point.writable || is_bit_area(point.area))
      reader.error(
          "type",
          "type: \"samples[n]\" are registers that are only read, with capability = \"motion.frame\"");
    return;
  }
  if (!point.capability) return;
  const ValueKind kind = info(*point.capability).kind;
  const bool text = kind == ValueKind::text;
  const bool gives_text = point.type.kind == PointKind::ascii || !point.read_map.empty();
  if (kind == ValueKind::stream)
    reader.error(
        "capability",
        "capability: a register carries no stream; for motion.frame give each axis its capability and "
        "stream = \"motion.frame\"");
  else if (text != (point.type.kind == PointKind::ascii) && point.read_map.empty())
    reader.error("capability", text || kind == ValueKind::choice
                                   ? "capability: " + std::string(name_of(*point.capability)) +
                                         " is a text; use type = \"ascii[n]\" or a read_map of texts"
                                   : "capability: type \"ascii[n]\" is a text, " +
                                         std::string(name_of(*point.capability)) + " is not");
  else if (kind == ValueKind::choice && !gives_text)
    reader.error("capability",
                 "capability: " + std::string(name_of(*point.capability)) + " needs a read_map");
}

void check_written(TableReader& reader, const ModbusPoint& point) {
  if (!point.writable) return;
  if (point.scaling.scale == 0)
    reader.error("scale", "scale: a point that is written needs a scale other than 0");
  if (point.type.kind == PointKind::bits ||
      (point.type.kind == PointKind::bool_u16 && point.type.high_bit == point.type.low_bit))
    reader.error(
        "access",
        "access: some bits of a register cannot be written; the others would be written back as they were");
  if (point.type.kind == PointKind::ascii) reader.error("access", "access: texts are only read");
  for (const char* word : {"toggle", "flash", "blink", "momentary"})
    if (point.id.find(word) != std::string::npos && point.capability)
      reader.error("access", "access: a " + std::string(word) +
                                 " is never sent: the same command twice would not give the same light; "
                                 "describe it under [[left_out]] with the reason");
}

}  // namespace

ModbusPoint read_point(const toml::table& table, Report& report, const Profile& profile,
                       const std::vector<std::string>& ids) {
  TableReader reader(table, report, "[[point]]");
  ModbusPoint point;
  reader.read("id", point.id);
  std::uint16_t address{};
  read_area_and_address(reader, point.area, address);
  point.read_address = point.write_address = address;
  reader.read_integer("read_address", point.read_address, 0, 65535);
  reader.read_integer("write_address", point.write_address, 0, 65535);
  reader.read_integer("channel_step", point.channel_step, 0, 10'000);
  point.type = read_point_type(reader, point.area, std::nullopt);
  read_access(reader, point);
  read_functions(reader, point);
  if (reader.node("capability") != nullptr) point.capability = read_capability(reader);
  point.poll = point.capability ? PollClass::fast : PollClass::never;
  reader.choose("poll", point.poll, {"fast", "slow", "once", "stream", "never"});
  point.scaling = read_scaling(reader, point.capability, true);
  point.cct_position = point.scaling.convert == Conversion::cct_position;
  read_invalid(reader, point);
  read_map(reader, point);
  read_write_map(reader, point);
  read_readback(reader, point.readback);
  read_stream(reader, point);
  point.when = read_when(reader, profile, ids);
  reader.read("group", point.group);
  std::uint16_t signature{};
  if (reader.read_integer("signature", signature, 0, 65535)) point.signature = signature;
  for (const char* for_people : {"documented_as", "note"}) {
    std::string text;
    reader.read(for_people, text);
  }
  check_unit(reader, point);
  check_kind(reader, point);
  check_written(reader, point);
  reader.finish();
  return point;
}

}  // namespace rytme::settings
