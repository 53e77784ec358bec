// SPDX-License-Identifier: Apache-2.0
#include "controller/app/desk_state.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/app/backup_commands.hpp"
#include "controller/app/backup_run.hpp"
#include "controller/app/check.hpp"
#include "controller/app/desk_answers.hpp"
#include "controller/app/version.hpp"
#include "controller/desk/masked.hpp"
#include "controller/desk/own_file.hpp"
#include "controller/report/zip.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// As `rytme backup` noted it; `last` and `failed` are null when there was none, or none by this program. The
// folder itself is not looked at: where it is another machine's, that may take for ever.
json::object backup_of(const StateInput& input) {
  const json::object note = backup_note(input.places.data);
  const auto noted = [&](std::string_view name) {
    const json::value* value = note.if_contains(name);
    return value == nullptr ? json::value(nullptr) : *value;
  };
  const json::value last =
      note.contains("at_s")
          ? json::value{{"at_s", noted("at_s")}, {"bytes", noted("bytes")}, {"same_disk", noted("same_disk")}}
          : json::value(nullptr);
  const json::value failed = input.backup_broken.empty()
                                 ? noted("failed")
                                 : json::value{{"at_s", nullptr}, {"text", input.backup_broken}};
  return {{"recipient", !input.backup.recipient.empty()},
          {"running", input.backup_running},
          {"folder", backup_folder(input.backup, input.places.data).string()},
          {"daily", input.backup.daily_at_min.has_value()},
          {"last", last},
          {"failed", failed}};
}

json::object disk_of(const std::optional<journal::DiskSpace>& disk) {
  if (!disk) return {{"free_bytes", nullptr}, {"all_bytes", nullptr}};
  return {{"free_bytes", disk->free_bytes}, {"all_bytes", disk->all_bytes}};
}

json::object journal_of(const journal::Health& health) {
  return {{"bytes", health.disk ? json::value(health.disk->file_bytes) : json::value(nullptr)},
          {"log_bytes", health.log_bytes},
          {"recording", health.recording_possible},
          {"fault", health.fault},
          {"log_held_by", health.log_held_by},
          {"dropped", health.dropped},
          {"failures", health.failures}};
}

std::string log_text(const std::vector<LogLine>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += std::to_string(unix_s(line.at)) + "\t" + line.level + "\t" + line.text + "\n";
  return text;
}

std::string about() {
  return fmt::format(
      "Rytme {}. Settings without secrets and comments, their versions, state, counters and log of a room.\n"
      "No session, no participant, no account name, no password, no token. Times are Unix seconds.\n",
      software_version);
}

}  // namespace

std::string state_text(const StateInput& input) {
  const json::value certificate =
      input.certificate_days ? json::value{{"days", *input.certificate_days}} : json::value(nullptr);
  return json::serialize(json::object{{"version", software_version},
                                      {"now_s", input.now_s},
                                      {"uptime_s", input.uptime_s},
                                      {"backup", backup_of(input)},
                                      {"certificate", certificate},
                                      {"disk", disk_of(input.journal.disk)},
                                      {"journal", journal_of(input.journal)},
                                      {"broker", input.broker_up},
                                      {"devices", {{"ok", input.devices_ok}, {"all", input.devices_all}}},
                                      {"trial", trial_json(input.places, input.trial_left_s)}});
}

web::Page answer_log(const std::vector<LogLine>& lines) {
  json::array all;
  for (const auto& line : lines)
    all.push_back(json::object{{"at_s", unix_s(line.at)}, {"level", line.level}, {"text", line.text}});
  return {200, "application/json", json::serialize(all)};
}

web::Page answer_support(const SupportInput& input) {
  const desk::Places& places = input.state.places;
  const auto text = [](std::string bytes) { return [bytes = std::move(bytes)] { return bytes; }; };
  std::vector<report::ZipEntry> entries{
      {"about.txt", about},
      {"state.json", text(state_text(input.state))},
      {"versions.json", text(versions_text(places))},
      {"problems.json",
       text(json::serialize(problems_json(check_all(places.settings, places.data).problems)))},
      {"devices.json", text(input.devices)},
      {"metrics.txt", text(input.metrics)},
      {"log.txt", text(log_text(input.log))}};
  for (const auto& [name, bytes] : desk::read_files(places.settings))
    entries.push_back({"settings/" + name, text(desk::masked(bytes))});
  const fs::path file = places.data / "settings" / "support.zip";
  report::write_zip(file, entries);
  std::string bytes = desk::bytes_of(file);
  fs::remove(file);
  return {200, "application/zip", std::move(bytes)};
}

}  // namespace rytme::app
