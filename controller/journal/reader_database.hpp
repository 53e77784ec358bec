// SPDX-License-Identifier: Apache-2.0
// The reader's connection. Every question is one read transaction that ends with the answer: a long reader
// would stop the writer's checkpoint.
#pragma once

#include "controller/journal/journal.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/reader.hpp"

namespace rytme::journal {

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
