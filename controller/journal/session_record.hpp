// SPDX-License-Identifier: Apache-2.0
// Questions about sessions to an open journal, shared by lists and exports. The caller holds the read
// transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/journal/json_text.hpp"
#include "controller/journal/reader.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

struct SessionRecord {
  SessionSummary summary;
  std::string settings_hash, software, formula_version;
};

// A waveform chunk as stored, still encoded.
struct ChunkRecord {
  std::int64_t seq{};
  std::string t;
  double mono_s{}, mono_end_s{};
  std::string device, stream, boot;
  std::int64_t first_seq{}, last_seq{}, frames{}, samples{}, from_t_us{}, to_t_us{}, codec{};
  std::string data;
};

std::vector<SessionSummary> list_sessions(Connection& connection, const SessionFilter& filter);
std::optional<SessionRecord> find_session(Connection& connection, const std::string& id);
std::vector<ChunkRecord> chunks_of(Connection& connection, const std::string& id);

// The fields of a row of `session list`, into an object that is open.
void write_fields(JsonText& json, const SessionSummary& session);

}  // namespace rytme::journal
