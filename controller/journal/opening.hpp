// SPDX-License-Identifier: Apache-2.0
// How a journal file is opened for writing: one writer only, refused when foreign or newer, checked after an
// unclean stop, set aside when damaged.
#pragma once

#include <filesystem>
#include <optional>

#include "controller/journal/journal.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// A lock that dies with the process: two writers can damage a WAL file. Held on FILE.lock, because closing a
// second descriptor of the database itself would drop SQLite's own locks.
class WriterLock {
 public:
  explicit WriterLock(
      const std::filesystem::path& file);  // throws JournalError when another process holds it
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int descriptor_;
};

// Throws JournalError in one line. Fills `opening`. `distrusted`: set aside as a damaged one is.
Connection open_for_writing(const std::filesystem::path& file, Opening& opening, bool distrusted = false);

// The same for a command: the file must be there, and a damaged one is refused and left as it is.
Connection open_sound(const std::filesystem::path& file, Opening& opening);

// For readers: throws JournalError unless the file is there, ours and of a known version.
Connection open_for_reading(const std::filesystem::path& file);

}  // namespace rytme::journal
