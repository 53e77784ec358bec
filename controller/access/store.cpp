// SPDX-License-Identifier: Apache-2.0
#include "controller/access/store.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/access/secret.hpp"
#include "controller/journal/transaction.hpp"

namespace rytme::access {
namespace {

using journal::Blob;
using journal::Connection;
using journal::Statement;
using journal::Transaction;

constexpr std::size_t id_length = 4;
constexpr std::int64_t schema_version = 1;

// Command line and room take turns within milliseconds.
constexpr const char* manners =
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA "
    "trusted_schema = OFF;"
    "PRAGMA secure_delete = ON;";

constexpr const char* schema = R"(
CREATE TABLE user(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role TEXT NOT NULL,
  password TEXT NOT NULL, totp BLOB NOT NULL, totp_step INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 1,
  disabled INTEGER NOT NULL DEFAULT 0, created_s INTEGER NOT NULL) STRICT;
CREATE TABLE tablet(id TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, enrolled_s INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE TABLE enrolment(code BLOB PRIMARY KEY, until_s INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE TABLE change(seq INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, by TEXT NOT NULL) STRICT;
PRAGMA user_version = 1;
)";

// SQLite would make it as the umask says; a file that root makes beside the room's others is the room's.
std::filesystem::path made(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), file.string());
  struct stat folder {};
  const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const bool ours = ::fchmod(fd, 0600) == 0 && ::stat(parent.c_str(), &folder) == 0 &&
                    (::geteuid() != 0 || ::fchown(fd, folder.st_uid, folder.st_gid) == 0);
  const int error = errno;
  ::close(fd);
  if (!ours) throw std::system_error(error, std::generic_category(), file.string());
  return file;
}

User user_of(Statement& row) {
  User user;
  user.id = row.text(0);
  user.name = row.text(1);
  user.role = role_from(row.text(2)).value_or(Role::staff);
  user.password = row.text(3);
  user.totp = row.blob(4);
  user.totp_step = row.integer(5);
  user.epoch = row.integer(6);
  user.disabled = row.integer(7) != 0;
  user.created_s = row.integer(8);
  return user;
}

constexpr std::string_view user_columns =
    "SELECT id, name, role, password, totp, totp_step, epoch, disabled, created_s FROM user ";

}  // namespace

std::filesystem::path store_file(const std::filesystem::path& folder) { return folder / "access.db"; }

Store::Store(const std::filesystem::path& file) : connection_(made(file), Connection::Mode::read_write) {
  connection_.execute(manners);
  Transaction transaction(connection_);
  const std::int64_t version = connection_.ask_integer("PRAGMA user_version");
  if (version > schema_version)
    throw std::runtime_error(file.string() + " is from a newer version of this program");
  if (version == 0) connection_.execute(schema);
  transaction.commit();
}

std::vector<User> Store::users() {
  std::vector<User> all;
  Statement rows = connection_.prepare(std::string(user_columns) + "ORDER BY name");
  while (rows.step()) all.push_back(user_of(rows));
  return all;
}

std::optional<User> Store::user_named(std::string_view name) {
  Statement row = connection_.prepare(std::string(user_columns) + "WHERE name = ?1");
  if (!row.with(name).step()) return std::nullopt;
  return user_of(row);
}

std::optional<std::string> Store::add_user(const User& user, std::string_view by) {
  Transaction transaction(connection_);
  if (user_named(user.name)) return std::nullopt;
  const std::string id = free_id("user");
  connection_
      .prepare(
          "INSERT INTO user(id, name, role, password, totp, totp_step, created_s) VALUES(?1, ?2, ?3, ?4, ?5, "
          "?6, ?7)")
      .with(id, user.name, name_of(user.role), user.password, Blob{user.totp}, user.totp_step, user.created_s)
      .run();
  note("account " + id + " added as " + std::string(name_of(user.role)), by);
  transaction.commit();
  return id;
}

bool Store::changed_user(std::string_view sql, std::string_view name, std::string_view value,
                         std::string_view what, std::string_view by) {
  Transaction transaction(connection_);
  const auto user = user_named(name);
  if (!user) return false;
  connection_.prepare(sql).with(user->id, Blob{value}).run();
  note("account " + user->id + " " + std::string(what), by);
  transaction.commit();
  return true;
}

bool Store::set_password(std::string_view name, std::string_view hash, std::string_view by) {
  return changed_user("UPDATE user SET password = CAST(?2 AS TEXT), epoch = epoch + 1 WHERE id = ?1", name,
                      hash, "has a new password", by);
}

bool Store::set_totp(std::string_view name, std::string_view secret, std::string_view by) {
  return changed_user("UPDATE user SET totp = ?2, totp_step = 0, epoch = epoch + 1 WHERE id = ?1", name,
                      secret, "has a new authenticator", by);
}

bool Store::set_disabled(std::string_view name, bool disabled, std::string_view by) {
  return changed_user("UPDATE user SET disabled = (?2 = x'31'), epoch = epoch + 1 WHERE id = ?1", name,
                      disabled ? "1" : "0", disabled ? "disabled" : "enabled", by);
}

bool Store::use_totp_step(std::string_view id, std::int64_t step) {
  Statement use = connection_.prepare(
      "UPDATE user SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2 AND disabled = 0 RETURNING 1");
  return use.with(id, step).step();
}

std::vector<Tablet> Store::tablets() {
  std::vector<Tablet> all;
  Statement rows =
      connection_.prepare("SELECT id, token, enrolled_s, by FROM tablet ORDER BY enrolled_s, id");
  while (rows.step()) all.push_back({rows.text(0), rows.blob(1), rows.integer(2), rows.text(3)});
  return all;
}

void Store::offer_enrolment(std::string_view code_digest, std::int64_t until_s, std::string_view by) {
  Transaction transaction(connection_);
  connection_.execute("DELETE FROM enrolment");
  connection_.prepare("INSERT INTO enrolment(code, until_s, by) VALUES(?1, ?2, ?3)")
      .with(Blob{code_digest}, until_s, by)
      .run();
  note("code for a tablet made", by);
  transaction.commit();
}

std::optional<std::string> Store::enrol(std::string_view code_digest, std::string_view token_digest,
                                        std::int64_t now_s) {
  Transaction transaction(connection_);
  std::string by;
  {
    Statement code =
        connection_.prepare("DELETE FROM enrolment WHERE code = ?1 AND until_s > ?2 RETURNING by");
    if (!code.with(Blob{code_digest}, now_s).step()) return std::nullopt;
    by = code.text(0);
    code.run();
  }
  const std::string id = free_id("tablet");
  connection_.prepare("INSERT INTO tablet(id, token, enrolled_s, by) VALUES(?1, ?2, ?3, ?4)")
      .with(id, Blob{token_digest}, now_s, by)
      .run();
  note(id + " enrolled", by);
  transaction.commit();
  return id;
}

bool Store::revoke(std::string_view tablet, std::string_view by) {
  Transaction transaction(connection_);
  Statement gone = connection_.prepare("DELETE FROM tablet WHERE id = ?1 RETURNING id");
  if (!gone.with(tablet).step()) return false;
  gone.run();
  note(std::string(tablet) + " revoked", by);
  transaction.commit();
  return true;
}

std::vector<Change> Store::changes() {
  std::vector<Change> all;
  Statement rows = connection_.prepare("SELECT seq, what, by FROM change ORDER BY seq LIMIT 100");
  while (rows.step()) all.push_back({rows.integer(0), rows.text(1), rows.text(2)});
  return all;
}

void Store::told(std::int64_t seq) {
  connection_.prepare("DELETE FROM change WHERE seq <= ?1").with(seq).run();
}

std::int64_t Store::version() { return connection_.ask_integer("PRAGMA data_version"); }

void Store::note(std::string_view what, std::string_view by) {
  connection_.prepare("INSERT INTO change(what, by) VALUES(?1, ?2)").with(what, by).run();
}

std::string Store::free_id(std::string_view kind) {
  Statement taken = connection_.prepare(
      "SELECT EXISTS(SELECT 1 FROM user WHERE id = ?1) OR EXISTS(SELECT 1 FROM tablet WHERE id = ?1)");
  for (int tries = 0; tries < 100; ++tries) {
    std::string id = std::string(kind) + "-" + random_code(id_length);
    if (taken.with(id).step() && taken.integer(0) == 0) return id;
  }
  throw std::runtime_error("no id is free");
}

}  // namespace rytme::access
