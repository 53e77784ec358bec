// SPDX-License-Identifier: Apache-2.0
// Tables, views and pragmas of a journal file. docs/journal.md explains them.
#pragma once

#include <cstdint>
#include <string>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

inline constexpr std::int64_t application_id = 0x5279746d;  // "Rytm"
inline constexpr std::int64_t schema_version = 1;

// Sets the pragmas of the one writing connection and reads each back. Throws std::runtime_error naming the
// pragma that was not taken, SqlError when the file is damaged.
void set_writer_pragmas(Connection& connection);
void set_reader_pragmas(Connection& connection);

// Creates everything in one transaction, with application_id and user_version.
void create_schema(Connection& connection);

}  // namespace rytme::journal
