// SPDX-License-Identifier: Apache-2.0
// [[read]]: from an MQTT message to readings.
#include <algorithm>
#include <array>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

constexpr double no_pulse_below = 30, no_pulse_above = 220;  // 1/min
constexpr double notify_ttl_s = 5;

// What needs more than one message to be understood is no data a profile could describe.
struct Stateful {
  std::string_view word;
  std::string_view why;
};
constexpr std::string_view sparkplug =
    "Sparkplug B is protobuf with births, aliases and sequence numbers to keep: that needs a driver, a "
    "profile "
    "is data only. Let its gateway publish JSON or Homie beside it and describe that";
constexpr std::string_view pmd =
    "Polar's measurement service (PMD) is a dialogue with start commands and delta-compressed frames: that "
    "needs a driver, a profile is data only. Use the strap's heart rate characteristic 0x2A37 with format "
    "\"ble_hrm\"";
constexpr std::array stateful{Stateful{"protobuf", sparkplug},    Stateful{"sparkplug", sparkplug},
                              Stateful{"sparkplug_b", sparkplug}, Stateful{"polar_pmd", pmd},
                              Stateful{"ble_pmd", pmd},           Stateful{"pmd", pmd}};

bool is_stream(PayloadFormat format) {
  return format == PayloadFormat::ble_hrm || format == PayloadFormat::heart_sample ||
         format == PayloadFormat::motion_frame;
}

bool is_heart(Capability capability) {
  return capability == Capability::hr_bpm || capability == Capability::hr_contact ||
         capability == Capability::hr_rr_s;
}

// What is not there at the moment it happens is not there at all.
bool is_momentary(Capability capability) {
  const ValueKind kind = info(capability).kind;
  return kind == ValueKind::stream || kind == ValueKind::choice || is_heart(capability) ||
         capability == Capability::motion_event || capability == Capability::command_ack;
}

std::optional<MapEntry> map_entry(std::string_view raw, const toml::node& node,
                                  std::optional<Capability> capability) {
  MapEntry entry{std::string(raw), 0, {}};
  const auto word = node.value_exact<std::string>();
  if (const auto flag = node.value_exact<bool>()) {
    entry.value = *flag ? 1 : 0;
  } else if (node.is_number()) {
    entry.value = node.value<double>().value_or(0);
  } else if (word && capability == Capability::availability_online &&
             (*word == "sleeping" || *word == "removed")) {
    entry.value = *word == "sleeping" ? 1 : 0;
    entry.text = *word;
  } else if (word && capability && info(*capability).kind == ValueKind::text) {
    entry.text = *word;
  } else if (const auto choice = word && capability ? choice_value(*capability, *word) : std::nullopt) {
    entry.value = *choice;
  } else {
    return std::nullopt;
  }
  return entry;
}

bool add_value(const toml::node& node, std::vector<std::string>& values) {
  if (const auto text = node.value_exact<std::string>())
    values.push_back(*text);
  else if (const auto flag = node.value_exact<bool>())
    values.emplace_back(*flag ? "true" : "false");
  else if (const auto number = node.value<double>(); number && node.is_number())
    values.push_back(shown(*number));
  else
    return false;
  return true;
}

void read_values(TableReader& reader, std::string_view key, std::vector<std::string>& values) {
  const toml::node* node = reader.node(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  bool good = true;
  if (list == nullptr)
    good = add_value(*node, values);
  else
    for (const auto& item : *list) good = add_value(item, values) && good;
  if (!good) reader.expected(key, *node, "a text, a number, true or false, or a list of these");
}

Condition read_condition(const toml::table& table, Report& report, std::string_view name,
                         const Profile& profile, bool csv) {
  TableReader reader(table, report, std::string(name));
  Condition condition;
  if (csv && reader.node("path") == nullptr) {
    reader.require("index");
    reader.read_integer("index", condition.index, 0, 63);
  } else if (reader.require("path")) {
    read_pointer(reader, "path", condition.path, profile);
  }
  read_values(reader, "equals", condition.values);
  const bool is = reader.node("equals") != nullptr;
  read_values(reader, "not", condition.values);
  condition.negated = reader.node("not") != nullptr;
  if (is == condition.negated)
    report.error(table.source(), std::string(name) + ": needs one of equals = ... and not = ...");
  for (const auto& value : condition.values) check_params(reader, is ? "equals" : "not", value, profile);
  reader.finish();
  return condition;
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
}

void read_format(TableReader& reader, const Profile& profile, MqttRead& read) {
  std::string word;
  if (const auto* node = reader.node("format")) word = node->value_or(std::string());
  const auto* found =
      std::find_if(stateful.begin(), stateful.end(), [&](const Stateful& row) { return row.word == word; });
  if (found != stateful.end())
    reader.error("format", "format: \"" + word + "\": " + std::string(found->why));
  else
    reader.choose(
        "format", read.format,
        {"json", "text", "number", "csv", "hex", "ble_hrm", "json_wrapped", "heart_sample", "motion_frame"});
  const bool wrapped = read.format == PayloadFormat::json_wrapped;
  if ((read.format == PayloadFormat::json && found == stateful.end()) || wrapped) reader.require("path");
  read_pointer(reader, "path", read.path, profile);
  if (wrapped && reader.require("wrapper")) read_pointer(reader, "wrapper", read.wrapper, profile);
}

void read_colour(TableReader& reader, MqttRead& read) {
  std::size_t kind{};
  if (!reader.choose("colour", kind, {"rgb", "hs", "hsv", "xy", "hex", "hex_white_last", "tagged"})) return;
  read.colour = static_cast<Colour>(kind + 1);  // none is not to be said
  if (reader.node("capability") != nullptr)
    reader.error("capability", "capability: a colour has its own; remove one of colour and capability");
  read.capability = read.colour == Colour::xy                                 ? Capability::light_x
                    : read.colour == Colour::hs || read.colour == Colour::hsv ? Capability::light_hue_deg
                                                                              : Capability::light_red;
  read.scaling = read_scaling(reader, std::nullopt, false);
  const bool percent = read.colour == Colour::hs || read.colour == Colour::hsv;
  read.colour_max = read.scaling.raw_max.value_or(percent ? 100 : 255);
  read.scaling = {};
}

void read_capability_of(TableReader& reader, MqttRead& read) {
  std::optional<Capability> capability;
  if (is_stream(read.format) && reader.node("capability") == nullptr)
    capability =
        read.format == PayloadFormat::motion_frame ? Capability::motion_frame : Capability::hr_sample;
  else
    capability = read_capability(reader);
  read.map = read_map(reader, capability);
  read.scaling = read_scaling(reader, capability, false);
  if (!capability) return;
  read.capability = *capability;
  const bool pulse = *capability == Capability::hr_bpm || read.format == PayloadFormat::ble_hrm;
  if (pulse && !read.scaling.plausible_min) read.scaling.plausible_min = no_pulse_below;
  if (pulse && !read.scaling.plausible_max) read.scaling.plausible_max = no_pulse_above;
  if (pulse || is_heart(*capability)) read.ttl_s = notify_ttl_s;
  if (*capability == Capability::hr_bpm && read.scaling.invalid.empty()) read.scaling.invalid = {0, 255};
  if (is_momentary(*capability)) read.retained = Retained::ignore;
}

void read_separator(TableReader& reader, MqttRead& read) {
  if (read.format == PayloadFormat::csv) reader.read_integer("index", read.index, 0, 63);
  std::string separator;
  if ((read.format != PayloadFormat::csv && read.colour == Colour::none) ||
      !reader.read("separator", separator))
    return;
  if (separator.size() == 1)
    read.separator = separator.front();
  else
    reader.expected("separator", *reader.node("separator"), "one character");
}

}  // namespace

std::string read_topic(TableReader& reader, std::string_view key, const Profile& profile, bool plus) {
  std::string topic;
  if (!reader.require(key) || !reader.read(key, topic)) return topic;
  const auto is_level = [&](std::size_t at) {
    return (at == 0 || topic[at - 1] == '/') && (at + 1 == topic.size() || topic[at + 1] == '/');
  };
  bool good = !topic.empty() && topic.find('#') == std::string::npos && is_printable(topic);
  for (auto at = topic.find('+'); at != std::string::npos; at = topic.find('+', at + 1))
    good = good && plus && is_level(at);
  if (!good)
    reader.expected(key, *reader.node(key),
                    plus ? "a topic without # and control characters; + only for a whole level"
                         : "a whole topic, no +, # or control characters");
  if (topic.starts_with("spBv1.0/") && !topic.starts_with("spBv1.0/STATE/"))
    reader.error(key, std::string(key) + ": " + std::string(sparkplug));
  check_params(reader, key, topic, profile);
  return topic;
}

void read_pointer(TableReader& reader, std::string_view key, std::string& path, const Profile& profile) {
  if (!reader.read(key, path)) return;
  if (!path.empty() && !path.starts_with('/'))
    reader.expected(key, *reader.node(key), "a JSON Pointer, as in \"/brightness\"");
  check_params(reader, key, path, profile);
}

std::vector<MapEntry> read_map(TableReader& reader, std::optional<Capability> capability) {
  std::vector<MapEntry> map;
  const toml::table* table = reader.table("map");
  if (table == nullptr) return map;
  for (const auto& [raw, node] : *table) {
    if (auto entry = map_entry(raw.str(), node, capability))
      map.push_back(std::move(*entry));
    else
      reader.expected("map", node,
                      capability == Capability::availability_online
                          ? "true, false, \"sleeping\" or \"removed\""
                      : capability && info(*capability).kind == ValueKind::text
                          ? "a text"
                          : "true, false, a number or one of the capability's choices");
  }
  // What stands for any other value is looked at last.
  std::stable_partition(map.begin(), map.end(), [](const MapEntry& entry) { return entry.raw != "*"; });
  return map;
}

std::vector<Condition> read_conditions(TableReader& reader, std::string_view key, const Profile& profile,
                                       bool csv) {
  std::vector<Condition> all;
  const toml::node* node = reader.node(key);
  if (node == nullptr) return all;
  const auto add = [&](const toml::node& item) {
    if (const auto* table = item.as_table())
      all.push_back(read_condition(*table, reader.report(), key, profile, csv));
    else
      reader.expected(key, item, "{ path = \"/key\", equals = \"value\" }");
  };
  if (const auto* list = node->as_array())
    for (const toml::node& item : *list) add(item);
  else
    add(*node);
  return all;
}

MqttRead read_mqtt_read(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[read]]");
  MqttRead read;
  read.topic = read_topic(reader, "topic", profile, true);
  read_format(reader, profile, read);
  read_colour(reader, read);
  const bool is_colour = reader.node("colour") != nullptr;
  if (!is_colour) read_capability_of(reader, read);
  read_separator(reader, read);
  const bool csv = read.format == PayloadFormat::csv;
  read.when = read_conditions(reader, "when", profile, csv);
  auto select = read_conditions(reader, "select_by", profile, csv);
  if (select.size() > 1) reader.error("select_by", "select_by: one condition only; more belong into when");
  if (!select.empty()) read.select_by = std::move(select.front());
  const bool json = read.format == PayloadFormat::json || read.format == PayloadFormat::json_wrapped ||
                    !read.path.empty() || csv;
  if (!json && (!read.when.empty() || read.select_by))
    reader.error("format",
                 "when and select_by need a JSON payload (format \"json\", or a path) or format \"csv\"");
  reader.choose("retained", read.retained, {"accept", "last_known", "ignore"});
  reader.read("counts_as_sample", read.counts_as_sample);
  reader.read("ttl_s", read.ttl_s, 0, 86400);
  if (reader.node("error_topic") != nullptr)
    read.error_topic = read_topic(reader, "error_topic", profile, false);
  if (!is_colour) check_read(reader, read);
  reader.finish();
  return read;
}

}  // namespace rytme::settings
