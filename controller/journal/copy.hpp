// SPDX-License-Identifier: Apache-2.0
// A whole, checked copy of an open database, also while another process writes to it. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// One read of the whole database by SQLite's online backup, which waits for nobody and holds nobody up; then
// fsync and integrity_check of the copy. `to` must not exist; after a failure it does not exist either.
// Throws SqlError or FileError.
void copy_database(Connection& from, const std::filesystem::path& to);

// Throws SqlError naming the file and the first thing that is wrong.
void check_integrity(Connection& connection, const std::filesystem::path& file);

// `file` + suffix, or with -2, -3, ... after it when that name is taken.
std::filesystem::path free_name(const std::filesystem::path& file, const std::string& suffix);

// Of the unsealed copy a backup is made from, and of what a restore unseals; the number of its process
// follows.
inline constexpr std::string_view backup_mark = ".backup-", restore_mark = ".restore-";

// Copies of the journal beside it that may still hold what was erased from it: made before a migration or a
// restore, or set aside as damaged.
std::vector<std::filesystem::path> copies_beside(const std::filesystem::path& file);

// Unsealed copies of a backup or restore whose process was killed. Those of one that lives are left.
void remove_leftovers(const std::filesystem::path& file);

}  // namespace rytme::journal
