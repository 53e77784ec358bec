// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/sqlite.hpp"

#include <utility>

#include <sqlite3.h>

namespace rytme::journal {
namespace {

constexpr int primary_code_mask = 0xff;
constexpr int usual_wait_ms = 5000;  // busy_timeout of schema.cpp

[[noreturn]] void fail(sqlite3* database, int code) {
  throw SqlError(code & primary_code_mask,
                 database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
}

void check(sqlite3_stmt* statement, int code) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement), code);
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) {
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) fail(database, code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_);
  const SqlError error(code & primary_code_mask, sqlite3_errmsg(database));
  sqlite3_reset(statement_);
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);  // repeats the code of the last step, which has been thrown already
  sqlite3_clear_bindings(statement_);
}

int Statement::columns() const { return sqlite3_column_count(statement_); }

std::string_view Statement::name(int column) const { return sqlite3_column_name(statement_, column); }

Statement::Type Statement::type(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return Type::integer;
    case SQLITE_FLOAT:
      return Type::real;
    case SQLITE_TEXT:
      return Type::text;
    case SQLITE_BLOB:
      return Type::blob;
    default:
      return Type::null;
  }
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::optional<double> Statement::maybe_real(int column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

std::string Statement::text(int column) const {
  const auto* text =
      static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(statement_, column)));
  return text == nullptr
             ? std::string{}
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::string Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes == nullptr
             ? std::string{}
             : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

void Statement::bind(int index, std::int64_t value) {
  check(statement_, sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, double value) {
  check(statement_, sqlite3_bind_double(statement_, index, value));
}

void Statement::bind(int index, std::string_view value) {
  // A null pointer would be stored as NULL, not as the empty text.
  const char* bytes = value.data() == nullptr ? "" : value.data();
  check(statement_, sqlite3_bind_text64(statement_, index, bytes, value.size(), nullptr, SQLITE_UTF8));
}

void Statement::bind(int index, Blob value) {
  check(statement_, sqlite3_bind_blob64(statement_, index, value.bytes.data(), value.bytes.size(), nullptr));
}

void Statement::bind(int index, std::nullopt_t) { check(statement_, sqlite3_bind_null(statement_, index)); }

Connection::Connection(const std::filesystem::path& file, Mode mode) {
  const int flags =
      (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &database_, flags, nullptr);
  if (code == SQLITE_OK) return;
  const SqlError error(code & primary_code_mask, sqlite3_errstr(code));
  sqlite3_close_v2(std::exchange(database_, nullptr));
  throw error;
}

Connection::~Connection() { sqlite3_close_v2(database_); }

Connection::Connection(Connection&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), deadline_(std::move(other.deadline_)) {}

void Connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database_, code);
}

std::string Connection::ask(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.text(0) : std::string{};
}

std::int64_t Connection::ask_integer(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool Connection::checkpoint(Checkpoint how, const std::function<bool()>& wait) {
  constexpr int modes[]{SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE};
  const auto busy = [](void* willing, int) {
    const auto& go_on = *static_cast<const std::function<bool()>*>(willing);
    if (!go_on || !go_on()) return 0;
    sqlite3_sleep(1);
    return 1;
  };
  int in_log = 0, done = 0;
  std::function<bool()> willing = wait;
  sqlite3_busy_handler(database_, busy, &willing);
  const int code =
      sqlite3_wal_checkpoint_v2(database_, nullptr, modes[static_cast<int>(how)], &in_log, &done);
  sqlite3_busy_timeout(database_, usual_wait_ms);
  if (code == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) fail(database_, code);
  return done == in_log;
}

void Connection::count_log_frames(int& frames) {
  sqlite3_wal_hook(
      database_,
      [](void* into, sqlite3*, const char*, int count) {
        *static_cast<int*>(into) = count;
        return SQLITE_OK;
      },
      &frames);
}

void Connection::checkpoint_on_close(bool on) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

void Connection::give_up_at(std::optional<std::chrono::steady_clock::time_point> deadline) {
  constexpr int instructions_between_looks = 1000;
  deadline_ = deadline ? std::make_unique<std::chrono::steady_clock::time_point>(*deadline) : nullptr;
  const auto is_past = [](void* at) {
    return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(at) ? 1
                                                                                                       : 0;
  };
  sqlite3_progress_handler(database_, instructions_between_looks,
                           deadline ? static_cast<int (*)(void*)>(is_past) : nullptr, deadline_.get());
}

void Connection::end_reading() noexcept { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

}  // namespace rytme::journal
