// SPDX-License-Identifier: Apache-2.0
// SQLite with owners and exceptions: a connection, a prepared statement, an error with its code. Not
// thread-safe: a connection and its statements belong to one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace rytme::journal {

class SqlError : public std::runtime_error {
 public:
  SqlError(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
  int code() const { return code_; }  // SQLite's primary result code

 private:
  int code_;
};

// A value or NULL; text and blobs are borrowed: they must live until run() or the next reset().
struct Blob {
  std::string_view bytes;
};

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  // Binds the arguments to parameters 1, 2, ... after a reset.
  template <typename... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  bool step();  // true: a row is there
  void run();   // to the end, then reset
  void reset();

  enum class Type { null, integer, real, text, blob };

  int columns() const;
  std::string_view name(int column) const;  // valid as long as the statement
  Type type(int column) const;
  bool is_null(int column) const { return type(column) == Type::null; }
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::optional<double> maybe_real(int column) const;
  std::string text(int column) const;  // NULL gives ""
  std::string blob(int column) const;

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, double value);  // NaN is stored as NULL
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view{value}); }
  void bind(int index, const char* value) { bind(index, std::string_view{value}); }
  void bind(int index, Blob value);
  void bind(int index, std::nullopt_t);
  template <typename Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value) {
      bind(index, *value);
    } else {
      bind(index, std::nullopt);
    }
  }

  sqlite3_stmt* statement_{};
};

class Connection {
 public:
  enum class Mode { read_only, read_write };

  Connection(const std::filesystem::path& file, Mode mode);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;

  Statement prepare(std::string_view sql) { return {database_, sql}; }
  void execute(const std::string& sql);
  std::string ask(std::string_view sql);  // first column of the first row as text
  std::int64_t ask_integer(std::string_view sql);
  bool in_transaction() const;
  sqlite3* handle() { return database_; }  // for what has no name here (backup); stays ours
  // passive: what no reader needs, without waiting. restart: all, and the next commit begins the log anew;
  // truncate: also empties the file. The latter wait for readers, 1 ms at a time while `wait` says so. False:
  // a reader was in the way. Throws SqlError.
  enum class Checkpoint { passive, restart, truncate };
  bool checkpoint(Checkpoint how, const std::function<bool()>& wait = {});
  // Leaves in `frames`, after each commit, how many the log holds. Takes the place of SQLite's own
  // checkpoints: whoever asks for this makes them. `frames` must outlive the connection.
  void count_log_frames(int& frames);
  // false: closing leaves the -wal as it is, for a file that may be damaged.
  void checkpoint_on_close(bool on);
  // Statements that still run then end with SqlError (SQLITE_INTERRUPT). nullopt: no limit, as at first.
  void give_up_at(std::optional<std::chrono::steady_clock::time_point> deadline);
  void end_reading() noexcept;  // ends a transaction that only read; such an end has nothing to fail at

 private:
  sqlite3* database_{};
  std::unique_ptr<std::chrono::steady_clock::time_point> deadline_;  // SQLite holds its address
};

}  // namespace rytme::journal
