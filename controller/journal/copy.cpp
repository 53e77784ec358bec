// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/copy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <sqlite3.h>
#include <unistd.h>

#include "controller/journal/whole_file.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> named_beside(const fs::path& file, std::string_view mark) {
  std::vector<fs::path> named;
  std::error_code ignored;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string wanted = file.filename().string() + std::string(mark);
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().filename().string().starts_with(wanted)) named.push_back(entry.path());
  return named;
}

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
  constexpr std::array<std::string_view, 5> marks{".schema-", ".damaged-", ".before-restore", backup_mark,
                                                  restore_mark};
  std::vector<fs::path> copies;
  for (const std::string_view mark : marks)
    for (const auto& copy : named_beside(file, mark)) copies.push_back(copy);
  std::sort(copies.begin(), copies.end());
  return copies;
}

void remove_leftovers(const fs::path& file) {
  for (const std::string_view mark : {backup_mark, restore_mark}) {
    for (const auto& copy : named_beside(file, mark)) {
      const std::string name = copy.filename().string();
      const int process = std::atoi(name.c_str() + file.filename().string().size() + mark.size());
      const bool lives = process > 0 && (::kill(process, 0) == 0 || errno == EPERM);
      std::error_code ignored;
      if (!lives || process == ::getpid()) fs::remove(copy, ignored);
    }
  }
}

}  // namespace rytme::journal
