// SPDX-License-Identifier: Apache-2.0
// [[setup]], [[left_out]] and [link] of a Modbus profile.
#include <array>
#include <cmath>
#include <limits>

#include "controller/settings/modbus_readers.hpp"

namespace rytme::settings {
namespace {

// value = 3, true, "{param}", "{safe.level}" or "{safe.cct_k}"
void read_value(TableReader& reader, SetupWrite& setup, const Profile& profile) {
  if (!reader.require("value")) return;
  const toml::node& node = *reader.node("value");
  if (const auto flag = node.value_exact<bool>()) {
    setup.value = *flag ? 1 : 0;
    return;
  }
  if (node.is_number()) {
    setup.value = node.is_integer() ? static_cast<double>(**node.as_integer()) : **node.as_floating_point();
    if (!std::isfinite(setup.value)) reader.expected("value", node, "a finite number");
    return;
  }
  const auto text = node.value_exact<std::string>();
  if (text == "{safe.level}") {
    setup.source = SetupWrite::Source::safe_level;
  } else if (text == "{safe.cct_k}") {
    setup.source = SetupWrite::Source::safe_cct;
  } else if (text && text->size() > 2 && text->front() == '{' && text->back() == '}') {
    setup.source = SetupWrite::Source::param;
    setup.param = text->substr(1, text->size() - 2);
    std::vector<std::string> known{"safe.level", "safe.cct_k"};
    bool found = false;
    for (const auto& param : profile.params) {
      if (param.integer) known.push_back(param.name);
      found = found || (param.integer && param.name == setup.param);
    }
    if (!found)
      reader.error("value",
                   "value: there is no integer param {" + setup.param + "}" + suggestion(setup.param, known));
  } else {
    reader.expected("value", node,
                    "a number, true, false, \"{safe.level}\", \"{safe.cct_k}\" or \"{PARAM}\"");
  }
}

struct RawRange {
  double low{}, high{};
};

// What the register can hold; the devices' own code would write the nearest it can.
RawRange range_of(PointKind kind) {
  switch (kind) {
    case PointKind::boolean:
    case PointKind::bool_u16:
      return {0, 1};
    case PointKind::s16:
      return {-0x1p15, 0x1p15 - 1};
    case PointKind::u32:
      return {0, 0x1p32 - 1};
    case PointKind::s32:
      return {-0x1p31, 0x1p31 - 1};
    case PointKind::u64:
      return {0, 0x1p64};
    case PointKind::s64:
      return {-0x1p63, 0x1p63};
    case PointKind::f32:
      return {std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max()};
    case PointKind::f64:
      return {std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()};
    default:
      return {0, 0xFFFF};
  }
}

void check_setup(TableReader& reader, const SetupWrite& setup) {
  if (setup.area == RegisterArea::discrete || setup.area == RegisterArea::input)
    reader.error("area", "area: a setup is written, so it is a coil or a holding register");
  if (setup.type.kind == PointKind::samples) reader.error("type", "type: samples are only read");
  if (setup.keep && setup.unlock)
    reader.error("keep",
                 "keep: an unlock is for commissioning only; the controller never sends it by itself");
  if (setup.scaling.scale == 0) reader.error("scale", "scale: a setup needs a scale other than 0");
  const double raw = (setup.value - setup.scaling.offset) / setup.scaling.scale;
  const auto range = range_of(setup.type.kind);
  const bool literal = setup.source == SetupWrite::Source::literal;
  const bool beyond = raw < range.low || raw > range.high;
  if (literal && beyond)
    reader.error("value", "value: " + shown(setup.value) + " would be the raw value " + shown(raw) +
                              "; the register holds " + shown(range.low) + " to " + shown(range.high));
  const bool outside = (setup.scaling.raw_min && raw < *setup.scaling.raw_min) ||
                       (setup.scaling.raw_max && raw > *setup.scaling.raw_max);
  if (literal && outside && !beyond)
    reader.error("value", "value: " + shown(setup.value) + " would be the raw value " + shown(raw) +
                              ", outside raw_min to raw_max");
}

}  // namespace

SetupWrite read_setup(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[setup]]");
  SetupWrite setup;
  if (reader.require("id")) reader.read("id", setup.id);
  read_area_and_address(reader, setup.area, setup.address);
  reader.read_integer("channel_step", setup.channel_step, 0, 10'000);
  setup.type =
      read_point_type(reader, setup.area, is_bit_area(setup.area) ? PointKind::boolean : PointKind::u16);
  setup.scaling = read_scaling(reader, std::nullopt, true);
  read_value(reader, setup, profile);
  reader.read("unlock", setup.unlock);
  setup.verify = !setup.unlock;
  reader.read("verify", setup.verify);
  reader.read("keep", setup.keep);
  setup.when = read_when(reader, profile, {});
  reader.read("purpose", setup.purpose);
  for (const char* for_people : {"unit", "note"}) {
    std::string text;
    reader.read(for_people, text);
  }
  check_setup(reader, setup);
  reader.finish();
  return setup;
}

LeftOut read_left_out(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[[left_out]]");
  LeftOut left_out;
  std::string id;
  reader.read("id", id);
  read_area_and_address(reader, left_out.area, left_out.address);
  reader.read_integer("count", left_out.count, 1, 65535);
  if (reader.require("reason")) reader.read("reason", left_out.reason);
  reader.finish();
  return left_out;
}

ModbusLink read_link(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[link]");
  ModbusLink link;
  int number{};
  std::string text;
  if (reader.read_integer("baud", number, 300, 1'000'000)) link.baud = number;
  std::size_t parity{};
  if (reader.choose("parity", parity, {"N", "E", "O"})) link.parity = "NEO"[parity];
  if (reader.read_integer("stop_bits", number, 1, 2)) link.stop_bits = number;
  reader.read_integer("data_bits", number, 8, 8);
  reader.read_integer("unit_id", number, 0, 247);
  reader.read_integer("port", number, 1, 65535);
  if (reader.read_integer("response_timeout_ms", number, 1, 10'000))
    link.response_timeout = std::chrono::milliseconds(number);
  if (reader.read_integer("guard_us", number, 0, 1'000'000)) link.guard = std::chrono::microseconds(number);
  reader.read_integer("max_block", link.max_block, 1, 125);
  reader.read_integer("max_hole", link.max_hole, 0, 124);
  reader.read_integer("offline_after", link.offline_after, 1, 100);
  const auto period = [&](std::string_view key, std::chrono::milliseconds& target, std::int64_t low) {
    std::int64_t ms{};
    if (reader.read_integer(key, ms, low, 3'600'000)) target = std::chrono::milliseconds(ms);
  };
  period("fast_ms", link.fast, 50);
  period("slow_ms", link.slow, 1000);
  period("once_ms", link.once, 60'000);
  period("stream_ms", link.stream, 5);
  reader.read("note", text);
  for (const char* of_bus : {"tid_strict", "echo_suppress", "drain_ms", "retries"})
    if (reader.node(of_bus) != nullptr)
      reader.error(of_bus,
                   std::string(of_bus) +
                       ": belongs to the line and its adapter, not to the device; set it in the [[bus]] of "
                       "room.toml");
  reader.finish();
  return link;
}

}  // namespace rytme::settings
