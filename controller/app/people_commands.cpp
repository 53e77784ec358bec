// SPDX-License-Identifier: Apache-2.0
#include "controller/app/people_commands.hpp"

#include <functional>
#include <ostream>

#include <fmt/format.h>

#include "controller/app/clock.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, no = 1, cannot = 2;
const Actor command_line{ActorKind::local, Role::officer, "command line"};

// `ask_instead`: what the room that runs can be asked.
int guarded(std::ostream& err, const std::string& ask_instead, const std::function<int()>& command) {
  try {
    return command();
  } catch (const journal::JournalInUse&) {
    err << "rytme: the room is running; ask it with " << ask_instead << ", or stop it first\n";
  } catch (const std::runtime_error& error) {
    err << "rytme: " << error.what() << '\n';
  }
  return cannot;
}

int erase(const std::filesystem::path& journal, entry::Erase::What what, const std::string& key,
          const std::string& nothing, std::ostream& out, std::ostream& err) {
  if (!journal::erase_now(journal, {what, key, command_line, {}}, now())) {
    err << "rytme: " << nothing << '\n';
    return no;
  }
  out << "erased\n";
  for (const auto& copy : journal::copies_beside(journal))
    out << "a copy that may still hold it: " << copy.string() << '\n';
  return done;
}

}  // namespace

int participant_add(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, "POST /api/v1/participants", [&] {
    const std::string code = journal::add_participant(journal, now());
    out << (json ? R"({"code":")" + code + R"("})" : code) << '\n';
    return done;
  });
}

int participant_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, "GET /api/v1/participants", [&] {
    const auto rows = journal::participants(journal);
    if (json) {
      out << journal::to_json(rows) << '\n';
      return done;
    }
    out << fmt::format("{:<8}  {:<8}  {:>8}  {}\n", "code", "state", "sessions", "since");
    for (const auto& row : rows)
      out << fmt::format("{:<8}  {:<8}  {:>8}  {}\n", row.code, row.state, row.sessions, row.created);
    return done;
  });
}

int participant_erase(const std::filesystem::path& journal, const std::string& code, std::ostream& out,
                      std::ostream& err) {
  return guarded(err, "DELETE /api/v1/participants/CODE", [&] {
    return erase(journal, entry::Erase::What::participant, code, "there is nobody with the code " + code, out,
                 err);
  });
}

int session_erase(const std::filesystem::path& journal, const std::string& id, std::ostream& out,
                  std::ostream& err) {
  return guarded(err, "DELETE /api/v1/sessions/ID", [&] {
    return erase(journal, entry::Erase::What::session, id, "there is no session " + id, out, err);
  });
}

int journal_verify(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, "", [&] {
    const auto found = journal::verify(journal);
    if (json) {
      out << journal::to_json(found) << '\n';
    } else {
      out << fmt::format("integrity {}\naccess log {} entries, {} erased, {} forgotten, head {}\n",
                         found.integrity, found.chain.entries, found.chain.redacted, found.chain.forgotten,
                         found.chain.head);
      for (const auto& problem : found.chain.problems)
        out << fmt::format("entry {}: {}. {}\n", problem.seq, problem.problem, problem.detail);
    }
    return found.ok() ? done : no;
  });
}

}  // namespace rytme::app
