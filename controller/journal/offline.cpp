// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/offline.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "controller/journal/journal.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/store.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

template <typename Question>
auto ask(const fs::path& file, const Question& question) {
  Connection connection = open_for_reading(file);
  try {
    connection.execute("BEGIN");
    return question(connection);
  } catch (const SqlError& error) {
    throw JournalError(file.string() + ": cannot be read: " + error.what());
  }
}

// As the room's own writer, for one entry; the caller holds the lock.
void keep(const fs::path& file, decltype(JournalEntry::what) what, const Now& now) {
  Opening opening;
  try {
    Store store(open_sound(file, opening), "");
    JournalEntry entry;
    entry.seq = opening.next_seq;
    entry.at = now;
    entry.what = std::move(what);
    store.commit({std::move(entry)}, {});
    store.housekeeping().run_to_the_end(now);
    store.finish();
  } catch (const SqlError& error) {
    throw JournalError(file.string() + ": " + error.what());
  }
}

bool is_known(Connection& connection, const entry::Erase& erase) {
  if (erase.what == entry::Erase::What::participant) return is_in_use(connection, erase.key);
  Statement session = connection.prepare("SELECT 1 FROM session WHERE name = ?1");
  return session.with(erase.key).step();
}

}  // namespace

std::string add_participant(const fs::path& file, const Now& now) {
  const WriterLock lock(file);
  const std::string code = ask(file, [](Connection& connection) { return unused_code(connection); });
  keep(file, entry::ParticipantAdded{code}, now);
  return code;
}

bool erase_now(const fs::path& file, const entry::Erase& erase, const Now& now) {
  const WriterLock lock(file);
  if (!ask(file, [&](Connection& connection) { return is_known(connection, erase); })) return false;
  keep(file, erase, now);
  return true;
}

std::vector<fs::path> copies_beside(const fs::path& file) {
  constexpr std::array<std::string_view, 3> marks{".schema-", ".damaged-", ".before-restore"};
  std::vector<fs::path> copies;
  std::error_code ignored;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::string own = file.filename().string();
    const auto marked = [&](std::string_view mark) { return name.starts_with(own + std::string(mark)); };
    if (std::any_of(marks.begin(), marks.end(), marked)) copies.push_back(entry.path());
  }
  std::sort(copies.begin(), copies.end());
  return copies;
}

std::vector<ParticipantRow> participants(const fs::path& file) {
  return ask(file, [](Connection& connection) { return list_participants(connection); });
}

Soundness verify(const fs::path& file) {
  return ask(file, [](Connection& connection) {
    Soundness verdict;
    verdict.integrity = connection.ask("PRAGMA integrity_check(1)");
    verdict.chain = verify_access(connection);
    return verdict;
  });
}

std::string to_json(const Soundness& verdict) {
  JsonText json;
  json.begin_object();
  json.field("ok", verdict.ok());
  json.field("integrity", verdict.integrity);
  json.field("entries", verdict.chain.entries);
  json.field("redacted", verdict.chain.redacted);
  json.field("forgotten", verdict.chain.forgotten);
  json.field("head", verdict.chain.head);
  json.key("problems");
  json.begin_array();
  for (const ChainProblem& problem : verdict.chain.problems) {
    json.begin_object();
    json.field("seq", problem.seq);
    json.field("problem", problem.problem);
    json.field("detail", problem.detail);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace rytme::journal
