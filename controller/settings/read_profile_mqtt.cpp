// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <sstream>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

bool is_stream(PayloadFormat format) {
  return format == PayloadFormat::ble_hrm || format == PayloadFormat::heart_sample ||
         format == PayloadFormat::motion_frame;
}

// What is not there at the moment it happens is not there at all.
bool is_momentary(Capability capability) {
  const ValueKind kind = info(capability).kind;
  return kind == ValueKind::stream || kind == ValueKind::choice;
}

std::string read_topic(TableReader& reader, const Profile& profile) {
  std::string topic;
  if (!reader.require("topic") || !reader.read("topic", topic)) return topic;
  if (topic.empty() || topic.find_first_of("+#") != std::string::npos)
    reader.expected("topic", *reader.node("topic"), "a whole topic, no + or #");
  check_params(reader, "topic", topic, profile);
  return topic;
}

void read_pointer(TableReader& reader, std::string& path) {
  if (reader.read("path", path) && !path.empty() && !path.starts_with('/'))
    reader.expected("path", *reader.node("path"), "a JSON Pointer, as in \"/brightness\"");
}

std::optional<double> map_value(const toml::node& node, std::optional<Capability> capability) {
  if (const auto flag = node.value_exact<bool>()) return *flag ? 1 : 0;
  if (node.is_number()) return node.value<double>();
  const auto word = node.value_exact<std::string>();
  return word && capability ? choice_value(*capability, *word) : std::nullopt;
}

std::vector<MapEntry> read_map(TableReader& reader, std::optional<Capability> capability) {
  std::vector<MapEntry> map;
  const toml::table* table = reader.table("map");
  if (table == nullptr) return map;
  for (const auto& [raw, node] : *table) {
    if (const auto value = map_value(node, capability))
      map.push_back({std::string(raw.str()), *value});
    else
      reader.expected("map", node, "true, false, a number or one of the capability's choices");
  }
  return map;
}

std::optional<Condition> read_condition(const toml::node& node, TableReader& owner, std::string_view key) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    owner.expected(key, node, "{ path = \"/key\", equals = \"value\" }");
    return std::nullopt;
  }
  TableReader reader(*table, owner.report(), std::string(key));
  Condition condition;
  reader.require("path");
  read_pointer(reader, condition.path);
  if (reader.require("equals")) reader.read("equals", condition.equals);
  reader.finish();
  return condition;
}

void read_conditions(TableReader& reader, MqttRead& read) {
  if (const auto* list = reader.array("when"))
    for (const toml::node& item : *list)
      if (auto condition = read_condition(item, reader, "when")) read.when.push_back(*condition);
  if (const auto* node = reader.node("select_by"))
    read.select_by = read_condition(*node, reader, "select_by");
}

// A stream's format and capability belong together; momentary things are never taken from the broker's
// memory.
void check_read(TableReader& reader, const MqttRead& read) {
  const bool motion = read.format == PayloadFormat::motion_frame;
  const auto wanted = motion ? Capability::motion_frame : Capability::hr_sample;
  const bool stream = info(read.capability).kind == ValueKind::stream;
  if (is_stream(read.format) ? read.capability != wanted : stream)
    reader.error("capability", "capability: \"" + std::string(name_of(read.capability)) +
                                   "\" does not fit this format; ble_hrm and heart_sample give hr.sample, "
                                   "motion_frame gives motion.frame");
  if (is_momentary(read.capability) && read.retained != Retained::ignore)
    reader.error("retained",
                 "retained: a stream or an event is never taken retained; only \"ignore\" is allowed");
  if (read.format != PayloadFormat::json && (!read.when.empty() || read.select_by))
    reader.error("format", "when and select_by need format \"json\"");
}

MqttRead read_read(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[read]]");
  MqttRead read;
  read.topic = read_topic(reader, profile);
  reader.choose("format", read.format,
                {"json", "text", "number", "csv", "hex", "ble_hrm", "heart_sample", "motion_frame"});
  if (read.format == PayloadFormat::json && reader.require("path")) read_pointer(reader, read.path);
  const auto capability = read_capability(reader);
  if (read.format == PayloadFormat::csv) {
    reader.read_integer("index", read.index, 0, 63);
    std::string separator;
    if (reader.read("separator", separator)) read.separator = separator.empty() ? ',' : separator.front();
  }
  read.map = read_map(reader, capability);
  read.scaling = read_scaling(reader, capability);
  read_conditions(reader, read);
  if (capability && is_momentary(*capability)) read.retained = Retained::ignore;
  reader.choose("retained", read.retained, {"accept", "last_known", "ignore"});
  reader.read("ttl_s", read.ttl_s, 0, 86400);
  if (capability) {
    read.capability = *capability;
    check_read(reader, read);
  }
  reader.finish();
  return read;
}

std::string json_text(const toml::node& node) {
  std::ostringstream out;
  if (const auto text = node.value_exact<std::string>()) {
    out << '"';
    for (const char c : *text) {
      if (c == '"' || c == '\\') out << '\\';
      if (static_cast<unsigned char>(c) >= 0x20) out << c;
    }
    out << '"';
  } else if (const auto flag = node.value_exact<bool>()) {
    out << (*flag ? "true" : "false");
  } else if (const auto whole = node.value_exact<std::int64_t>()) {
    out << *whole;
  } else if (const auto number = node.value_exact<double>(); number && std::isfinite(*number)) {
    out << shown(*number);
  }
  return out.str();
}

std::optional<PayloadField> read_field(TableReader& reader, const std::string& key, const toml::node& node) {
  PayloadField field{key, std::nullopt, {}};
  const auto text = node.value_exact<std::string>();
  if (text && is_placeholder(*text)) {
    auto parsed = parse_placeholder(*text);
    if (!parsed.error.empty())
      reader.report().error(node.source(), "payload: " + shown(node) + ": " + parsed.error);
    field.placeholder = std::move(parsed.value);
    return field;
  }
  field.literal = json_text(node);
  if (field.literal.empty() || (key.empty() && !text)) {
    reader.expected("payload", node,
                    "a text, a number, true, false or a placeholder like \"{light.level:int*254}\"");
    return std::nullopt;
  }
  if (key.empty()) field.literal = *text;
  return field;
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

// A lamp's own effects can strobe, whatever a profile's author says: these keys never go out.
void check_forbidden(TableReader& reader, const toml::table& payload) {
  std::vector<std::string> forbidden{"fx", "flash", "effect", "scheme"};
  if (const auto* list = reader.array("forbidden"))
    for (const auto& item : *list) forbidden.push_back(lower(item.value_or(std::string())));
  for (const auto& [key, value] : payload)
    if (std::find(forbidden.begin(), forbidden.end(), lower(key.str())) != forbidden.end())
      reader.report().error(key.source(), "payload: the key \"" + std::string(key.str()) +
                                              "\" is forbidden: a lamp's own effects can flash");
}

void read_payload(TableReader& reader, MqttWrite& write) {
  static const toml::table none;
  const toml::node* payload = reader.require("payload") ? reader.node("payload") : nullptr;
  const toml::table* object = payload != nullptr ? payload->as_table() : nullptr;
  check_forbidden(reader, object != nullptr ? *object : none);
  if (object != nullptr) {
    write.json_object = true;
    for (const auto& [key, node] : *object)
      if (auto field = read_field(reader, std::string(key.str()), node)) write.payload.push_back(*field);
  } else if (payload != nullptr) {
    if (auto field = read_field(reader, "", *payload)) write.payload.push_back(*field);
  }
}

bool writes(const MqttWrite& write, Capability capability) {
  return std::any_of(write.payload.begin(), write.payload.end(), [&](const PayloadField& field) {
    return field.placeholder && field.placeholder->capability == capability;
  });
}

MqttWrite read_write(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[write]]");
  MqttWrite write;
  write.topic = read_topic(reader, profile);
  reader.read_integer("qos", write.qos, 0, 2);
  read_payload(reader, write);
  if (const auto* list = reader.array("always_include"))
    for (const auto& item : *list) {
      const auto capability = capability_from(item.value_or(std::string()));
      if (capability && writes(write, *capability))
        write.always_include.push_back(*capability);
      else
        reader.expected("always_include", item, "a capability that stands in the payload");
    }
  double transition_s{};
  if (reader.read("transition_max_s", transition_s, 0, 600))
    write.transition_max = std::chrono::milliseconds(static_cast<std::int64_t>(transition_s * 1000));
  std::int64_t interval_ms = write.min_interval.count();
  if (reader.read_integer("min_interval_ms", interval_ms, 0, 10'000))
    write.min_interval = std::chrono::milliseconds(interval_ms);
  // z2m #2220: ON without a level may jump to full.
  if (write.json_object && writes(write, Capability::light_on) && !writes(write, Capability::light_level))
    reader.error("payload",
                 "payload: switches a light on without its level; put {light.level:...} beside it");
  reader.finish();
  return write;
}

AvailabilitySource read_source(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "availability.sources");
  AvailabilitySource source;
  source.topic = read_topic(reader, profile);
  read_pointer(reader, source.path);
  if (reader.require("map")) source.map = read_map(reader, Capability::availability_online);
  reader.finish();
  return source;
}

void read_availability(const toml::table& table, Report& report, Profile& profile) {
  TableReader reader(table, report, "[availability]");
  std::size_t mode{};
  if (reader.choose("mode", mode, {"all", "any"})) profile.availability.all = mode == 0;
  reader.require("sources");
  for (const toml::table* source : reader.tables("sources"))
    profile.availability.sources.push_back(read_source(*source, report, profile));
  reader.finish();
}

void read_recovery(const toml::table& table, Report& report, Profile& profile) {
  TableReader reader(table, report, "[recovery]");
  if (const auto* refresh = reader.table("refresh")) {
    TableReader inner(*refresh, report, "refresh");
    profile.recovery.refresh_topic = read_topic(inner, profile);
    inner.read("payload", profile.recovery.refresh_payload);
    inner.finish();
  }
  reader.read("reassert", profile.recovery.reassert);
  std::int64_t max_age_s = profile.recovery.max_age.count();
  if (reader.read_integer("max_age_s", max_age_s, 1, 3600))
    profile.recovery.max_age = std::chrono::seconds(max_age_s);
  reader.finish();
}

}  // namespace

void read_mqtt(TableReader& file, Profile& profile) {
  for (const toml::table* table : file.tables("read"))
    profile.reads.push_back(read_read(*table, file.report(), profile));
  for (const toml::table* table : file.tables("write"))
    profile.writes.push_back(read_write(*table, file.report(), profile));
  if (const auto* table = file.table("availability")) read_availability(*table, file.report(), profile);
  if (const auto* table = file.table("recovery")) read_recovery(*table, file.report(), profile);
}

}  // namespace rytme::settings
