// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "controller/settings/modbus_readers.hpp"

namespace rytme::settings {
namespace {

struct TypeName {
  std::string_view name;
  PointKind kind;
};
constexpr std::array types{
    TypeName{"bool", PointKind::boolean},    TypeName{"bool_u16", PointKind::bool_u16},
    TypeName{"u16", PointKind::u16},         TypeName{"s16", PointKind::s16},
    TypeName{"u32", PointKind::u32},         TypeName{"s32", PointKind::s32},
    TypeName{"u64", PointKind::u64},         TypeName{"s64", PointKind::s64},
    TypeName{"f32", PointKind::f32},         TypeName{"f64", PointKind::f64},
    TypeName{"enum", PointKind::choice},     TypeName{"bits", PointKind::bits},
    TypeName{"ascii", PointKind::ascii},     TypeName{"raw_u16", PointKind::raw_u16},
    TypeName{"samples", PointKind::samples},
};
constexpr std::string_view type_list =
    "bool | bool_u16 | u16 | s16 | u32 | s32 | u64 | s64 | f32 | f64 | enum | bits[a:b] | ascii[n] | raw_u16 "
    "| samples[n]";

// How makers' tables name the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> other_names{{{"uint16", "u16"},
                                                                                     {"int16", "s16"},
                                                                                     {"i16", "s16"},
                                                                                     {"uint32", "u32"},
                                                                                     {"int32", "s32"},
                                                                                     {"i32", "s32"},
                                                                                     {"uint64", "u64"},
                                                                                     {"int64", "s64"},
                                                                                     {"float", "f32"},
                                                                                     {"float32", "f32"},
                                                                                     {"double", "f64"},
                                                                                     {"string", "ascii[n]"},
                                                                                     {"boolean", "bool"},
                                                                                     {"bit", "bool"},
                                                                                     {"ascii", "ascii[n]"},
                                                                                     {"bits", "bits[a:b]"}}};

std::string type_hint(std::string_view text) {
  for (const auto& [other, ours] : other_names)
    if (text == other) return "; did you mean \"" + std::string(ours) + "\"?";
  std::vector<std::string> known;
  known.reserve(types.size());
  for (const TypeName& type : types) known.emplace_back(type.name);
  const std::string hint = suggestion(text, known);
  return hint.find("did you mean") != std::string::npos ? hint : "";
}

// "[3:0]" or "[12]"; nullopt when it is neither.
std::optional<std::pair<int, std::optional<int>>> bracketed(std::string_view text) {
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const auto colon = text.find(':');
  const auto first = whole_number(text.substr(0, colon));
  if (!first || *first < 0 || *first > 250) return std::nullopt;
  if (colon == std::string_view::npos) return std::pair(static_cast<int>(*first), std::optional<int>());
  const auto second = whole_number(text.substr(colon + 1));
  if (!second || *second < 0 || *second > 250) return std::nullopt;
  return std::pair(static_cast<int>(*first), std::optional(static_cast<int>(*second)));
}

// False when the text is no type.
bool parse_type(std::string_view text, PointType& type) {
  const auto bracket = text.find('[');
  const auto* found = std::find_if(
      types.begin(), types.end(), [&](const TypeName& item) { return item.name == text.substr(0, bracket); });
  const bool wants_brackets =
      found != types.end() && (found->kind == PointKind::bits || found->kind == PointKind::ascii ||
                               found->kind == PointKind::samples);
  if (found == types.end() || wants_brackets != (bracket != std::string_view::npos)) return false;
  type.kind = found->kind;
  if (!wants_brackets) return true;
  const auto inside = bracketed(text.substr(bracket));
  if (!inside) return false;
  if (type.kind == PointKind::ascii || type.kind == PointKind::samples) {
    constexpr int most_samples = 20;  // in the 125 registers of a reading
    type.length = static_cast<std::uint16_t>(inside->first);
    return !inside->second && inside->first > 0 &&
           (type.kind == PointKind::ascii || inside->first <= most_samples);
  }
  const int other = inside->second.value_or(inside->first);
  type.low_bit = static_cast<std::uint8_t>(std::min(inside->first, other));
  type.high_bit = static_cast<std::uint8_t>(std::max(inside->first, other));
  return type.high_bit <= 15;
}

void check_type(TableReader& reader, RegisterArea area, const PointType& type) {
  if (is_bit_area(area) == (type.kind == PointKind::boolean)) return;
  reader.error("type", is_bit_area(area)
                           ? "type: a coil or discrete input is \"bool\""
                           : "type: \"bool\" is for coils and discrete inputs; a register is \"bool_u16\"");
}

void read_bit(TableReader& reader, PointType& type) {
  std::uint8_t bit{};
  if (!reader.read_integer("bit", bit, 0, 15)) return;
  if (type.kind != PointKind::bool_u16) {
    reader.error("bit",
                 "bit: one bit of a register is type = \"bool_u16\" with bit; several are \"bits[a:b]\"");
    return;
  }
  type.low_bit = type.high_bit = bit;
}

// The last channel of a device must have its register, too.
void check_channels(TableReader& file, const Profile& profile) {
  const auto channel = std::ranges::find(profile.params, "channel", &ProfileParam::name);
  if (channel == profile.params.end()) return;
  const auto check = [&](const std::string& name, unsigned address, unsigned step) {
    constexpr std::int64_t last_register = 65535;
    if (address + step * (channel->max - channel->min) <= last_register) return;
    file.error("params", "params: channel: " + name + " has no register for channel " +
                             std::to_string(channel->max) + ", its last");
  };
  for (const auto& point : profile.points)
    check("point \"" + point.id + "\"", std::max(point.read_address, point.write_address),
          point.channel_step);
  for (const auto& setup : profile.setup)
    check("setup \"" + setup.id + "\"", setup.address, setup.channel_step);
}

}  // namespace

bool is_bit_area(RegisterArea area) { return area == RegisterArea::coil || area == RegisterArea::discrete; }

std::string_view name_of(PointKind kind) { return types.at(static_cast<std::size_t>(kind)).name; }

std::string type_text(const PointType& type) {
  std::string name(name_of(type.kind));
  if (type.kind == PointKind::ascii || type.kind == PointKind::samples)
    return name + "[" + std::to_string(type.length) + "]";
  if (type.kind == PointKind::bits)
    return name + "[" + std::to_string(type.low_bit) + ":" + std::to_string(type.high_bit) + "]";
  return name;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::int64_t value{};
  std::uint64_t bits{};
  const char* end = text.data() + text.size();
  const auto [stop, error] =
      hex ? std::from_chars(text.data(), end, bits, 16) : std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return hex ? static_cast<std::int64_t>(bits) : value;
}

bool read_area_and_address(TableReader& reader, RegisterArea& area, std::uint16_t& address) {
  const bool known_area =
      reader.require("area") && reader.choose("area", area, {"coil", "discrete", "input", "holding"});
  return reader.require("address") && reader.read_integer("address", address, 0, 65535) && known_area;
}

PointType read_point_type(TableReader& reader, RegisterArea area, std::optional<PointKind> otherwise) {
  PointType type;
  if (otherwise) type.kind = *otherwise;
  std::string text;
  if ((otherwise || reader.require("type")) && reader.read("type", text)) {
    if (parse_type(text, type))
      check_type(reader, area, type);
    else
      reader.expected("type", *reader.node("type"), std::string(type_list) + type_hint(text));
  }
  std::size_t order{};
  if (reader.choose("word_order", order, {"big", "little"})) type.big_word_first = order == 0;
  if (reader.choose("byte_order", order, {"big", "little"})) type.big_byte_first = order == 0;
  read_bit(reader, type);
  return type;
}

std::vector<PointCondition> read_when(TableReader& reader, const Profile& profile,
                                      const std::vector<std::string>& point_ids) {
  std::vector<PointCondition> all;
  const toml::table* table = reader.table("when");
  if (table == nullptr) return all;
  std::vector<std::string> known;
  for (const auto& param : profile.params) known.push_back(param.name);
  const auto params = static_cast<std::ptrdiff_t>(known.size());
  known.insert(known.end(), point_ids.begin(), point_ids.end());
  for (const auto& [key, node] : *table) {
    PointCondition condition;
    condition.name = key.str();
    const auto found = std::find(known.begin(), known.end(), condition.name);
    condition.of_param = found - known.begin() < params;
    if (found == known.end())
      reader.error("when", "when: \"" + condition.name + "\" is neither a param" +
                               (point_ids.empty() ? "" : " nor the id of a point") + " of this profile" +
                               suggestion(condition.name, known));
    const auto take = [&](const toml::node& value) {
      if (value.is_table() || value.is_array()) {
        reader.expected("when", value, "{ NAME = [VALUE, ...] }: numbers, true, false or texts");
        return;
      }
      const auto text = value.value_exact<std::string>();
      condition.any_of.push_back(text ? *text : shown(value));
    };
    if (const toml::array* list = node.as_array())
      for (const auto& value : *list) take(value);
    else
      take(node);
    all.push_back(std::move(condition));
  }
  return all;
}

void read_modbus(TableReader& file, Profile& profile) {
  if (const auto* link = file.table("link")) profile.link = read_link(*link, file.report());
  const auto tables = file.tables("point");
  std::vector<std::string> ids;
  for (const toml::table* table : tables)
    if (const auto id = table->get_as<std::string>("id")) ids.push_back(id->get());
  for (const toml::table* table : tables)
    profile.points.push_back(read_point(*table, file.report(), profile, ids));
  for (const toml::table* table : file.tables("setup"))
    profile.setup.push_back(read_setup(*table, file.report(), profile));
  for (const toml::table* table : file.tables("left_out"))
    profile.left_out.push_back(read_left_out(*table, file.report()));
  check_points(tables, file.report(), profile);

  const auto has = [&](std::string_view name) {
    return std::any_of(profile.params.begin(), profile.params.end(),
                       [&](const ProfileParam& param) { return param.name == name && param.integer; });
  };
  const auto steps = [](const auto& item) { return item.channel_step > 0; };
  const bool stepped = std::any_of(profile.points.begin(), profile.points.end(), steps) ||
                       std::any_of(profile.setup.begin(), profile.setup.end(), steps);
  check_channels(file, profile);
  const auto* params = file.node("params") != nullptr ? file.node("params")->as_table() : nullptr;
  if (profile.fail_safe == FailSafe::settable && profile.setup.empty())
    file.error("profile", "fail_safe: \"settable\" needs the [[setup]] that sets it");
  if (!has("unit"))
    file.error("params", "params: a Modbus profile needs unit = { type = \"integer\", min = 1, max = 247 }");
  if (stepped && !has("channel"))
    file.error("params", "params: channel_step needs channel = { type = \"integer\", min = 1, max = ... }");
  if (has("channel") && params != nullptr && params->at_path("channel.min").node() == nullptr)
    file.error("params", "params: channel needs min, the number of the channel that stands at `address`");
}

}  // namespace rytme::settings
