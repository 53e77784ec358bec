// SPDX-License-Identifier: Apache-2.0
// Read-only questions to a journal file, while the room runs or not. Each opens its own read transaction and
// ends it within 1 s. Any thread, one object per thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/journal/journal.hpp"
#include "controller/journal/participants.hpp"

namespace rytme::journal {

class Connection;
struct AccessFact;
struct AccessFilter;
struct SessionFacts;

struct SessionSummary {
  std::string id, participant, preset;
  int preset_version{};
  std::string start, end;  // ISO 8601 with offset; end "" while open
  std::string end_reason;
  bool recording{};
  std::int64_t n_readings{};          // value rows + stream frames
  std::optional<double> valid_share;  // of heart time, 0-1; nullopt: nothing recorded
};

struct SessionFilter {
  std::string participant;  // "" = all
  std::string from, to;     // ISO 8601, "" = open
};

inline constexpr std::chrono::milliseconds longest_question{1000};

class QuestionTooLong : public JournalError {
 public:
  using JournalError::JournalError;
};

class Reader {
 public:
  // Throws JournalError (journal.hpp) when the file is not there, foreign or newer.
  explicit Reader(const std::filesystem::path& file);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::vector<SessionSummary> sessions(const SessionFilter& filter);
  std::optional<SessionSummary> session(const std::string& id);

  std::vector<ParticipantRow> participants();
  bool is_in_use(const std::string& code);
  std::string unused_code();  // a new one, that nobody has

  // All of one session (session_facts.hpp); nullopt: no such session.
  std::optional<SessionFacts> facts(const std::string& id);
  // Who looked (access_log.hpp), the newest first.
  std::vector<AccessFact> accesses(const AccessFilter& filter);

  // A question of another library, in one read transaction. Throws JournalError; a question that took longer
  // than longest_question is ended and throws QuestionTooLong.
  void ask(const std::function<void(Connection&)>& question);

 private:
  class Database;
  std::unique_ptr<Database> database_;
};

// JSON of contracts §7 `session list --json` rows.
std::string to_json(const std::vector<SessionSummary>& sessions);
std::string to_json(const SessionSummary& session);

}  // namespace rytme::journal
