// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/access_log.hpp"

#include "controller/journal/json_text.hpp"
#include "controller/journal/participants.hpp"
#include "controller/journal/reader_database.hpp"
#include "controller/journal/wall_time.hpp"

namespace rytme::journal {
namespace {

// What was listed without a code shows something of everybody who was known by then.
const std::string of_everybody =
    "(a.what IN ('sessions', 'participants', 'access log') AND coalesce(a.whose, '') = '' AND "
    "coalesce(a.session, '') = '' AND NOT a.denied AND a.redacted IS NULL)";

// A session looked at under this code and corrected since is another person's; of a session that has grown
// too old, only the code it had then is known.
const std::string of_participant =
    "(a.session IN (SELECT name FROM session WHERE participant = ?1) OR "
    "(a.whose = ?1 AND NOT EXISTS(SELECT 1 FROM session s WHERE s.name = a.session)) OR (" +
    of_everybody +
    " AND a.seq > (SELECT min(known) FROM (SELECT seq AS known FROM participant WHERE code = ?1 UNION ALL "
    "SELECT min(seq) FROM session WHERE participant = ?1))))";

const std::string entries_sql =
    "SELECT v.seq, v.t, v.mono_s, v.session, v.actor_kind, v.actor_role, v.actor_id, v.what, v.whose, "
    "v.\"from\", v.why, v.denied, " +
    of_everybody +
    ", CASE WHEN a.redacted IS NULL THEN '' WHEN (SELECT e.what FROM access e WHERE e.seq = a.redacted) = "
    "'erase body' THEN 'withdrawn' ELSE 'erased' END "
    "FROM access a JOIN v_access v ON v.seq = a.seq WHERE (?1 = '' OR " +
    of_participant +
    ") AND (?2 = '' OR a.session = ?2) AND (?3 IS NULL OR a.t_us >= ?3) AND (?4 IS NULL OR a.t_us < ?4) AND "
    "(?5 IS NULL OR a.seq < ?5) ORDER BY a.seq DESC LIMIT coalesce(?6, -1)";

AccessFact fact_of(const Statement& row) {
  return {{row.integer(0), row.text(1), row.real(2)},
          row.text(3),
          row.text(4),
          row.text(5),
          row.text(6),
          row.text(7),
          row.text(8),
          row.text(9),
          row.text(10),
          row.integer(11) != 0,
          row.integer(12) != 0,
          row.text(13)};
}

}  // namespace

std::vector<AccessFact> accesses_of(Connection& connection, const AccessFilter& filter) {
  const TimeRange span = span_of(connection, filter.from, filter.to);
  if (span.from_us && span.to_us && *span.from_us >= *span.to_us)
    throw BadBound("to", "must be later than from");
  Statement row = connection.prepare(entries_sql);
  row.with(filter.participant, filter.session, span.from_us, span.to_us, filter.before, filter.limit);
  std::vector<AccessFact> entries;
  while (row.step()) entries.push_back(fact_of(row));
  return entries;
}

std::string_view unknown_of(Connection& connection, const AccessFilter& filter) {
  const auto any = [&](std::string_view sql, const std::string& key) {
    return connection.prepare(sql).with(key).step();
  };
  if (!filter.participant.empty() && !is_in_use(connection, filter.participant) &&
      !any("SELECT 1 FROM access WHERE whose = ?1", filter.participant))
    return "participant";
  if (!filter.session.empty() && !any("SELECT 1 FROM session WHERE name = ?1", filter.session) &&
      !any("SELECT 1 FROM access WHERE session = ?1", filter.session))
    return "session";
  return "";
}

std::string to_json(const std::vector<AccessFact>& entries) {
  JsonText json;
  json.objects(entries, [&](const AccessFact& entry) {
    json.field("seq", entry.at.seq);
    json.field("t", entry.at.t);
    json.key("actor");
    json.begin_object();
    json.field("kind", entry.actor_kind);
    json.field("role", entry.actor_role);
    json.field("id", entry.actor_id);
    json.end_object();
    json.field("what", entry.what);
    json.text_or_null("session", entry.session);
    json.text_or_null("whose", entry.whose);
    json.field("of_everybody", entry.of_everybody);
    json.text_or_null("redacted", entry.redacted);
    json.text_or_null("from", entry.from);
    json.text_or_null("why", entry.why);
    json.field("denied", entry.denied);
  });
  return json.take();
}

std::vector<AccessFact> Reader::accesses(const AccessFilter& filter) {
  return database_->ask([&](Connection& connection) { return accesses_of(connection, filter); });
}

}  // namespace rytme::journal
