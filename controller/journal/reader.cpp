// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/reader.hpp"

#include "controller/journal/json_text.hpp"
#include "controller/journal/reader_database.hpp"
#include "controller/journal/session_record.hpp"

namespace rytme::journal {

Reader::Reader(const std::filesystem::path& file) : database_(std::make_unique<Database>(file)) {}

Reader::~Reader() = default;

std::vector<SessionSummary> Reader::sessions(const SessionFilter& filter) {
  return database_->ask([&](Connection& connection) { return list_sessions(connection, filter); });
}

std::optional<SessionSummary> Reader::session(const std::string& id) {
  const auto record = database_->ask([&](Connection& connection) { return find_session(connection, id); });
  if (!record) return std::nullopt;
  return record->summary;
}

std::vector<ParticipantRow> Reader::participants() { return database_->ask(list_participants); }

bool Reader::is_in_use(const std::string& code) {
  return database_->ask([&](Connection& connection) { return journal::is_in_use(connection, code); });
}

std::string Reader::unused_code() { return database_->ask(journal::unused_code); }

void Reader::ask(const std::function<void(Connection&)>& question) {
  database_->ask([&](Connection& connection) {
    const Deadline deadline(connection);
    question(connection);
  });
}

std::string to_json(const SessionSummary& session) {
  JsonText json;
  json.begin_object();
  write_fields(json, session);
  json.end_object();
  return json.take();
}

std::string to_json(const std::vector<SessionSummary>& sessions) {
  JsonText json;
  json.objects(sessions, [&](const SessionSummary& session) { write_fields(json, session); });
  return json.take();
}

}  // namespace rytme::journal
