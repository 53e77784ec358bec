// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/session_digest.hpp"

#include "controller/journal/json_text.hpp"
#include "controller/journal/valid_share.hpp"

namespace rytme::journal {

std::int64_t count_readings(Connection& connection, std::int64_t session) {
  Statement row = connection.prepare(
      "SELECT (SELECT count(*) FROM reading WHERE session = ?1) + "
      "(SELECT coalesce(sum(frames), 0) FROM chunk WHERE session = ?1)");
  row.with(session).step();
  return row.integer(0);
}

ShareQuestion::ShareQuestion(Connection& connection)
    : statement_(connection.prepare(
          "SELECT x.seq, x.mono_us, c.device, x.value IS NOT NULL AND x.quality = 0, NULL FROM reading x "
          "JOIN channel c ON c.id = x.channel WHERE x.session = ?1 AND c.capability = 'hr.bpm' "
          "UNION ALL SELECT x.seq, x.mono_us, NULL, NULL, json_extract(x.data, '$.recording') FROM event x "
          "WHERE x.session = ?1 AND x.kind = 'session_change' ORDER BY 1")) {}

std::optional<double> ShareQuestion::ask(std::int64_t session, std::optional<std::int64_t> end_us) {
  ValidShare share;
  statement_.with(session);
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

std::optional<std::int64_t> lived_until(const std::string& end_reason,
                                        std::optional<std::int64_t> end_mono_us) {
  if (end_reason == "crash") return std::nullopt;
  return end_mono_us;
}

void write_digest(Connection& connection, const std::string& session) {
  Statement end = connection.prepare(
      "SELECT id, end_seq, end_t_us, end_offset_min, end_mono_us, end_reason FROM session "
      "WHERE name = ?1 AND end_seq IS NOT NULL AND recording <> 0");
  if (!end.with(session).step()) return;
  const std::int64_t id = end.integer(0);
  JsonText data;
  data.begin_object();
  data.field("n_readings", count_readings(connection, id));
  data.field("valid_share", ShareQuestion(connection).ask(id, lived_until(end.text(5), end.integer(4))));
  data.end_object();
  connection.prepare("INSERT OR IGNORE INTO event VALUES(?1, ?2, ?3, ?4, ?5, 'session_digest', ?6)")
      .with(end.integer(1), end.integer(2), end.integer(3), end.integer(4), id, data.text())
      .run();
}

}  // namespace rytme::journal
