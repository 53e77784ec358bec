// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/load.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <sodium.h>

#include "controller/settings/player.hpp"
#include "controller/settings/readers.hpp"
#include "controller/settings/toml_file.hpp"

namespace rytme::settings {
namespace {

namespace fs = std::filesystem;

std::string all_text(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

std::optional<std::string> read_text(const fs::path& folder, const std::string& name, const Changes& changes,
                                     Report& report) {
  try {
    return text_with(changes, folder, name);
  } catch (const std::runtime_error& error) {
    report.error({}, error.what());
    return std::nullopt;
  }
}

// Calls use(table, report) when the text is TOML.
template <class Use>
void parse(const std::string& text, const std::string& name, Report& report, Use use) {
  try {
    const toml::table table = parse_toml(text, name);
    use(table, report);
  } catch (const toml::parse_error& error) {
    report.error(error.source(), "not TOML: " + std::string(error.description()));
  }
}

// One walk over a settings folder.
class Folder {
 public:
  Folder(fs::path path, const Changes& changes, Loaded& loaded)
      : path_(std::move(path)), changes_(changes), loaded_(loaded) {}

  void read();

 private:
  // Calls use(table, report) when `name` is there and is TOML. Secrets stay out of the hash.
  template <class Use>
  bool file(const std::string& name, bool secret, Use use);
  // The same for every *.toml of a folder, in the order of their names.
  template <class Use>
  void each(const std::string& folder, Use use);
  template <class Item>
  void add_unique(std::vector<Item>& items, Item item, const toml::table& table, Report& report);
  void read_house(const toml::table& table, Report& report);
  void read_presets();

  fs::path path_;
  const Changes& changes_;
  Loaded& loaded_;
  std::string hashed_;
};

std::string hash_of(const std::string& content) {
  std::array<unsigned char, 32> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(content.data()),
                     content.size(), nullptr, 0);
  std::array<char, 65> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

template <class Use>
bool Folder::file(const std::string& name, bool secret, Use use) {
  if (!is_there_with(changes_, path_, name)) return false;
  Report report(name, loaded_.problems);
  const auto text = read_text(path_, name, changes_, report);
  if (!text) return true;
  if (!secret) hashed_ += name + '\0' + std::to_string(text->size()) + '\0' + *text;
  parse(*text, name, report, use);
  return true;
}

template <class Use>
void Folder::each(const std::string& folder, Use use) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path_ / folder, error))
    if (entry.path().extension() == ".toml") names.insert(folder + "/" + entry.path().filename().string());
  if (error && error != std::errc::no_such_file_or_directory)
    Report(folder, loaded_.problems).error({}, "cannot be read: " + error.message());
  for (const auto& [name, text] : changes_)
    if (name.starts_with(folder + "/") && name.ends_with(".toml")) names.insert(name);
  for (const auto& name : names) file(name, false, use);
}

template <class Item>
void Folder::add_unique(std::vector<Item>& items, Item item, const toml::table& table, Report& report) {
  if (item.id.empty()) return;
  if (std::any_of(items.begin(), items.end(), [&](const Item& other) { return other.id == item.id; })) {
    const toml::node* at = table.at_path("id").node();
    if (at == nullptr) at = table.at_path("profile.id").node();
    report.error(at != nullptr ? at->source() : table.source(),
                 "id \"" + item.id + "\" stands in another file too; ids are unique");
    return;
  }
  items.push_back(std::move(item));
}

void Folder::read_presets() {
  House& house = loaded_.house;
  each("presets", [&](const toml::table& table, Report& report) {
    add_unique(house.presets, read_preset(table, report, house.room.session_max_min), table, report);
  });
  const auto rank = [](const Preset& preset) {
    const int order = preset.id == "regulate-down" ? 0 : preset.id == "regulate-up" ? 1 : 2;
    return std::pair(order, preset.id);
  };
  std::sort(house.presets.begin(), house.presets.end(),
            [&](const Preset& a, const Preset& b) { return rank(a) < rank(b); });
}

void Folder::read_house(const toml::table& table, Report& report) {
  House& house = loaded_.house;
  TableReader reader(table, report, "room.toml");
  reader.require("room");
  if (const auto* room = reader.table("room")) house.room = read_room(*room, report);
  if (const auto* broker = reader.table("broker")) house.broker = read_broker(*broker, report, path_);
  if (const auto* home = reader.table("home_assistant"))
    house.home_assistant = read_home_assistant(*home, report);
  if (const auto* card = reader.table("card")) house.card = read_card(*card, report);
  if (const auto* web = reader.table("web")) house.web = read_web(*web, report, path_);
  if (const auto* limits = reader.table("limits")) house.limits = read_limits(*limits, report);
  if (const auto* sound = reader.table("sound")) house.sound = read_sound(*sound, report);
  house.limits.volume_max = volume_max_of(house.sound);
  if (const auto* retention = reader.table("retention")) house.retention = read_retention(*retention, report);
  if (const auto* backup = reader.table("backup")) house.backup = read_backup(*backup, report);
  house.buses = read_buses(reader);
  read_presets();
  constexpr std::size_t on_the_page = 8;  // «Ro ned», «Aktiver» and six more
  if (house.presets.size() > on_the_page)
    report.warning(table.source(), "there are " + std::to_string(house.presets.size()) +
                                       " presets; the staff page has places for eight");
  if (house.presets.empty())
    report.warning(table.source(), "there is no preset in presets/; nothing can be started");
  house.devices = read_devices(reader, house);
  reader.finish();
}

void Folder::read() {
  House& house = loaded_.house;
  Report whole("room.toml", loaded_.problems);
  each("profiles", [&](const toml::table& table, Report& report) {
    add_unique(house.profiles, read_profile(table, report), table, report);
  });
  const auto read_room_file = [&](const toml::table& table, Report& report) { read_house(table, report); };
  if (!file("room.toml", false, read_room_file))
    whole.error({}, "there is no room.toml in " + path_.string());
  file("activities.toml", false,
       [&](const toml::table& table, Report& report) { house.activities = read_activities(table, report); });
  file("tokens.toml", true,
       [&](const toml::table& table, Report& report) { read_tokens(table, report, house.web); });
  house.hash = hash_of(hashed_);
}

}  // namespace

std::string to_text(const Problem& problem) {
  return problem.file + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
         (problem.severity == Severity::error ? "error: " : "warning: ") + problem.text;
}

namespace {
bool any_error(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::error; });
}
}  // namespace

bool Loaded::has_errors() const { return any_error(problems); }
bool LoadedProfile::has_errors() const { return any_error(problems); }

LoadedProfile check_profile(const fs::path& path) {
  LoadedProfile loaded;
  Report report(path.filename(), loaded.problems);
  if (const auto text = read_text(path.parent_path(), path.filename().string(), {}, report))
    parse(*text, path.string(), report,
          [&](const toml::table& table, Report& found) { loaded.profile = read_profile(table, found); });
  return loaded;
}

namespace {
void sort(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
}
}  // namespace

Loaded check(const fs::path& folder, const Changes& changes) {
  Loaded loaded;
  Folder(folder, changes, loaded).read();
  for (auto& problem : check_player(folder, changes).problems) loaded.problems.push_back(std::move(problem));
  sort(loaded.problems);
  return loaded;
}

SettingsError::SettingsError(std::vector<Problem> problems)
    : std::runtime_error(all_text(problems)), problems_(std::move(problems)) {}

House load(const fs::path& folder) {
  Loaded loaded;
  Folder(folder, {}, loaded).read();
  sort(loaded.problems);
  if (loaded.has_errors()) throw SettingsError(std::move(loaded.problems));
  return std::move(loaded.house);
}

}  // namespace rytme::settings
