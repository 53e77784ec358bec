// SPDX-License-Identifier: Apache-2.0
#include "controller/app/backup_commands.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <fmt/chrono.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "controller/app/backup_run.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/guarded.hpp"
#include "controller/desk/own_file.hpp"
#include "controller/journal/backup.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/sealed_file.hpp"
#include "controller/journal/whole_file.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int done = 0;
constexpr int gives_way = 10;  // nice: whoever is in the room comes first
constexpr std::string_view ending = ".rytme-backup";

settings::House house_of(const fs::path& config) {
  try {
    return settings::load(config);
  } catch (const settings::SettingsError&) {
    throw std::runtime_error("the settings have errors, so the recipient is not known; see rytme check");
  }
}

// For the desk: when, and how large; after a failure what was known before, and why.
void note(const fs::path& data, const json::object& what) {
  json::object all = backup_note(data);
  all["v"] = 1;
  for (const auto& [name, value] : what) all[name] = value;
  journal::replace_file(data / "backup.json", json::serialize(all) + "\n");
}

// Where not even this can be written, the reason that is told matters more.
void note_failure(const fs::path& data, const std::string& why) {
  try {
    note(data, {{"failed", {{"at_s", unix_s(now().wall)}, {"text", why}}}});
  } catch (const std::runtime_error&) {
  }
}

// The room's name and the second: they sort by age. A second one within it replaces the first.
fs::path new_name(const settings::House& house, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw std::runtime_error(folder.string() + ": " + error.message());
  return folder /
         fmt::format("{}-{:%Y%m%d-%H%M%S}{}", house.room.id, fmt::gmtime(unix_s(now().wall)), ending);
}

void keep_newest(const settings::House& house, const fs::path& folder) {
  std::vector<fs::path> ours;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(house.room.id + "-") && name.ends_with(ending) && journal::is_sealed(entry.path()))
      ours.push_back(entry.path());
  }
  std::sort(ours.begin(), ours.end(), std::greater<>());
  for (std::size_t i = static_cast<std::size_t>(house.backup.keep); i < ours.size(); ++i) fs::remove(ours[i]);
}

bool same_disk(const fs::path& one, const fs::path& other) {
  struct stat first {
  }, second{};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

void back_up_to(const settings::House& house, const fs::path& data, const fs::path& to) {
  if (house.backup.recipient.empty())
    throw std::runtime_error(
        "room.toml names no [backup] recipient; make one with rytme backup --new-key FILE");
  journal::back_up(journal_file(data), to, house.backup.recipient);
  note(data, {{"at_s", unix_s(now().wall)},
              {"bytes", fs::file_size(to)},
              {"same_disk", same_disk(to, data)},
              {"failed", nullptr}});
}

}  // namespace

json::object backup_note(const fs::path& data) {
  boost::system::error_code error;
  const json::value note = json::parse(desk::bytes_of(data / "backup.json"), error);
  return error || !note.is_object() ? json::object{} : note.get_object();
}

std::int64_t last_backup_s(const fs::path& data) {
  const json::object note = backup_note(data);
  const json::value* at = note.if_contains("at_s");
  return at != nullptr && at->is_int64() ? at->get_int64() : 0;
}

int backup(const fs::path& config, const fs::path& data, const fs::path& to, std::ostream& out,
           std::ostream& err) {
  return guarded(err, [&] {
    ::setpriority(PRIO_PROCESS, 0, gives_way);
    try {
      const settings::House house = house_of(config);
      const fs::path folder = backup_folder(house.backup, data);
      const fs::path file = to.empty() ? new_name(house, folder) : to;
      back_up_to(house, data, file);
      if (to.empty()) keep_newest(house, folder);
      out << file.string() << '\n';
    } catch (const std::runtime_error& error) {
      note_failure(data, error.what());
      throw;
    }
    return done;
  });
}

int backup_new_key(const std::filesystem::path& key, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto recipient = journal::make_key(key);
    out << "# the secret key is in " << key.string()
        << ": keep it away from this machine\n[backup]\nrecipient = \"" << recipient << "\"\n";
    return done;
  });
}

int restore(const std::filesystem::path& from, const std::filesystem::path& key,
            const std::filesystem::path& journal, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto aside = journal::restore(from, key, journal);
    out << "restored\n";
    if (!aside.empty()) out << "the one before it: " << aside.string() << '\n';
    return done;
  });
}

}  // namespace rytme::app
