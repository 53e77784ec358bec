// SPDX-License-Identifier: Apache-2.0
// Older journals brought to the newest schema: one transaction per step, a checked copy of the file first.
// Killed at any instant, the file has the old schema or the new one. Owner and thread: who opens for writing.
#pragma once

#include <filesystem>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// The copy stands beside the file as FILE.schema-N. Nothing is done, and "" returned, when the schema is the
// newest. Throws SqlError, FileError or std::filesystem_error; then the schema is as it was after the last
// finished step.
std::filesystem::path migrate(Connection& connection, const std::filesystem::path& file);

}  // namespace rytme::journal
