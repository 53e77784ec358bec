// SPDX-License-Identifier: Apache-2.0
// The reader's connection. Every question is one read transaction that ends with the answer: a long reader
// would stop the writer's checkpoint.
#pragma once

#include "controller/journal/journal.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/reader.hpp"

namespace rytme::journal {

inline constexpr int interrupted_code = 9;  // SQLITE_INTERRUPT

// While it lives, statements of the connection have a last moment.
class Deadline {
 public:
  explicit Deadline(Connection& connection) : connection_(connection) {
    connection_.give_up_at(std::chrono::steady_clock::now() + longest_question);
  }
  ~Deadline() { connection_.give_up_at(std::nullopt); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  Connection& connection_;
};

class Reader::Database {
 public:
  explicit Database(const std::filesystem::path& file) : connection_(open_for_reading(file)) {}

  // `question(connection)` within one snapshot. Throws JournalError.
  template <typename Question>
  auto ask(const Question& question) {
    try {
      const Snapshot snapshot(connection_);
      return question(connection_);
    } catch (const SqlError& error) {
      if (error.code() == interrupted_code)
        throw QuestionTooLong("the question took longer than 1 s; ask for less");
      throw JournalError(std::string("the journal cannot be read: ") + error.what());
    }
  }

 private:
  class Snapshot {
   public:
    explicit Snapshot(Connection& connection) : connection_(connection) { connection_.execute("BEGIN"); }
    ~Snapshot() { connection_.end_reading(); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    Connection& connection_;
  };

  Connection connection_;
};

}  // namespace rytme::journal
