// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/housekeeping.hpp"

#include <filesystem>
#include <string>
#include <system_error>

#include <sqlite3.h>

#include "controller/journal/copy.hpp"
#include "controller/journal/deletion.hpp"
#include "controller/journal/erasure.hpp"
#include "controller/journal/wall_time.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

constexpr auto between_passes = std::chrono::hours{1};
constexpr auto patience = std::chrono::seconds{5};  // when a reader or a session is in the way
constexpr int pages_per_piece = 500;
constexpr int instructions_per_look = 5000;

constexpr const char* of_retention = "actor_role = 'retention'";
constexpr const char* of_erasures =
    "actor_role <> 'retention' AND NOT EXISTS(SELECT 1 FROM erasure WHERE erasure.deletion = deletion.id)";

bool any_open(Connection& connection, const char* which) {
  return connection.ask_integer(
             std::string("SELECT EXISTS(SELECT 1 FROM deletion WHERE done_t_us IS NULL AND ") + which +
             ")") != 0;
}

// SQLite gives the statement up when told to hurry.
class GivesWay {
 public:
  GivesWay(Connection& connection, const Housekeeping::Hurry& hurry)
      : connection_(connection), hurry_(hurry) {
    sqlite3_progress_handler(connection_.handle(), instructions_per_look, ask, this);
  }
  ~GivesWay() { sqlite3_progress_handler(connection_.handle(), 0, nullptr, nullptr); }
  GivesWay(const GivesWay&) = delete;
  GivesWay& operator=(const GivesWay&) = delete;

 private:
  static int ask(void* self) { return static_cast<GivesWay*>(self)->hurry_() ? 1 : 0; }
  Connection& connection_;
  const Housekeeping::Hurry& hurry_;
};

}  // namespace

Housekeeping::Housekeeping(Connection& connection, const Retention& policy)
    : connection_(connection), policy_(policy), clock_(newest_believed(connection)) {}

Instant Housekeeping::step(const Now& now, const Hurry& hurry) {
  if (erase_piece(connection_) || retention_piece(now)) return now.steady;
  const bool retained = any_open(connection_, of_retention);
  const bool erased = any_open(connection_, of_erasures);
  if (!retained && !erased) return next_pass_;
  if (give_back_pages()) return now.steady;
  if (erased && (session_is_on() || !write_anew(hurry))) return now.steady + patience;
  if (!empty_log()) return now.steady + patience;
  if (erased) mark_done(now, of_erasures);
  mark_done(now, of_retention);
  return next_pass_;
}

void Housekeeping::run_to_the_end(const Now& now) {
  const Hurry never = [] { return false; };
  while (erase_piece(connection_)) {
  }
  if (!any_open(connection_, of_erasures)) return;
  if (!write_anew(never) || !empty_log())
    throw SqlError(SQLITE_BUSY,
                   "somebody reads the journal; what was erased leaves the file at the next start");
  mark_done(now, of_erasures);
}

bool Housekeeping::retention_piece(const Now& now) {
  if (!pass_) {
    if (now.steady < next_pass_) return false;
    next_pass_ = now.steady + between_passes;
    if (!clock_.trusts(now)) return false;
    const RowStamp at = stamp(now);
    forget_old_copies(at);
    pass_.emplace(policy_, at);
  }
  if (pass_->piece(connection_)) return true;
  pass_.reset();
  return false;
}

// A copy made before a migration holds waveforms too, so it stays no longer than they do.
void Housekeeping::forget_old_copies(const RowStamp& at) {
  const std::int64_t older_than_us = at.t_us - std::int64_t{policy_.waveforms_days} * 86400 * 1000000;
  const fs::path file = sqlite3_db_filename(connection_.handle(), "main");
  for (const fs::path& copy : copies_beside(file)) {
    if (copy.filename().string().find(".schema-") == std::string::npos) continue;
    std::error_code error;
    const auto made = std::chrono::file_clock::to_sys(fs::last_write_time(copy, error)).time_since_epoch();
    if (error || std::chrono::duration_cast<std::chrono::microseconds>(made).count() >= older_than_us)
      continue;
    if (!fs::remove(copy, error)) continue;
    add_deletion(connection_, at, {.what = "copy", .older_than_us = older_than_us, .done_t_us = at.t_us});
  }
}

// The free pages, from the end of the file.
bool Housekeeping::give_back_pages() {
  const std::int64_t free = connection_.ask_integer("PRAGMA freelist_count");
  if (free == 0) return false;
  connection_.execute("PRAGMA incremental_vacuum(" + std::to_string(pages_per_piece) + ")");
  return connection_.ask_integer("PRAGMA freelist_count") < free;
}

// False: somebody reads what is in it.
bool Housekeeping::empty_log() {
  connection_.execute("PRAGMA busy_timeout=20");
  const bool busy = connection_.ask_integer("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
  connection_.execute("PRAGMA busy_timeout=5000");
  return !busy;
}

// secure_delete zeroes every row that goes, but not the copies that SQLite left in the slack of a page when
// it moved rows between pages (seen in 1 of 6 files of 1000 pages). Only a file written anew has none.
bool Housekeeping::write_anew(const Hurry& hurry) {
  const GivesWay gives_way(connection_, hurry);
  try {
    connection_.execute("VACUUM");
    return true;
  } catch (const SqlError& error) {
    if (error.code() == SQLITE_INTERRUPT || error.code() == SQLITE_BUSY) return false;
    throw;
  }
}

bool Housekeeping::session_is_on() {
  return connection_.ask_integer("SELECT end_seq IS NULL FROM session ORDER BY seq DESC LIMIT 1") != 0;
}

void Housekeeping::mark_done(const Now& now, const char* which) {
  connection_.prepare(std::string("UPDATE deletion SET done_t_us = ?1 WHERE done_t_us IS NULL AND ") + which)
      .with(std::int64_t{now.wall.time_since_epoch().count()})
      .run();
}

RowStamp Housekeeping::stamp(const Now& now) {
  const std::int64_t t_us = now.wall.time_since_epoch().count();
  const auto mono = std::chrono::duration_cast<std::chrono::microseconds>(now.steady.time_since_epoch());
  return {last_seq(connection_), t_us, local_offset_min(t_us), mono.count()};
}

std::int64_t last_seq(Connection& connection) {
  return connection.ask_integer(
      "SELECT coalesce(max(m), 0) FROM (SELECT max(seq) AS m FROM reading UNION ALL SELECT max(seq_end) FROM "
      "chunk UNION ALL SELECT max(seq) FROM command UNION ALL SELECT max(seq) FROM confirmation "
      "UNION ALL SELECT max(seq) FROM event UNION ALL SELECT max(seq) FROM rating UNION ALL SELECT max(seq) "
      "FROM access UNION ALL SELECT anchor_seq FROM access_chain UNION ALL SELECT max(seq) FROM deletion "
      "UNION ALL SELECT max(seq) FROM session UNION ALL SELECT max(end_seq) FROM session)");
}

}  // namespace rytme::journal
