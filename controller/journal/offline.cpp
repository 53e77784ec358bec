// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/offline.hpp"

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
  std::string code = ask(file, [](Connection& connection) { return unused_code(connection); });
  keep(file, entry::ParticipantAdded{code}, now);
  return code;
}

bool erase_now(const fs::path& file, const entry::Erase& erase, const Now& now) {
  const WriterLock lock(file);
  if (!ask(file, [&](Connection& connection) { return is_known(connection, erase); })) return false;
  keep(file, erase, now);
  return true;
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
  json.objects("problems", verdict.chain.problems, [&](const ChainProblem& problem) {
    json.field("seq", problem.seq);
    json.field("problem", problem.problem);
    json.field("detail", problem.detail);
  });
  json.end_object();
  return json.take();
}

}  // namespace rytme::journal
