// SPDX-License-Identifier: Apache-2.0
// Entries into rows, one transaction per batch, with statements prepared once. Committing the same batch
// again is harmless, so a batch that failed is simply tried again. Owner and thread: the writer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/journal/chunker.hpp"
#include "controller/journal/housekeeping.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/journal/wal_watch.hpp"
#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

class Store {
 public:
  Store(Connection connection, std::string formula_version, const Retention& retention = {});

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
  // Between commits: erasures and retention. Throws SqlError; nothing is lost then.
  Housekeeping& housekeeping() { return housekeeping_; }

 private:
  // The stamp that every row begins with.
  struct Row {
    std::uint64_t seq{};
    std::int64_t t_us{}, offset_min{}, mono_us{};
    std::optional<std::int64_t> session;
  };
  struct Statements {
    explicit Statements(Connection& connection);
    Statement begin, commit, dirty, find_session, add_session, start_session, end_session, start_of,
        change_session, participant_of, add_participant, list_participant, find_channel, add_channel, reading,
        chunk, command, confirmation, event, rating;
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
  void put(const Row& row, const entry::ParticipantAdded& added);
  void put(const Row& row, const entry::Erase& erase);
  static void put(const Row& row, const entry::Heart& heart);
  static void put(const Row& row, const entry::Motion& motion);
  void store(const ChunkRow& chunk);
  // A code that is in use and was not made here stands in the list as it came.
  void meet_participant(const Row& row, const std::string& code);
  bool is_erased(const JournalEntry& entry) const;
  Row stamped(std::uint64_t seq, const Now& at, const std::string& session);
  std::int64_t session_id(const std::string& name, const Row& row);
  std::int64_t channel_id(const std::string& device, Capability capability);
  std::int64_t end_t_us(std::int64_t session, const Row& row);
  std::int64_t offset_min(std::int64_t t_us);

  int log_frames_{};  // the connection writes here
  Connection connection_;
  Statements statements_;
  Housekeeping housekeeping_;
  std::string formula_version_;
  bool dirty_{};
  std::map<std::string, std::int64_t> sessions_;
  std::map<std::pair<std::string, Capability>, std::int64_t> channels_;
  std::set<std::string> erased_;                // sessions that must not come back, since the start
  std::set<std::string> withdrawn_;             // sessions whose streams must not
  std::optional<std::int64_t> offset_quarter_;  // the quarter of an hour that offset_min_ is valid for
  std::int64_t offset_min_{};
};

}  // namespace rytme::journal
