// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/session_record.hpp"

#include "controller/journal/journal.hpp"
#include "controller/journal/valid_share.hpp"

namespace rytme::journal {
namespace {

const std::string columns =
    "SELECT id, participant, preset, preset_version, start, coalesce(\"end\", ''), coalesce(end_reason, ''), "
    "recording, n_readings, settings_hash, software, formula_version, end_mono_s FROM v_session ";

SessionSummary summary_of(const Statement& row) {
  SessionSummary session;
  session.id = row.text(0);
  session.participant = row.text(1);
  session.preset = row.text(2);
  session.preset_version = static_cast<int>(row.integer(3));
  session.start = row.text(4);
  session.end = row.text(5);
  session.end_reason = row.text(6);
  session.recording = row.integer(7) != 0;
  session.n_readings = row.integer(8);
  return session;
}

// A crash ends a session when the controller is back, perhaps hours later: that time is not the session's.
std::optional<std::int64_t> lived_until(const Statement& row, const SessionSummary& session) {
  if (row.is_null(12) || session.end_reason == "crash") return std::nullopt;
  return static_cast<std::int64_t>(row.real(12) * 1e6);
}

class ShareQuestion {
 public:
  explicit ShareQuestion(Connection& connection)
      : statement_(connection.prepare(
            "SELECT x.seq, x.mono_us, c.device, x.value IS NOT NULL AND x.quality = 0, NULL FROM reading x "
            "JOIN channel c ON c.id = x.channel JOIN session s ON s.id = x.session "
            "WHERE s.name = ?1 AND c.capability = 'hr.bpm' "
            "UNION ALL SELECT x.seq, x.mono_us, NULL, NULL, json_extract(x.data, '$.recording') FROM event x "
            "JOIN session s ON s.id = x.session WHERE s.name = ?1 AND x.kind = 'session_change' ORDER BY "
            "1")) {}

  std::optional<double> ask(const std::string& id, std::optional<std::int64_t> end_us) {
    ValidShare share;
    statement_.with(id);
    while (statement_.step()) {
      const std::int64_t mono_us = statement_.integer(1);
      if (!statement_.is_null(2)) {
        share.pulse(statement_.text(2), mono_us, statement_.integer(3) != 0);
      } else if (!statement_.is_null(4)) {
        share.recording(mono_us, statement_.integer(4) != 0);
      }
    }
    statement_.reset();
    if (end_us) share.end(*end_us);
    return share.share();
  }

 private:
  Statement statement_;
};

// UTC µs of an ISO time; a day alone is local and, as an end, belongs to the span. nullopt: no bound.
std::optional<std::int64_t> bound_us(Connection& connection, const std::string& text, bool end) {
  if (text.empty()) return std::nullopt;
  const bool day = text.size() == 10;
  Statement statement = connection.prepare(!day  ? "SELECT unixepoch(?1)"
                                           : end ? "SELECT unixepoch(?1, '+1 day', 'utc')"
                                                 : "SELECT unixepoch(?1, 'utc')");
  statement.with(text).step();
  if (statement.is_null(0)) throw JournalError("not a time: " + text);
  return statement.integer(0) * 1000000;
}

}  // namespace

std::vector<SessionSummary> list_sessions(Connection& connection, const SessionFilter& filter) {
  Statement row =
      connection.prepare(columns +
                         "WHERE (?1 = '' OR participant = ?1) AND seq IN (SELECT seq FROM session "
                         "WHERE (?2 IS NULL OR t_us >= ?2) AND (?3 IS NULL OR t_us < ?3)) ORDER BY seq");
  const std::optional<std::int64_t> from = bound_us(connection, filter.from, false);
  const std::optional<std::int64_t> to = bound_us(connection, filter.to, true);
  ShareQuestion share(connection);
  std::vector<SessionSummary> sessions;
  row.with(filter.participant, from, to);
  while (row.step()) {
    sessions.push_back(summary_of(row));
    sessions.back().valid_share = share.ask(sessions.back().id, lived_until(row, sessions.back()));
  }
  return sessions;
}

std::optional<SessionRecord> find_session(Connection& connection, const std::string& id) {
  Statement row = connection.prepare(columns + "WHERE id = ?1");
  if (!row.with(id).step()) return std::nullopt;
  SessionRecord record{summary_of(row), row.text(9), row.text(10), row.text(11)};
  record.summary.valid_share = ShareQuestion(connection).ask(id, lived_until(row, record.summary));
  return record;
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
  const auto text_or_null = [&](std::string_view name, const std::string& text) {
    json.key(name);
    if (text.empty()) return json.null();
    json.value(text);
  };
  json.field("id", session.id);
  text_or_null("participant", session.participant);
  json.field("preset", session.preset);
  json.field("preset_version", session.preset_version);
  json.field("start", session.start);
  text_or_null("end", session.end);
  text_or_null("end_reason", session.end_reason);
  json.field("recording", session.recording);
  json.field("n_readings", session.n_readings);
  json.field("valid_share", session.valid_share);
}

}  // namespace rytme::journal
