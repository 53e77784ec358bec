// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "controller/settings/player.hpp"
#include "controller/settings/readers.hpp"
#include "controller/settings/toml_file.hpp"

namespace rytme::settings {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "player.toml";
constexpr double lowest_cap_dbfs = -40, highest_cap_dbfs = -3;

void read_player(const toml::table& table, Report& report, PlayerSettings& player) {
  TableReader reader(table, report, "[player]");
  reader.read_id("node", player.node);
  if (reader.node("room") != nullptr) reader.read_id("room", player.room);
  if (reader.read("output", player.output) && (player.output.empty() || !is_printable(player.output)))
    reader.expected("output", *reader.node("output"), "auto, none, or the name of an ALSA device");
  reader.read("cap_dbfs", player.cap_dbfs, lowest_cap_dbfs, highest_cap_dbfs);
  reader.finish();
}

void read_file(const toml::table& table, Report& report, const fs::path& folder, PlayerSettings& player) {
  TableReader reader(table, report, file_name);
  reader.require("player");
  if (const auto* part = reader.table("player")) read_player(*part, report, player);
  if (const auto* part = reader.table("broker")) player.broker = read_broker(*part, report, folder);
  reader.finish();
}

}  // namespace

LoadedPlayer check_player(const fs::path& folder, const Changes& changes) {
  LoadedPlayer loaded;
  loaded.there = is_there_with(changes, folder, file_name);
  if (!loaded.there) return loaded;
  Report report(file_name, loaded.problems);
  try {
    read_file(parse_toml(text_with(changes, folder, file_name), file_name), report, folder, loaded.player);
  } catch (const toml::parse_error& wrong) {
    report.error(wrong.source(), "not TOML: " + std::string(wrong.description()));
  } catch (const std::runtime_error& unreadable) {
    report.error({}, unreadable.what());
  }
  return loaded;
}

PlayerSettings load_player(const fs::path& folder) {
  auto loaded = check_player(folder);
  if (!loaded.there)
    loaded.problems.push_back({file_name, 1, 1, Severity::error, "there is none in " + folder.string()});
  const bool wrong = std::ranges::any_of(
      loaded.problems, [](const Problem& problem) { return problem.severity == Severity::error; });
  if (wrong) throw SettingsError(std::move(loaded.problems));
  return std::move(loaded.player);
}

}  // namespace rytme::settings
