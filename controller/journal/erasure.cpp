// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/erasure.hpp"

#include <algorithm>
#include <array>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/transaction.hpp"
#include "controller/room/capability.hpp"

namespace rytme::journal {
namespace {

constexpr std::int64_t rows_per_piece = 1000;
constexpr std::int64_t chunks_per_piece = 50;  // some KB each

struct Kind {
  const char* table;
  const char* counter;
};
constexpr std::array kinds{Kind{"confirmation", nullptr}, Kind{"reading", "readings"},
                           Kind{"chunk", "chunks"},       Kind{"command", "commands"},
                           Kind{"event", "events"},       Kind{"rating", "ratings"}};

struct Pending {
  std::int64_t deletion{}, seq{}, session{};
  std::string what, name, code;
};

std::string_view word_for(entry::Erase::What what) {
  switch (what) {
    case entry::Erase::What::session:
      return "session";
    case entry::Erase::What::participant:
      return "participant";
    case entry::Erase::What::body:
      break;
  }
  return "body";
}

std::optional<Pending> next_pending(Connection& connection) {
  Statement next = connection.prepare(
      "SELECT e.deletion, d.seq, e.session, e.what, e.name, e.code FROM erasure e JOIN deletion d ON d.id = "
      "e.deletion ORDER BY e.deletion LIMIT 1");
  if (!next.step()) return std::nullopt;
  return Pending{next.integer(0), next.integer(1), next.integer(2), next.text(3), next.text(4), next.text(5)};
}

// Removes at most `limit` rows that fit and returns how many.
std::int64_t remove(Connection& connection, std::int64_t deletion, const Kind& kind, std::int64_t session,
                    const std::string& condition, std::int64_t limit) {
  const std::string table = kind.table;
  Statement statement = connection.prepare("DELETE FROM " + table + " WHERE rowid IN (SELECT rowid FROM " +
                                           table + " WHERE session = ?1" + condition + " LIMIT ?2)");
  statement.with(session, limit).run();
  const std::int64_t count = connection.ask_integer("SELECT changes()");
  if (kind.counter != nullptr && count > 0) count_deleted(connection, deletion, kind.counter, count);
  return count;
}

std::int64_t limit_for(const Kind& kind, std::int64_t limit) {
  return kind.table == std::string_view("chunk") ? std::min(limit, chunks_per_piece) : limit;
}

void finish(Connection& connection, const Pending& pending) {
  connection.prepare("DELETE FROM erasure WHERE deletion = ?1").with(pending.deletion).run();
}

bool redacted(Connection& connection, const Pending& pending, const std::string& session,
              const std::string& code) {
  const std::int64_t count = redact_access(connection, session, code, pending.seq, rows_per_piece);
  if (count > 0) count_deleted(connection, pending.deletion, "accesses", count);
  return count > 0;
}

void erase_session(Connection& connection, const Pending& pending) {
  if (redacted(connection, pending, pending.name, "")) return;
  if (remove_session(connection, pending.deletion, pending.session, rows_per_piece))
    finish(connection, pending);
}

// The codes that stand in the trail of who was chosen, of other people's sessions too.
void scrub_trail(Connection& connection, const std::string& code) {
  for (const char* key : {"$.participant", "$.was"})
    connection
        .prepare(
            "UPDATE event SET data = json_remove(data, ?2) "
            "WHERE (kind IN ('session_change', 'variant', 'state_map') OR kind LIKE 'baseline%') AND "
            "json_extract(data, "
            "?2) = ?1")
        .with(code, key)
        .run();
}

// Calm pulses taken under the code outside sessions, how presets were run, state maps; few.
void erase_loose(Connection& connection, const Pending& pending) {
  Statement loose = connection.prepare(
      "DELETE FROM event WHERE session IS NULL AND (kind IN ('variant', 'state_map') OR kind LIKE "
      "'baseline%') AND "
      "json_valid(data) AND "
      "json_extract(data, '$.participant') = ?1");
  loose.with(pending.code).run();
  const std::int64_t count = connection.ask_integer("SELECT changes()");
  if (count > 0) count_deleted(connection, pending.deletion, "events", count);
}

void erase_participant(Connection& connection, const Pending& pending) {
  Statement next = connection.prepare("SELECT id, name FROM session WHERE participant = ?1 LIMIT 1");
  if (next.with(pending.code).step()) {
    const std::int64_t session = next.integer(0);
    const std::string name = next.text(1);
    next.reset();
    if (!redacted(connection, pending, name, ""))
      remove_session(connection, pending.deletion, session, rows_per_piece);
    return;
  }
  if (redacted(connection, pending, "", pending.code)) return;
  erase_loose(connection, pending);
  scrub_trail(connection, pending.code);
  connection.prepare("DELETE FROM participant WHERE code = ?1").with(pending.code).run();
  finish(connection, pending);
}

std::string body_channels(Connection& connection) {
  std::string ids;
  Statement all = connection.prepare("SELECT id, capability FROM channel");
  while (all.step()) {
    const auto capability = capability_from(all.text(1));
    if (capability && !info(*capability).from_body) continue;  // what is not known any more may be of a body
    ids += (ids.empty() ? "" : ",") + std::to_string(all.integer(0));
  }
  return ids;
}

// What design calls "comes from a body", and what was done; bounds, commands and device health stay.
void erase_body(Connection& connection, const Pending& pending) {
  if (redacted(connection, pending, pending.name, "")) return;  // it would still say whose the session was
  const std::array conditions{
      std::string(" AND 0"),
      " AND channel IN (" + body_channels(connection) + ")",
      std::string(),
      std::string(" AND 0"),
      std::string(" AND (kind IN ('activity', 'mark', 'session_digest', 'dose') OR kind LIKE 'baseline%' OR "
                  "kind LIKE 'heart%' OR kind = 'follow')"),
      std::string()};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (remove(connection, pending.deletion, kinds[i], pending.session, conditions[i],
               limit_for(kinds[i], rows_per_piece)) > 0)
      return;
  connection
      .prepare(
          "UPDATE event SET data = json_remove(data, '$.participant', '$.was') WHERE session = ?1 AND "
          "kind = 'session_change'")
      .with(pending.session)
      .run();
  connection.prepare("UPDATE session SET participant = '', recording = 0 WHERE id = ?1")
      .with(pending.session)
      .run();
  finish(connection, pending);
}

std::vector<std::string> sessions_of(Connection& connection, const entry::Erase& erase) {
  std::vector<std::string> names;
  if (erase.what == entry::Erase::What::body) return names;
  Statement all = connection.prepare(erase.what == entry::Erase::What::session
                                         ? "SELECT name FROM session WHERE name = ?1"
                                         : "SELECT name FROM session WHERE participant = ?1");
  all.with(erase.key);
  while (all.step()) names.push_back(all.text(0));
  return names;
}

}  // namespace

std::vector<std::string> begin_erasure(Connection& connection, const RowStamp& stamp,
                                       const entry::Erase& erase) {
  using What = entry::Erase::What;
  Statement there = connection.prepare("SELECT 1 FROM deletion WHERE seq = ?1 AND older_than_us IS NULL");
  if (there.with(stamp.seq).step()) return {};
  const std::string_view what = word_for(erase.what);
  const std::string kind(name_of(erase.actor.kind)), role(name_of(erase.actor.role));
  // A withdrawal too: an entry of the access log that lost whom it was about points at the one that says why.
  append_access(connection, {stamp.seq, stamp.t_us, stamp.offset_min, stamp.mono_us, kind, role,
                             erase.actor.id, "erase " + std::string(what), "", "", "", erase.from, false});
  const std::int64_t deletion = add_deletion(
      connection, stamp, {.what = what, .actor_kind = kind, .actor_role = role, .actor_id = erase.actor.id});
  const bool one_session = erase.what != What::participant;
  connection.prepare("INSERT INTO erasure SELECT ?1, ?2, (SELECT id FROM session WHERE name = ?3), ?3, ?4")
      .with(deletion, what, one_session ? erase.key : std::string(), one_session ? std::string() : erase.key)
      .run();
  return sessions_of(connection, erase);
}

bool erase_piece(Connection& connection) {
  const auto pending = next_pending(connection);
  if (!pending) return false;
  Transaction transaction(connection);
  if (pending->what == "session") erase_session(connection, *pending);
  if (pending->what == "participant") erase_participant(connection, *pending);
  if (pending->what == "body") erase_body(connection, *pending);
  transaction.commit();
  return true;
}

bool remove_session(Connection& connection, std::int64_t deletion, std::int64_t session, std::int64_t limit) {
  for (const Kind& kind : kinds)
    if (remove(connection, deletion, kind, session, "", limit_for(kind, limit)) > 0) return false;
  connection.prepare("DELETE FROM session WHERE id = ?1").with(session).run();
  count_deleted(connection, deletion, "sessions", connection.ask_integer("SELECT changes()"));
  return true;
}

}  // namespace rytme::journal
