// SPDX-License-Identifier: Apache-2.0
// Removing what was kept, in pieces small enough to stand between two commits, each a transaction of its own.
// What remains is a row of `deletion`: when, by whom, how much; never what. An erasure that was begun goes on
// after a restart. Owner and thread: the writer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/journal/deletion.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

// Within the caller's transaction: tells the access log and makes the erasure one that will be carried out.
// Doing it again with the same seq changes nothing. Returns the names of the sessions that will be gone.
std::vector<std::string> begin_erasure(Connection& connection, const RowStamp& stamp,
                                       const entry::Erase& erase);

// Carries out one piece of the oldest erasure. False: none is pending. Throws SqlError; then the piece is
// undone.
bool erase_piece(Connection& connection);

// At most `limit` rows of everything a session holds, within the caller's transaction; counted in `deletion`.
// The session itself goes last: true when it is gone.
bool remove_session(Connection& connection, std::int64_t deletion, std::int64_t session, std::int64_t limit);

}  // namespace rytme::journal
