// SPDX-License-Identifier: Apache-2.0
#include "controller/app/backup_commands.hpp"

#include <functional>
#include <ostream>

#include "controller/journal/backup.hpp"
#include "controller/journal/journal.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, cannot = 2;

int guarded(std::ostream& err, const std::function<void()>& command) {
  try {
    command();
    return done;
  } catch (const journal::JournalInUse&) {
    err << "rytme: the room is running; stop it before its journal is replaced\n";
  } catch (const settings::SettingsError&) {
    err << "rytme: the settings have errors, so the recipient is not known; see rytme check\n";
  } catch (const std::runtime_error& error) {
    err << "rytme: " << error.what() << '\n';
  }
  return cannot;
}

}  // namespace

int backup(const std::filesystem::path& config, const std::filesystem::path& journal,
           const std::filesystem::path& to, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto recipient = settings::load(config).backup.recipient;
    if (recipient.empty())
      throw std::runtime_error(
          "room.toml names no [backup] recipient; make one with rytme backup --new-key FILE");
    journal::back_up(journal, to, recipient);
    out << to.string() << '\n';
  });
}

int backup_new_key(const std::filesystem::path& key, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto recipient = journal::make_key(key);
    out << "# the secret key is in " << key.string()
        << ": keep it away from this machine\n[backup]\nrecipient = \"" << recipient << "\"\n";
  });
}

int restore(const std::filesystem::path& from, const std::filesystem::path& key,
            const std::filesystem::path& journal, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto aside = journal::restore(from, key, journal);
    out << "restored\n";
    if (!aside.empty()) out << "the one before it: " << aside.string() << '\n';
  });
}

}  // namespace rytme::app
