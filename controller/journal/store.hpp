// SPDX-License-Identifier: Apache-2.0
// Entries into rows, one transaction per batch, with statements prepared once. Committing the same batch
// again is harmless, so a batch that failed is simply tried again. Owner and thread: the writer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/journal/chunker.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/journal/wal_watch.hpp"
#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

class Store {
 public:
  Store(Connection connection, std::string formula_version);

  // `entries` without stream frames: those come as chunks. Throws SqlError; then nothing of the batch is
  // stored.
  void commit(const std::vector<JournalEntry>& entries, const std::vector<ChunkRow>& chunks);
  // After each commit; `hurry`: something waits that must not wait.
  void tend_log(WalWatch& watch, const std::function<bool()>& hurry) {
    watch.committed(connection_, log_frames_, hurry);
  }
  // Marks the file clean and empties the WAL, if no reader is in the way for a second. Throws SqlError.
  void finish();
  std::int64_t next_chunk_id();

 private:
  struct Row;
  struct Statements {
    explicit Statements(Connection& connection);
    Statement begin, commit, dirty, find_session, add_session, start_session, end_session, start_of,
        change_session, find_channel, add_channel, reading, chunk, command, confirmation, event, rating,
        access;
  };

  void store(const JournalEntry& entry);
  void put(const Row& row, const entry::SessionStart& start);
  void put(const Row& row, const entry::SessionEnd& end);
  void put(const Row& row, const entry::SessionChange& change);
  void put(const Row& row, const entry::Value& value);
  void put(const Row& row, const entry::Commanded& command);
  void put(const Row& row, const entry::Confirmed& confirmed);
  void put(const Row& row, const entry::Event& event);
  void put(const Row& row, const entry::Rating& rating);
  void put(const Row& row, const entry::Access& access);
  static void put(const Row& row, const entry::Heart& heart);
  static void put(const Row& row, const entry::Motion& motion);
  void store(const ChunkRow& chunk);
  Row stamped(std::uint64_t seq, const Now& at, const std::string& session);
  std::int64_t session_id(const std::string& name, const Row& row);
  std::int64_t channel_id(const std::string& device, Capability capability);
  std::int64_t end_t_us(std::int64_t session, const Row& row);
  std::int64_t local_offset_min(std::int64_t t_us);

  int log_frames_{};  // the connection writes here
  Connection connection_;
  Statements statements_;
  std::string formula_version_;
  bool dirty_{};
  std::map<std::string, std::int64_t> sessions_;
  std::map<std::pair<std::string, Capability>, std::int64_t> channels_;
  std::optional<std::int64_t> offset_quarter_;  // the quarter of an hour that offset_min_ is valid for
  std::int64_t offset_min_{};
};

}  // namespace rytme::journal
