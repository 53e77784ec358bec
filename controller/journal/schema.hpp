// SPDX-License-Identifier: Apache-2.0
// Tables, views and pragmas of a journal file. docs/journal.md explains them.
#pragma once

#include <cstdint>
#include <string>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

inline constexpr std::int64_t application_id = 0x5279746d;  // "Rytm"
inline constexpr std::int64_t schema_version = 2;

// Sets the pragmas of the one writing connection and reads each back. Throws std::runtime_error naming the
// pragma that was not taken, SqlError when the file is damaged.
void set_writer_pragmas(Connection& connection);
void set_reader_pragmas(Connection& connection);

// Creates everything in one transaction, with application_id and user_version.
void create_schema(Connection& connection);

// For migrations, within the caller's transaction. Views are dropped before and created after, always as the
// newest schema has them.
void create_tables_of_2(Connection& connection);
void create_views(Connection& connection);
void drop_views(Connection& connection);
void set_version(Connection& connection, std::int64_t version);

}  // namespace rytme::journal
