// SPDX-License-Identifier: Apache-2.0
// Backups that only their recipient can read, and the way back. Any thread; any process, while the room runs
// (backup) or not (both).
#pragma once

#include <filesystem>
#include <string>

namespace rytme::journal {

// One copy of the journal as of this moment, checked, sealed for the recipient, on the disk under its name
// when this returns. The unsealed copy lies beside the journal meanwhile, for its owner alone, and never
// where the backup goes. An existing file of that name is replaced only then. Throws JournalError in one
// line; nothing is left behind.
void back_up(const std::filesystem::path& journal, const std::filesystem::path& to,
             const std::string& recipient);

// The journal as of the backup takes the place of the present one, which is kept beside it; its new name is
// returned ("" when there was none). Everything is read, opened and checked before anything is moved. Throws
// JournalInUse while a room runs, JournalError in one line for what cannot be restored; then the present
// journal is as it was.
std::filesystem::path restore(const std::filesystem::path& from, const std::filesystem::path& key_file,
                              const std::filesystem::path& journal);

// Writes the secret key to a new file for its owner alone and returns the public one. Throws JournalError
// when the file exists or cannot be written.
std::string make_key(const std::filesystem::path& key_file);

}  // namespace rytme::journal
