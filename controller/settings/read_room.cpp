// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "controller/room/light_colour.hpp"
#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

// What only a serial line, or only TCP, has.
void read_of_one_transport(TableReader& reader, BusSettings& bus) {
  const bool serial = bus.transport == BusTransport::rtu;
  std::int64_t quiet_ms = bus.quiet.count();
  const bool quiet = reader.read_integer("quiet_ms", quiet_ms, 20, 5000);
  if (quiet) bus.quiet = std::chrono::milliseconds(quiet_ms);
  const bool echo = reader.read("echo_suppress", bus.echo_suppress);
  const bool strict = reader.read("tid_strict", bus.tid_strict);
  for (const auto& [given, key] : {std::pair{quiet, "quiet_ms"}, std::pair{echo, "echo_suppress"}})
    if (given && !serial) reader.error(key, std::string(key) + ": only a bus with transport \"rtu\" has it");
  if (strict && serial) reader.error("tid_strict", "tid_strict: only a bus with transport \"tcp\" has it");
}

BusSettings read_bus(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[[bus]]");
  BusSettings bus;
  reader.read_id("id", bus.id);
  const bool known = reader.require("transport") && reader.choose("transport", bus.transport, {"rtu", "tcp"});
  std::string host;
  int port{};
  if (reader.require("address") && reader.read("address", bus.address) && known) {
    if (bus.transport == BusTransport::tcp && !split_address(bus.address, host, port))
      reader.expected("address", *reader.node("address"),
                      "IP:PORT, as in \"192.168.1.20:502\" (no host names)");
    if (bus.transport == BusTransport::rtu && !bus.address.starts_with('/'))
      reader.expected("address", *reader.node("address"),
                      "the path of a serial port, as in \"/dev/ttyUSB0\"");
  }
  reader.read_integer("baud", bus.baud, 1200, 921600);
  std::size_t parity{};
  if (reader.choose("parity", parity, {"N", "E", "O"})) bus.parity = "NEO"[parity];
  reader.read_integer("stop_bits", bus.stop_bits, 1, 2);
  reader.choose("silence", bus.silence, {"characters", "1750us"});
  std::int64_t timeout_ms = bus.response_timeout.count();
  if (reader.read_integer("response_timeout_ms", timeout_ms, 10, 5000))
    bus.response_timeout = std::chrono::milliseconds(timeout_ms);
  if (known) read_of_one_transport(reader, bus);
  reader.finish();
  return bus;
}

}  // namespace

std::optional<LightScene> read_scene(const toml::table& table, Report& report, const std::string& name,
                                     double low, double high) {
  TableReader reader(table, report, name);
  LightScene scene;
  const bool level = reader.require("level") && reader.read("level", scene.level, low, high);
  reader.read("cct_k", scene.cct_k, 1500, 8000);
  reader.finish();
  return level ? std::optional(scene) : std::nullopt;
}

std::optional<LightScene> read_safe_scene(const toml::table& table, Report& report, const std::string& name) {
  auto scene = read_scene(table, report, name, 0.2, 0.6);
  if (scene && is_saturated_red(scene->cct_k))
    report.error(table.source(), name + ": cct_k under " + shown(red_below_cct_k) +
                                     " is saturated red; safe light is neutral");
  return scene;
}

LocalText read_local_text(TableReader& owner, std::string_view key) {
  LocalText text;
  if (!owner.require(key)) return text;
  const toml::table* table = owner.table(key);
  if (table == nullptr) return text;
  TableReader reader(*table, owner.report(), std::string(key));
  for (const auto& [language, target] : {std::pair{"nb", &text.nb}, std::pair{"en", &text.en}})
    if (reader.require(language) && reader.read(language, *target) && target->empty())
      reader.error(language, std::string(key) + "." + language + ": must not be empty");
  reader.finish();
  return text;
}

RoomSettings read_room(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[room]");
  RoomSettings room;
  reader.read_id("id", room.id);
  reader.read("name", room.name);
  std::size_t language{};
  if (reader.choose("language", language, {"nb", "en"})) room.language = language == 0 ? "nb" : "en";
  if (const auto* light = reader.table("safe_light")) {
    const double cct_k = room.safe_light.cct_k;
    room.safe_light = read_safe_scene(*light, report, "safe_light").value_or(room.safe_light);
    if (room.safe_light.cct_k == 0) room.safe_light.cct_k = cct_k;
  }
  std::size_t recording{};
  if (reader.choose("recording", recording, {"off", "on"})) room.recording = recording == 1;
  std::size_t level{};
  if (reader.choose("level_on_page", level, {"off", "on"})) room.show_level = level == 1;
  reader.read("session_max_min", room.session_max_min, 1, 45);
  reader.read("simulated", room.simulated);
  reader.finish();
  if (room.name.empty()) room.name = room.id;
  return room;
}

CardSettings read_card(const toml::table& table, Report& report) {
  constexpr std::size_t longest = 120;  // bytes: two lines of the card
  TableReader reader(table, report, "[card]");
  CardSettings card;
  for (const auto& [key, target] :
       {std::pair{"switch", &card.where_the_switch_is}, std::pair{"call", &card.whom_to_call}})
    if (reader.read(key, *target) && target->size() > longest)
      reader.expected(key, *reader.node(key), "at most 120 bytes: two lines of the card on the door");
  reader.finish();
  return card;
}

RetentionSettings read_retention(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[retention]");
  RetentionSettings retention;
  for (const auto& [key, target, most] :
       {std::tuple{"waveforms_days", &retention.waveforms_days, 3660},
        std::tuple{"summaries_months", &retention.summaries_months, 120},
        std::tuple{"access_log_months", &retention.access_log_months, 120}}) {
    std::int64_t value = *target;
    if (reader.read_integer(key, value, 1, most)) *target = static_cast<int>(value);
  }
  reader.finish();
  if (retention.waveforms_days > retention.summaries_months * 31)
    reader.error("waveforms_days",
                 "waveforms_days: waveforms leave with their session, so they stay no longer "
                 "than summaries_months");
  return retention;
}

namespace {

// "HH:MM" of a day of 24 hours.
std::optional<int> minute_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

}  // namespace

BackupSettings read_backup(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[backup]");
  BackupSettings backup;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (reader.read("recipient", backup.recipient) &&
      (backup.recipient.size() != 64 ||
       !std::all_of(backup.recipient.begin(), backup.recipient.end(), is_hex)))
    reader.expected("recipient", *reader.node("recipient"),
                    "the public key that `rytme backup --new-key FILE` has printed: 64 hex digits");
  if (reader.read("folder", backup.folder) && !backup.folder.starts_with('/'))
    reader.expected("folder", *reader.node("folder"), "an absolute path, on another disk than the journal");
  std::int64_t keep = backup.keep;
  if (reader.read_integer("keep", keep, 1, 366)) backup.keep = static_cast<int>(keep);
  if (std::string at; reader.read("daily_at", at)) {
    backup.daily_at_min = minute_of_day(at);
    if (!backup.daily_at_min)
      reader.expected("daily_at", *reader.node("daily_at"), "a time of the day as \"03:30\"");
  }
  if (backup.daily_at_min && backup.recipient.empty())
    reader.error("daily_at", "daily_at: nothing is backed up without a recipient");
  reader.finish();
  return backup;
}

std::vector<BusSettings> read_buses(TableReader& file) {
  std::vector<BusSettings> buses;
  for (const toml::table* table : file.tables("bus")) {
    BusSettings bus = read_bus(*table, file.report());
    const auto same = [&](const BusSettings& other) { return !bus.id.empty() && other.id == bus.id; };
    if (std::any_of(buses.begin(), buses.end(), same))
      file.report().error(table->source(), "bus id \"" + bus.id + "\" stands twice; ids are unique");
    const auto there = std::ranges::find(buses, bus.address, &BusSettings::address);
    if (there != buses.end() && !bus.address.empty() && bus.id != there->id)
      file.report().error(table->source(), "bus \"" + bus.id + "\" has the same address as \"" + there->id +
                                               "\"; two masters on one line talk at once");
    buses.push_back(std::move(bus));
  }
  return buses;
}

}  // namespace rytme::settings
