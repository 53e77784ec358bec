// SPDX-License-Identifier: Apache-2.0
// What stands once in an MQTT profile: availability, recovery, a Homie device's properties.
#include <algorithm>
#include <cctype>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

std::chrono::seconds whole_seconds(std::int64_t value) { return std::chrono::seconds(value); }

AvailabilitySource read_source(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "availability.sources");
  AvailabilitySource source;
  source.topic = read_topic(reader, "topic", profile, true);
  read_pointer(reader, "path", source.path, profile);
  if (reader.require("map")) source.map = read_map(reader, Capability::availability_online);
  reader.finish();
  return source;
}

void read_availability(const toml::table& table, Report& report, Profile& profile) {
  TableReader reader(table, report, "[availability]");
  Availability& availability = profile.availability;
  std::size_t mode{};
  if (reader.choose("mode", mode, {"all", "any"})) availability.all = mode == 0;
  std::int64_t silence_s{};
  if (reader.read_integer("max_silence_s", silence_s, 1, 86400))
    availability.max_silence = whole_seconds(silence_s);
  if (silence_s == 0) reader.require("sources");
  reader.read("first_seen_needs_fresh", availability.first_seen_needs_fresh);
  for (const toml::table* source : reader.tables("sources"))
    availability.sources.push_back(read_source(*source, report, profile));
  reader.finish();
}

// An effect may be switched off by a fixed message, never on: the same keys as in a [[write]].
void check_effects(TableReader& reader, const std::string& payload) {
  for (const char* word : {"\"fx\"", "\"flash\"", "\"effect\"", "\"scheme\""}) {
    std::string low = payload;
    std::transform(low.begin(), low.end(), low.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (auto at = low.find(word); at != std::string::npos; at = low.find(word, at + 1)) {
      const auto value = low.find_first_not_of(": ", at + std::string_view(word).size());
      const std::string_view rest = value == std::string::npos ? "" : std::string_view(low).substr(value);
      const bool zero = rest.starts_with("0}") || rest.starts_with("0,");
      if (!zero && !rest.starts_with("\"none\"") && !rest.starts_with("false"))
        reader.error("payload", "payload: the key " + std::string(word) +
                                    " may only switch an effect off (0, false, \"none\"): effects can flash");
    }
  }
}

FixedMessage read_message(const toml::table& table, Report& report, std::string_view name,
                          const Profile& profile) {
  TableReader reader(table, report, std::string(name));
  FixedMessage message;
  message.topic = read_topic(reader, "topic", profile);
  reader.read("payload", message.payload);
  check_effects(reader, message.payload);
  reader.finish();
  return message;
}

std::vector<FixedMessage> read_messages(TableReader& owner, std::string_view key, const Profile& profile) {
  std::vector<FixedMessage> all;
  const toml::node* node = owner.node(key);
  if (node == nullptr) return all;
  const auto add = [&](const toml::node& item) {
    const auto* table = item.as_table();
    if (table == nullptr)
      return owner.expected(key, item, "{ topic = \"...\", payload = \"...\" }, or a list of these");
    all.push_back(read_message(*table, owner.report(), key, profile));
  };
  if (const auto* list = node->as_array())
    for (const toml::node& item : *list) add(item);
  else
    add(*node);
  return all;
}

// What it must say, once it has taken the setup.
void read_answer(const toml::table& table, Report& report, const Profile& profile, SetupMessage& setup) {
  TableReader reader(table, report, "answer");
  setup.answer_topic = read_topic(reader, "topic", profile);
  read_pointer(reader, "path", setup.answer.path, profile);
  std::string equals;
  if (reader.require("equals") && reader.read("equals", equals)) setup.answer.values.push_back(equals);
  reader.finish();
}

SetupMessage read_setup_message(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[setup]]");
  SetupMessage setup;
  if (reader.require("id")) reader.read("id", setup.id);
  setup.say.topic = read_topic(reader, "topic", profile);
  if (reader.require("payload")) reader.read("payload", setup.say.payload);
  check_effects(reader, setup.say.payload);
  if (const auto* ask = reader.table("ask")) setup.ask = read_message(*ask, report, "ask", profile);
  if (reader.require("answer"))
    if (const auto* answer = reader.table("answer")) read_answer(*answer, report, profile, setup);
  reader.read("purpose", setup.purpose);
  reader.finish();
  return setup;
}

PowerUp read_power_up(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "on_power_up");
  PowerUp marker;
  marker.topic = read_topic(reader, "topic", profile);
  read_pointer(reader, "path", marker.marker.path, profile);
  std::string equals;
  if (reader.read("equals", equals)) marker.marker.values.push_back(equals);
  reader.finish();
  return marker;
}

void read_recovery(const toml::table& table, Report& report, Profile& profile) {
  TableReader reader(table, report, "[recovery]");
  Recovery& recovery = profile.recovery;
  recovery.refresh = read_messages(reader, "refresh", profile);
  recovery.setup = read_messages(reader, "setup", profile);
  if (const auto* node = reader.node("on_power_up")) {
    if (const auto* one = node->as_table())
      recovery.on_power_up.push_back(read_power_up(*one, report, profile));
    else
      for (const auto* item : reader.tables("on_power_up"))
        recovery.on_power_up.push_back(read_power_up(*item, report, profile));
  }
  reader.read("reassert", recovery.reassert);
  std::int64_t max_age_s = recovery.max_age.count();
  if (reader.read_integer("max_age_s", max_age_s, 1, 3600)) recovery.max_age = whole_seconds(max_age_s);
  reader.finish();
}

HomieProperty read_property(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "homie.properties");
  HomieProperty property;
  property.property = "auto";
  reader.read("colour", property.colour);
  if (!property.colour) property.capability = read_capability(reader).value_or(Capability::device_text);
  if (reader.read("property", property.property))
    check_params(reader, "property", property.property, profile);
  reader.finish();
  return property;
}

void read_homie(const toml::table& table, Report& report, Profile& profile) {
  TableReader reader(table, report, "[homie]");
  profile.homie.device = read_topic(reader, "device", profile);
  reader.require("properties");
  for (const auto* item : reader.tables("properties"))
    profile.homie.properties.push_back(read_property(*item, report, profile));
  reader.finish();
}

}  // namespace

bool is_commanded(Capability capability) {
  switch (capability) {
    case Capability::light_on:
    case Capability::light_level:
    case Capability::light_cct_k:
    case Capability::relay_on:
    case Capability::player_play:
    case Capability::player_volume:
    case Capability::player_mute:
      return true;
    default:
      return false;
  }
}

void read_mqtt(TableReader& file, Profile& profile) {
  for (const toml::table* table : file.tables("read"))
    profile.reads.push_back(read_mqtt_read(*table, file.report(), profile));
  for (const toml::table* table : file.tables("write"))
    profile.writes.push_back(read_mqtt_write(*table, file.report(), profile));
  if (const auto* table = file.table("availability")) read_availability(*table, file.report(), profile);
  for (const toml::table* table : file.tables("setup"))
    profile.setup_messages.push_back(read_setup_message(*table, file.report(), profile));
  if (const auto* table = file.table("recovery")) read_recovery(*table, file.report(), profile);
  if (const auto* table = file.table("homie")) read_homie(*table, file.report(), profile);
}

}  // namespace rytme::settings
