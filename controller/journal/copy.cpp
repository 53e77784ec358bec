// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/copy.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include <sqlite3.h>

#include "controller/journal/whole_file.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

void remove_database(const fs::path& file) {
  std::error_code ignored;
  for (const char* part : {"", "-journal", "-wal", "-shm"}) fs::remove(file.string() + part, ignored);
}

void copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) throw SqlError(sqlite3_errcode(to.handle()), sqlite3_errmsg(to.handle()));
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (copied != SQLITE_DONE) throw SqlError(copied & 0xff, sqlite3_errstr(copied));
  if (finished != SQLITE_OK) throw SqlError(finished & 0xff, sqlite3_errstr(finished));
}

}  // namespace

void copy_database(Connection& from, const fs::path& to) {
  try {
    {
      Connection copy(to, Connection::Mode::read_write);
      copy.execute("PRAGMA busy_timeout=5000");
      copy_pages(from, copy);
      // The copy is one file by itself, whatever it was copied from.
      copy.ask("PRAGMA journal_mode=DELETE");
      check_integrity(copy, to);
    }
    sync_file(to);
    sync_folder_of(to);
  } catch (...) {
    remove_database(to);
    throw;
  }
}

void check_integrity(Connection& connection, const fs::path& file) {
  const std::string verdict = connection.ask("PRAGMA integrity_check(1)");
  if (verdict != "ok") throw SqlError(SQLITE_CORRUPT, file.string() + ": " + verdict);
}

fs::path free_name(const fs::path& file, const std::string& suffix) {
  fs::path name = file.string() + suffix;
  for (int number = 2; fs::exists(name); ++number)
    name = file.string() + suffix + "-" + std::to_string(number);
  return name;
}

std::vector<fs::path> copies_beside(const fs::path& file) {
  constexpr std::array<std::string_view, 3> marks{".schema-", ".damaged-", ".before-restore"};
  std::vector<fs::path> copies;
  std::error_code ignored;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::string own = file.filename().string();
    const auto marked = [&](std::string_view mark) { return name.starts_with(own + std::string(mark)); };
    if (std::any_of(marks.begin(), marks.end(), marked)) copies.push_back(entry.path());
  }
  std::sort(copies.begin(), copies.end());
  return copies;
}

}  // namespace rytme::journal
