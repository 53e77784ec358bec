// SPDX-License-Identifier: Apache-2.0
#include "controller/app/backup_commands.hpp"

#include <ostream>
#include <stdexcept>
#include <string>

#include "controller/app/guarded.hpp"
#include "controller/journal/backup.hpp"
#include "controller/journal/journal.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0;

std::string recipient_in(const std::filesystem::path& config) {
  try {
    auto recipient = settings::load(config).backup.recipient;
    if (!recipient.empty()) return recipient;
  } catch (const settings::SettingsError&) {
    throw std::runtime_error("the settings have errors, so the recipient is not known; see rytme check");
  }
  throw std::runtime_error(
      "room.toml names no [backup] recipient; make one with rytme backup --new-key FILE");
}

}  // namespace

int backup(const std::filesystem::path& config, const std::filesystem::path& journal,
           const std::filesystem::path& to, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    journal::back_up(journal, to, recipient_in(config));
    out << to.string() << '\n';
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
