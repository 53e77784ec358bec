// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/opening.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include "controller/journal/copy.hpp"
#include "controller/journal/housekeeping.hpp"
#include "controller/journal/migration.hpp"
#include "controller/journal/schema.hpp"
#include "controller/journal/variants.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

// Checked at every start, not only after an unclean stop: it costs less than 0.1 s up to here.
constexpr std::uintmax_t always_check_bytes = std::uintmax_t{32} << 20U;

// The content cannot be trusted; the file is to be set aside.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

bool is_damage(const SqlError& error) {
  // SQLITE_ERROR: a table or column of this very version is missing.
  return error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB || error.code() == SQLITE_ERROR;
}

std::string in_words(const fs::path& file, const std::string& what) { return file.string() + ": " + what; }

// Throws JournalError when the file is not ours or newer. True: there is nothing in it yet.
bool is_new(const fs::path& file, Connection& connection) {
  const std::int64_t id = connection.ask_integer("PRAGMA application_id");
  const std::int64_t version = connection.ask_integer("PRAGMA user_version");
  if (id == 0 && version == 0 && connection.ask_integer("SELECT count(*) FROM sqlite_schema") == 0)
    return true;
  if (id != application_id)
    throw JournalError(in_words(file, "is a database of another program, not a Rytme journal"));
  if (version > schema_version)
    throw JournalError(in_words(file, "was written by a newer Rytme (schema " + std::to_string(version) +
                                          ", this one knows " + std::to_string(schema_version) + ")"));
  if (version < 1) throw Damaged("a journal without a schema version");
  return false;
}

void check_content(const fs::path& file, Connection& connection, Opening& opening) {
  opening.unclean = connection.ask_integer("SELECT clean FROM meta") == 0;
  std::error_code ignored;
  if (!opening.unclean && fs::file_size(file, ignored) > always_check_bytes) return;
  const std::string verdict = connection.ask("PRAGMA quick_check(1)");
  if (verdict != "ok") throw Damaged(verdict);
}

// From the start, or from the last restart with what had been lived by then, to the last thing kept.
double lived_s(Connection& connection, std::int64_t session, std::int64_t began_us) {
  double before_s = 0;
  Statement restart = connection.prepare(
      "SELECT mono_us, json_extract(data, '$.elapsed_s') FROM event WHERE session = ?1 AND kind = 'state' "
      "AND json_extract(data, '$.elapsed_s') IS NOT NULL ORDER BY seq DESC LIMIT 1");
  if (restart.with(session).step()) {
    began_us = restart.integer(0);
    before_s = restart.real(1);
  }
  Statement last = connection.prepare(
      "SELECT max(t) FROM (SELECT max(mono_us) AS t FROM event WHERE session = ?1 UNION ALL "
      "SELECT max(mono_us) FROM reading WHERE session = ?1 UNION ALL "
      "SELECT max(mono_us) FROM command WHERE session = ?1 UNION ALL "
      "SELECT max(mono_end_us) FROM chunk WHERE session = ?1)");
  if (!last.with(session).step() || last.is_null(0)) return before_s;
  return before_s + std::max(0.0, static_cast<double>(last.integer(0) - began_us) / 1e6);
}

void find_open_session(Connection& connection, Opening& opening) {
  Statement statement = connection.prepare(
      "SELECT name, preset, participant, recording, "
      "EXISTS(SELECT 1 FROM event WHERE event.session = s.id AND kind = 'withdrawn'), s.id, s.mono_us "
      "FROM session AS s WHERE end_seq IS NULL ORDER BY seq DESC LIMIT 1");
  if (!statement.step()) return;
  opening.open_session = statement.text(0);
  opening.open_preset = statement.text(1);
  opening.open_participant = statement.text(2);
  opening.open_recording = statement.integer(3) != 0;
  opening.open_withdrawn = statement.integer(4) != 0;
  opening.open_lived_s = lived_s(connection, statement.integer(5), statement.integer(6));
}

// A stop outlives the process that made it.
void find_latch(Connection& connection, Opening& opening) {
  Statement statement =
      connection.prepare("SELECT data FROM v_event WHERE kind = 'state' ORDER BY seq DESC LIMIT 1");
  if (statement.step()) opening.latched = statement.text(0).find(R"("to":"stopped")") != std::string::npos;
}

Connection open_checked(const fs::path& file, Opening& opening) {
  try {
    Connection connection(file, Connection::Mode::read_write);
    connection.checkpoint_on_close(false);
    const bool fresh = is_new(file, connection);
    set_writer_pragmas(connection);
    if (fresh) create_schema(connection);
    check_content(file, connection, opening);
    opening.before_migration = migrate(connection, file).string();
    opening.next_seq = static_cast<std::uint64_t>(last_seq(connection)) + 1;
    find_open_session(connection, opening);
    find_latch(connection, opening);
    opening.variants = variants(connection);
    connection.checkpoint_on_close(true);
    return connection;
  } catch (const SqlError& error) {
    if (is_damage(error)) throw Damaged(error.what());
    throw JournalError(in_words(file, std::string("cannot be opened: ") + error.what()));
  } catch (const FileError& error) {
    throw JournalError(
        in_words(file, std::string("cannot be brought to the present schema: ") + error.what()));
  } catch (const std::system_error& error) {
    throw JournalError(in_words(file, std::string("cannot be opened: ") + error.what()));
  }
}

// The file with its -wal and -shm under a name that is not taken. Throws JournalError.
std::string set_aside(const fs::path& file) {
  fs::path aside;
  for (int number = 1; aside.empty() || fs::exists(aside); ++number)
    aside = file.string() + ".damaged-" + std::to_string(number);
  try {
    // The -wal first: a crash in between must never leave the new file with the old log.
    for (const char* companion : {"-wal", "-shm"})
      if (fs::exists(file.string() + companion))
        fs::rename(file.string() + companion, aside.string() + companion);
    fs::rename(file, aside);
  } catch (const fs::filesystem_error& error) {
    throw JournalError(
        in_words(file, std::string("is damaged and cannot be set aside: ") + error.code().message()));
  }
  return aside.string();
}

}  // namespace

WriterLock::WriterLock(const fs::path& file)
    : descriptor_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0)
    throw JournalError(
        in_words(file, "cannot be opened: " + std::error_code(errno, std::system_category()).message()));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(descriptor_);
  throw JournalInUse(in_words(file, "is in use by another process"));
}

WriterLock::~WriterLock() { ::close(descriptor_); }

Connection open_for_writing(const fs::path& file, Opening& opening, bool distrusted) {
  try {
    opening = {};
    remove_leftovers(file);
    try {
      if (distrusted && fs::exists(file)) throw Damaged("");
      return open_checked(file, opening);
    } catch (const Damaged&) {
      opening = {};
      opening.unclean = true;
      opening.set_aside = set_aside(file);
    }
    Opening fresh;
    Connection connection = open_checked(file, fresh);
    opening.next_seq = fresh.next_seq;
    return connection;
  } catch (const JournalError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw JournalError(in_words(file, std::string("cannot be opened: ") + error.what()));
  }
}

Connection open_sound(const fs::path& file, Opening& opening) {
  open_for_reading(file);  // there, ours, of a known version
  try {
    return open_checked(file, opening);
  } catch (const Damaged& error) {
    throw JournalError(in_words(file, std::string("is damaged: ") + error.what()));
  }
}

Connection open_for_reading(const fs::path& file) {
  if (!fs::exists(file)) throw JournalError(in_words(file, "there is no such file"));
  try {
    Connection connection(file, Connection::Mode::read_only);
    set_reader_pragmas(connection);
    if (is_new(file, connection)) throw JournalError(in_words(file, "is not a Rytme journal"));
    return connection;
  } catch (const JournalError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw JournalError(in_words(file, std::string("cannot be read: ") + error.what()));
  }
}

}  // namespace rytme::journal
