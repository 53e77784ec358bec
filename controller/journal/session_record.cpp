// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/session_record.hpp"

#include "controller/journal/session_digest.hpp"
#include "controller/journal/wall_time.hpp"

namespace rytme::journal {
namespace {

// What was worked out at a session's end (e) counts while the session stands as recorded: who withdraws takes
// it along.
const std::string columns =
    "SELECT v.id, v.participant, v.preset, v.preset_version, v.start, coalesce(v.\"end\", ''), "
    "coalesce(v.end_reason, ''), v.recording, v.settings_hash, v.software, v.formula_version, s.id, "
    "s.end_mono_us, json_extract(e.data, '$.n_readings'), json_extract(e.data, '$.valid_share') "
    "FROM v_session v JOIN session s ON s.name = v.id "
    "LEFT JOIN event e ON e.seq = v.end_seq AND e.kind = 'session_digest' AND v.recording <> 0 ";

SessionSummary summary_of(Connection& connection, ShareQuestion& share, const Statement& row) {
  SessionSummary session;
  session.id = row.text(0);
  session.participant = row.text(1);
  session.preset = row.text(2);
  session.preset_version = static_cast<int>(row.integer(3));
  session.start = row.text(4);
  session.end = row.text(5);
  session.end_reason = row.text(6);
  session.recording = row.integer(7) != 0;
  if (!row.is_null(13)) {
    session.n_readings = row.integer(13);
    session.valid_share = row.maybe_real(14);
    return session;
  }
  const auto end_us = row.is_null(12) ? std::nullopt : std::optional(row.integer(12));
  session.n_readings = count_readings(connection, row.integer(11));
  session.valid_share = share.ask(row.integer(11), lived_until(session.end_reason, end_us));
  return session;
}

}  // namespace

std::vector<SessionSummary> list_sessions(Connection& connection, const SessionFilter& filter) {
  Statement row =
      connection.prepare(columns +
                         "WHERE (?1 = '' OR v.participant = ?1) AND (?2 IS NULL OR s.t_us >= ?2) AND "
                         "(?3 IS NULL OR s.t_us < ?3) ORDER BY v.seq");
  const TimeRange span = span_of(connection, filter.from, filter.to);
  ShareQuestion share(connection);
  std::vector<SessionSummary> sessions;
  row.with(filter.participant, span.from_us, span.to_us);
  while (row.step()) sessions.push_back(summary_of(connection, share, row));
  return sessions;
}

std::optional<SessionRecord> find_session(Connection& connection, const std::string& id) {
  Statement row = connection.prepare(columns + "WHERE v.id = ?1");
  if (!row.with(id).step()) return std::nullopt;
  ShareQuestion share(connection);
  return SessionRecord{summary_of(connection, share, row), row.text(8), row.text(9), row.text(10)};
}

std::vector<ChunkRecord> chunks_of(Connection& connection, const std::string& id) {
  Statement row = connection.prepare(
      "SELECT seq, t, mono_s, mono_end_s, device, stream, boot, first_seq, last_seq, frames, samples, "
      "from_t_us, "
      "to_t_us, codec, data FROM v_chunk WHERE session = ?1 ORDER BY seq");
  row.with(id);
  std::vector<ChunkRecord> chunks;
  while (row.step()) {
    chunks.push_back({row.integer(0), row.text(1), row.real(2), row.real(3), row.text(4), row.text(5),
                      row.text(6), row.integer(7), row.integer(8), row.integer(9), row.integer(10),
                      row.integer(11), row.integer(12), row.integer(13), row.blob(14)});
  }
  return chunks;
}

void write_fields(JsonText& json, const SessionSummary& session) {
  json.field("id", session.id);
  json.text_or_null("participant", session.participant);
  json.field("preset", session.preset);
  json.field("preset_version", session.preset_version);
  json.field("start", session.start);
  json.text_or_null("end", session.end);
  json.text_or_null("end_reason", session.end_reason);
  json.field("recording", session.recording);
  json.field("n_readings", session.n_readings);
  json.field("valid_share", session.valid_share);
}

}  // namespace rytme::journal
