// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/schema.hpp"

#include <array>
#include <stdexcept>
#include <vector>

namespace rytme::journal {
namespace {

struct Pragma {
  const char* name;
  const char* set;
  const char* reads;
};

// auto_vacuum comes first: it is only taken while the file is empty.
constexpr std::array writer_pragmas{
    Pragma{"auto_vacuum", "INCREMENTAL", "2"},
    Pragma{"journal_mode", "WAL", "wal"},
    Pragma{"synchronous", "FULL", "2"},
    Pragma{"wal_autocheckpoint", "1000", "1000"},
    Pragma{"journal_size_limit", "8388608", "8388608"},
    Pragma{"busy_timeout", "5000", "5000"},
    Pragma{"foreign_keys", "ON", "1"},
    Pragma{"trusted_schema", "OFF", "0"},
    Pragma{"cell_size_check", "ON", "1"},
    Pragma{"secure_delete", "ON", "1"},
};

constexpr std::array reader_pragmas{
    Pragma{"busy_timeout", "5000", "5000"},
    Pragma{"trusted_schema", "OFF", "0"},
    Pragma{"cell_size_check", "ON", "1"},
    Pragma{"query_only", "ON", "1"},
};

template <typename Pragmas>
void set_all(Connection& connection, const Pragmas& pragmas) {
  for (const Pragma& pragma : pragmas) {
    const std::string name = pragma.name;
    connection.execute("PRAGMA " + name + "=" + pragma.set);
    const std::string taken = connection.ask("PRAGMA " + name);
    if (taken == pragma.reads) continue;
    std::string text = "PRAGMA ";
    text.append(name).append(" is ").append(taken).append(", wanted ").append(pragma.reads);
    throw std::runtime_error(text);
  }
}

// Every fact carries when: seq orders, t_us is UTC in µs with the local offset of the moment, mono_us the
// steady clock. STRICT keeps wrong types out. As in schema 1, but for `access`.
constexpr const char* tables_of_1 = R"sql(
CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK(one = 1), clean INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES(1, 1);

CREATE TABLE session(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  participant TEXT NOT NULL, preset TEXT NOT NULL, preset_version INTEGER NOT NULL, recording INTEGER NOT NULL,
  settings_hash TEXT NOT NULL, software TEXT NOT NULL, formula_version TEXT NOT NULL,
  end_seq INTEGER, end_t_us INTEGER, end_offset_min INTEGER, end_mono_us INTEGER, end_reason TEXT) STRICT;
CREATE INDEX session_participant ON session(participant);

CREATE TABLE channel(
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, capability TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL,
  UNIQUE(device, capability)) STRICT;

CREATE TABLE reading(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), channel INTEGER NOT NULL REFERENCES channel(id),
  value REAL, text TEXT, quality INTEGER NOT NULL) STRICT;
CREATE INDEX reading_session ON reading(session, channel);

CREATE TABLE chunk(
  id INTEGER PRIMARY KEY, session INTEGER REFERENCES session(id), device TEXT NOT NULL, stream TEXT NOT NULL,
  boot TEXT NOT NULL, seq INTEGER NOT NULL, seq_end INTEGER NOT NULL,
  t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL, mono_end_us INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, frames INTEGER NOT NULL, samples INTEGER NOT NULL,
  from_t_us INTEGER NOT NULL, to_t_us INTEGER NOT NULL, codec INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE INDEX chunk_session ON chunk(session);
CREATE INDEX chunk_seq_end ON chunk(seq_end);

CREATE TABLE command(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), channel INTEGER NOT NULL REFERENCES channel(id),
  value REAL, text TEXT, transition_ms INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;
CREATE INDEX command_session ON command(session);

CREATE TABLE confirmation(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), command_seq INTEGER NOT NULL, confirmed REAL, measured REAL) STRICT;
CREATE INDEX confirmation_command ON confirmation(command_seq);

CREATE TABLE event(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), kind TEXT NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX event_session ON event(session);

CREATE TABLE rating(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  session INTEGER REFERENCES session(id), whose TEXT NOT NULL, "by" TEXT NOT NULL, "when" TEXT NOT NULL,
  state TEXT NOT NULL, actor TEXT NOT NULL) STRICT;
CREATE INDEX rating_session ON rating(session);

)sql";

// Since schema 2. `access` is a chain: n counts its entries, hash covers the row and the hash before it; what
// points at a person (session, whose, why) is covered through `personal`, so that it can be erased and the
// chain still holds. The triggers let nothing else change.
constexpr const char* tables_of_2 = R"sql(
CREATE TABLE participant(
  code TEXT PRIMARY KEY, seq INTEGER NOT NULL, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL,
  mono_us INTEGER NOT NULL, state TEXT NOT NULL CHECK(state IN ('listed', 'unlisted'))) STRICT;

CREATE TABLE access(
  seq INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL, mono_us INTEGER NOT NULL,
  n INTEGER NOT NULL UNIQUE, actor_kind TEXT NOT NULL, actor_role TEXT NOT NULL, actor_id TEXT NOT NULL,
  what TEXT NOT NULL, session TEXT, whose TEXT, "from" TEXT NOT NULL, why TEXT, denied INTEGER NOT NULL,
  salt BLOB, personal BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, redacted INTEGER) STRICT;
CREATE INDEX access_whose ON access(whose);
CREATE INDEX access_session ON access(session);
CREATE TABLE access_chain(
  one INTEGER PRIMARY KEY CHECK(one = 1), anchor_n INTEGER NOT NULL, anchor_seq INTEGER NOT NULL,
  anchor_hash BLOB NOT NULL, head_n INTEGER NOT NULL, head_hash BLOB NOT NULL) STRICT;
INSERT INTO access_chain VALUES(1, 0, 0, zeroblob(32), 0, zeroblob(32));
CREATE TRIGGER access_stays BEFORE DELETE ON access
WHEN OLD.n > (SELECT anchor_n FROM access_chain)
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER access_is_as_written BEFORE UPDATE ON access
WHEN NOT (NEW.redacted IS NOT NULL AND NEW.session IS NULL AND NEW.whose IS NULL AND NEW.why IS NULL
  AND NEW.salt IS NULL AND NEW.seq = OLD.seq AND NEW.t_us = OLD.t_us AND NEW.offset_min = OLD.offset_min
  AND NEW.mono_us = OLD.mono_us AND NEW.n = OLD.n AND NEW.actor_kind = OLD.actor_kind
  AND NEW.actor_role = OLD.actor_role AND NEW.actor_id = OLD.actor_id AND NEW.what = OLD.what
  AND NEW."from" = OLD."from" AND NEW.denied = OLD.denied AND NEW.personal = OLD.personal
  AND NEW.prev = OLD.prev AND NEW.hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TABLE deletion(
  id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, t_us INTEGER NOT NULL, offset_min INTEGER NOT NULL,
  mono_us INTEGER NOT NULL, what TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_role TEXT NOT NULL,
  actor_id TEXT NOT NULL, older_than_us INTEGER, sessions INTEGER NOT NULL DEFAULT 0,
  readings INTEGER NOT NULL DEFAULT 0, chunks INTEGER NOT NULL DEFAULT 0, commands INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0, ratings INTEGER NOT NULL DEFAULT 0, accesses INTEGER NOT NULL DEFAULT 0,
  done_t_us INTEGER) STRICT;
-- What a deletion that is not finished still has to remove.
CREATE TABLE erasure(
  deletion INTEGER PRIMARY KEY, what TEXT NOT NULL, session INTEGER, name TEXT, code TEXT) STRICT;

CREATE INDEX confirmation_session ON confirmation(session);
CREATE INDEX chunk_t ON chunk(t_us);
CREATE INDEX session_t ON session(t_us);
CREATE INDEX reading_loose ON reading(t_us) WHERE session IS NULL;
CREATE INDEX command_loose ON command(t_us) WHERE session IS NULL;
CREATE INDEX confirmation_loose ON confirmation(t_us) WHERE session IS NULL;
CREATE INDEX event_loose ON event(t_us) WHERE session IS NULL;
)sql";

// ISO 8601 with milliseconds and offset, from integers: the writer never formats a time.
std::string iso(const std::string& alias, const std::string& prefix = "") {
  const std::string t = alias + "." + prefix + "t_us";
  const std::string offset = alias + "." + prefix + "offset_min";
  return "strftime('%Y-%m-%dT%H:%M:%S', " + t + "/1000000 + " + offset +
         "*60, 'unixepoch') || printf('.%03d', " + t + "/1000%1000) || CASE WHEN " + offset +
         " < 0 THEN '-' ELSE '+' END || printf('%02d:%02d', abs(" + offset + ")/60, abs(" + offset + ")%60)";
}

// The columns every view begins with.
std::string stamp(const std::string& alias) {
  return alias + ".seq AS seq, " + iso(alias) + " AS t, " + alias + ".mono_us/1e6 AS mono_s";
}

const std::string of_session = " LEFT JOIN session s ON s.id = x.session;\n";

std::string session_view() {
  return "CREATE VIEW v_session AS SELECT " + stamp("s") +
         ", s.name AS id, s.participant AS participant, s.preset AS preset, s.preset_version AS "
         "preset_version, " +
         iso("s") + " AS start, " + iso("s", "end_") +
         " AS \"end\", s.end_reason AS end_reason, s.end_seq AS end_seq, s.end_mono_us/1e6 AS end_mono_s, "
         "s.recording AS recording, s.settings_hash AS settings_hash, s.software AS software, "
         "s.formula_version AS formula_version, "
         "(SELECT count(*) FROM reading r WHERE r.session = s.id) + "
         "(SELECT coalesce(sum(frames), 0) FROM chunk c WHERE c.session = s.id) AS n_readings FROM session "
         "s;\n";
}

std::string reading_view() {
  return "CREATE VIEW v_reading AS SELECT " + stamp("x") +
         ", s.name AS session, c.device AS device, c.capability AS channel, "
         "CASE WHEN c.kind IN ('text', 'choice') THEN x.text ELSE x.value END AS value, c.unit AS unit, "
         "CASE x.quality WHEN 0 THEN 'good' WHEN 1 THEN 'doubtful' ELSE 'unknown' END AS quality, "
         "CASE WHEN c.kind IN ('text', 'choice') THEN NULL ELSE x.text END AS note "
         "FROM reading x JOIN channel c ON c.id = x.channel" +
         of_session;
}

// The latest word of each kind counts; commanded, confirmed and measured stay three facts.
std::string command_view() {
  const auto latest = [](const std::string& what) {
    return "(SELECT " + what + " FROM confirmation f WHERE f.command_seq = x.seq AND f." + what +
           " IS NOT NULL ORDER BY f.seq DESC LIMIT 1) AS " + what;
  };
  return "CREATE VIEW v_command AS SELECT " + stamp("x") +
         ", s.name AS session, c.device AS device, c.capability AS channel, c.unit AS unit, "
         "CASE WHEN c.kind IN ('text', 'choice') THEN x.text ELSE x.value END AS commanded, " +
         latest("confirmed") + ", " + latest("measured") +
         ", x.transition_ms AS transition_ms, x.origin AS origin "
         "FROM command x JOIN channel c ON c.id = x.channel" +
         of_session;
}

std::string plain_view(const std::string& table, const std::string& columns) {
  return "CREATE VIEW v_" + table + " AS SELECT " + stamp("x") + ", s.name AS session, " + columns +
         " FROM " + table + " x" + of_session;
}

std::string access_view() {
  return "CREATE VIEW v_access AS SELECT " + stamp("x") +
         ", x.session AS session, x.actor_kind AS actor_kind, x.actor_role AS actor_role, x.actor_id AS "
         "actor_id, x.what AS what, x.whose AS whose, x.\"from\" AS \"from\", x.why AS why, x.denied AS "
         "denied, x.n AS n, x.redacted AS redacted, lower(hex(x.hash)) AS hash FROM access x;\n";
}

std::string deletion_view() {
  return "CREATE VIEW v_deletion AS SELECT " + stamp("x") +
         ", x.what AS what, x.actor_kind AS actor_kind, x.actor_role AS actor_role, x.actor_id AS actor_id, "
         "x.older_than_us AS older_than_us, x.sessions AS sessions, x.readings AS readings, x.chunks AS "
         "chunks, x.commands AS commands, x.events AS events, x.ratings AS ratings, x.accesses AS accesses, "
         "x.done_t_us IS NOT NULL AS done FROM deletion x;\n";
}

std::string participant_view() {
  return "CREATE VIEW v_participant AS SELECT " + stamp("x") +
         ", x.code AS code, x.state AS state, (SELECT count(*) FROM session s WHERE s.participant = x.code) "
         "AS sessions FROM participant x;\n";
}

std::string views() {
  return session_view() + reading_view() + command_view() +
         plain_view("event", "x.kind AS kind, x.data AS data") +
         plain_view("rating",
                    "x.whose AS whose, x.\"by\" AS \"by\", x.\"when\" AS \"when\", x.state AS state, "
                    "x.actor AS actor") +
         plain_view("chunk",
                    "x.device AS device, x.stream AS stream, x.boot AS boot, x.first_seq AS first_seq, "
                    "x.last_seq AS last_seq, x.frames AS frames, x.samples AS samples, "
                    "x.from_t_us AS from_t_us, x.to_t_us AS to_t_us, x.mono_end_us/1e6 AS mono_end_s, "
                    "x.codec AS codec, x.data AS data") +
         access_view() + deletion_view() + participant_view();
}

}  // namespace

void set_writer_pragmas(Connection& connection) { set_all(connection, writer_pragmas); }

void set_reader_pragmas(Connection& connection) { set_all(connection, reader_pragmas); }

void create_tables_of_2(Connection& connection) { connection.execute(tables_of_2); }

void create_views(Connection& connection) { connection.execute(views()); }

void drop_views(Connection& connection) {
  std::vector<std::string> names;
  Statement all = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'");
  while (all.step()) names.push_back(all.text(0));
  all.reset();
  for (const std::string& name : names) connection.execute("DROP VIEW \"" + name + "\"");
}

void set_version(Connection& connection, std::int64_t version) {
  connection.execute("PRAGMA user_version=" + std::to_string(version));
}

void create_schema(Connection& connection) {
  connection.execute("BEGIN IMMEDIATE");
  connection.execute(tables_of_1);
  create_tables_of_2(connection);
  create_views(connection);
  connection.execute("PRAGMA application_id=" + std::to_string(application_id));
  set_version(connection, schema_version);
  connection.execute("COMMIT");
}

}  // namespace rytme::journal
