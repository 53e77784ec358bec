// SPDX-License-Identifier: Apache-2.0
// The room's record: one SQLite file, one writing connection on its own thread that commits in batches,
// readers that only read. append() never waits for the disk. Owner: app. Thread: append and the getters from
// the logic thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "controller/room/journal_entry.hpp"
#include "controller/room/variant.hpp"

namespace rytme::journal {

// How long what is kept stays. A month is 31 days.
struct Retention {
  int waveforms_days{30};     // heart and motion frames
  int summaries_months{12};   // everything else of a session, and what happened outside sessions
  int access_log_months{24};  // who looked
};

struct Options {
  std::filesystem::path file;
  std::chrono::milliseconds batch{1000};  // at most this long from append to durable
  // Memory of what waits for the disk: samples up to here, what is worth more up to twice as much
  // (entry_queue.hpp).
  std::size_t queue_bytes{std::size_t{32} << 20U};
  std::string formula_version{};  // of the derived values (signals), kept with every session
  Retention retention{};
  bool
      set_aside{};  // the file keeps the controller from starting: it is given another name, a new one begins
  // Asked by the writer's thread; without it nothing is erased and nothing grows too old.
  std::function<Now()> clock{};
};

// What was found when the file was opened.
struct Opening {
  std::uint64_t next_seq{1};
  bool unclean{};                // not closed in order last time; quick_check was run
  std::string set_aside;         // name the corrupt file was given, "" when all was well
  std::string before_migration;  // copy of the file made before its schema was brought up to date, "" if none
  // A session that was open when the controller died; open_session is "" when there was none.
  std::string open_session;
  std::string open_preset;
  std::string open_participant;
  bool open_recording{};
  bool open_withdrawn{};  // the participant had withdrawn
  double open_lived_s{};  // from its start to the last thing kept of it: the outage is no part of a session
  bool latched{};         // the room was stopped and nobody has said «Klar igjen»
  std::map<std::string, Variant> variants;  // how the presets are run, by participant
};

// Of the journal's file, and of the disk it lies on.
struct DiskSpace {
  std::uint64_t file_bytes{}, free_bytes{}, all_bytes{};  // free: for us
};

struct Health {
  std::uint64_t written{}, dropped{}, commits{}, failures{};
  std::uint64_t dropped_facts{}, dropped_essential{};  // of `dropped`; the rest were samples
  std::size_t queued{}, queued_bytes{};                // bytes: with what is being written
  std::uint64_t durable_seq{};                         // everything up to here is on disk
  bool recording_possible{true};                       // false: disk full or I/O error; resumes by itself
  std::string fault;
  std::chrono::microseconds last_commit{};
  std::uint64_t log_bytes{};  // of the -wal file that are not in the database yet
  std::optional<DiskSpace>
      disk;  // as the writer saw it last, a minute ago at most; nullopt: it cannot be told
  // Who keeps the log from being emptied, and for how long; "" nobody. It grows, and nothing else suffers.
  std::string log_held_by;
  std::chrono::seconds log_held{};
};

// The file is not a journal of ours, is newer than this software, or cannot be opened: what() says which, in
// one line.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Another process writes: the room runs.
class JournalInUse : public JournalError {
 public:
  using JournalError::JournalError;
};

class Journal {
 public:
  // Opens or creates the file, migrates, runs quick_check after an unclean stop; a corrupt file is renamed
  // with its -wal and -shm and a new one begun. Throws JournalError.
  Journal(Options options, Opening& opening);
  ~Journal();  // as close()
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void append(JournalEntry entry);
  // Writes everything queued, marks the file clean, joins the writer.
  void close();
  Health health() const;

  // Called on the writer's thread after each commit that had an urgent entry, when health changes, and while
  // the log is held, whenever that has doubled; only post.
  void on_progress(std::function<void()> callback);

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace rytme::journal
