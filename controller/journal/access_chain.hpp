// SPDX-License-Identifier: Apache-2.0
// The access log as a chain: every entry carries the BLAKE2b-256 hash (libsodium generichash) of its own
// content and of the entry before it. It shows what was changed, removed or moved afterwards by a hand that
// does not rewrite the whole chain; who can do that is found out by a head that was noted elsewhere. What
// points at a person is hashed with a salt of its own: without them the rest still proves itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

struct AccessRow {
  std::int64_t seq{}, t_us{}, offset_min{}, mono_us{};
  std::string actor_kind, actor_role, actor_id, what;
  std::string session, whose, why;  // what points at a person; "" = nobody
  std::string from;
  bool denied{};
};

// Adds the entry at the end of the chain, within the caller's transaction. An entry whose seq is there
// already is left as it is. Throws SqlError.
void append_access(Connection& connection, const AccessRow& row);

// Takes what points at a person out of at most `limit` entries about this session or participant ("" = not
// asked for). `because` is the seq of the entry that tells of the erasure. Returns how many.
std::int64_t redact_access(Connection& connection, const std::string& session, const std::string& whose,
                           std::int64_t because, std::int64_t limit);

// Removes at most `limit` of the oldest entries that are older, moving the anchor. Returns how many.
std::int64_t forget_access(Connection& connection, std::int64_t older_than_us, std::int64_t limit);

struct ChainProblem {
  std::int64_t seq{};   // of the entry; for removed ones, of the entry before the gap (0: the beginning)
  std::string problem;  // changed | removed | reordered
  std::string detail;   // one English sentence
};
struct ChainReport {
  std::int64_t entries{}, redacted{}, forgotten{};
  std::string head;  // hex; note it elsewhere to be sure of the whole chain
  std::vector<ChainProblem> problems;
};

// Reads the whole log. The caller holds the read transaction. Throws SqlError.
ChainReport verify_access(Connection& connection);

}  // namespace rytme::journal
