// SPDX-License-Identifier: Apache-2.0
#include "controller/app/people_commands.hpp"

#include <ostream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "controller/app/clock.hpp"
#include "controller/app/guarded.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/offline.hpp"
#include "controller/journal/reader.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, no = 1;
const Actor command_line{ActorKind::local, Role::officer, "command line"};

std::string ask_it(const std::string& route) { return "ask it with " + route + ", or stop it first"; }

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

constexpr std::int64_t entries_at_once = 1000;  // a short question each: the room may run

std::vector<journal::AccessFact> all_accesses(journal::Reader& reader, journal::AccessFilter filter) {
  std::vector<journal::AccessFact> all;
  filter.limit = entries_at_once;
  for (;;) {
    const auto some = reader.accesses(filter);
    all.insert(all.end(), some.begin(), some.end());
    if (static_cast<std::int64_t>(some.size()) < entries_at_once) return all;
    filter.before = some.back().at.seq;
  }
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string whose(const journal::AccessFact& entry) {
  if (!entry.redacted.empty()) return "(" + entry.redacted + ")";
  return entry.of_everybody ? "everybody" : or_dash(entry.whose);
}

void print_accesses(const std::vector<journal::AccessFact>& entries, std::ostream& out) {
  constexpr const char* line = "{:<29}  {:<6}  {:<12}  {:<12}  {:<7}  {:<26}  {:<11}  {:<32}  {:<15}  {}\n";
  out << fmt::format(line, "time", "kind", "role", "id", "answer", "what", "whose", "session", "from", "why");
  for (const auto& entry : entries)
    out << fmt::format(line, entry.at.t, entry.actor_kind, entry.actor_role, or_dash(entry.actor_id),
                       entry.denied ? "refused" : "given", entry.what, whose(entry), or_dash(entry.session),
                       or_dash(entry.from), or_dash(entry.why));
}

}  // namespace

int participant_add(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(
      err,
      [&] {
        const std::string code = journal::add_participant(journal, now());
        out << (json ? R"({"code":")" + code + R"("})" : code) << '\n';
        return done;
      },
      ask_it("POST /api/v1/participants"));
}

int participant_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(
      err,
      [&] {
        const auto rows = journal::participants(journal);
        if (json) {
          out << journal::to_json(rows) << '\n';
          return done;
        }
        out << fmt::format("{:<8}  {:<8}  {:>8}  {}\n", "code", "state", "sessions", "since");
        for (const auto& row : rows)
          out << fmt::format("{:<8}  {:<8}  {:>8}  {}\n", row.code, row.state, row.sessions, row.created);
        return done;
      },
      ask_it("GET /api/v1/participants"));
}

int participant_erase(const std::filesystem::path& journal, const std::string& code, std::ostream& out,
                      std::ostream& err) {
  return guarded(
      err,
      [&] {
        return erase(journal, entry::Erase::What::participant, code, "there is nobody with the code " + code,
                     out, err);
      },
      ask_it("DELETE /api/v1/participants/CODE"));
}

int session_erase(const std::filesystem::path& journal, const std::string& id, std::ostream& out,
                  std::ostream& err) {
  return guarded(
      err,
      [&] { return erase(journal, entry::Erase::What::session, id, "there is no session " + id, out, err); },
      ask_it("DELETE /api/v1/sessions/ID"));
}

int journal_access(const std::filesystem::path& journal, const journal::AccessFilter& filter, bool json,
                   std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    journal::Reader reader(journal);
    std::string unknown;
    reader.ask([&](journal::Connection& connection) { unknown = journal::unknown_of(connection, filter); });
    if (!unknown.empty()) {
      err << "rytme: there is no " << unknown << ' '
          << (unknown == "session" ? filter.session : filter.participant) << '\n';
      return no;
    }
    const auto entries = all_accesses(reader, filter);
    if (json) {
      out << journal::to_json(entries) << '\n';
    } else {
      print_accesses(entries, out);
    }
    return done;
  });
}

int journal_verify(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
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
