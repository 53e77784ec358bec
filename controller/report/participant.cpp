// SPDX-License-Identifier: Apache-2.0
#include "controller/report/participant.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/journal/access_log.hpp"
#include "controller/journal/session_facts.hpp"
#include "controller/report/boundary.hpp"
#include "controller/report/csv_table.hpp"
#include "controller/report/export.hpp"

namespace rytme::report {
namespace {

using journal::SessionSummary;

// A code that was chosen by mistake and corrected stands in the trail: it is another person's.
std::string without_others(const std::string& data, const std::string& code) {
  boost::system::error_code error;
  auto parsed = boost::json::parse(data, error);
  if (error || !parsed.is_object()) return data;
  bool others = false;
  for (const char* key : {"participant", "was"}) {
    auto* whose = parsed.as_object().if_contains(key);
    if (whose == nullptr || !whose->is_string() || whose->as_string().empty() ||
        whose->as_string() == boost::json::string_view(code.data(), code.size()))
      continue;
    *whose = "another code";
    others = true;
  }
  return others ? boost::json::serialize(parsed) : data;
}

// Read anew for each file: between two of them the session may have been corrected to be another person's.
std::string session_file(journal::Reader& reader, const std::string& code, const std::string& id,
                         Format format) {
  auto facts = reader.facts(id);
  if (!facts || facts->record.summary.participant != code)
    throw std::runtime_error("session " + id + " has changed meanwhile; try again");
  leave_out_others(*facts);
  return write(*facts, format, Separator::semicolon);
}

// What was looked at, in the words of the one it is about.
std::string explained(const journal::AccessFact& fact) {
  if (fact.of_everybody && fact.what == "sessions") return "en liste over alles økter";
  if (fact.of_everybody && fact.what == "participants") return "en liste over alles koder";
  if (fact.of_everybody) return "innsynsloggen for alle";
  if (fact.what == "access log") return "hvem som har sett på opplysninger om deg";
  if (fact.what == "record") return "alt som er lagret om deg, som denne filen";
  return fact.session.empty() ? "opplysninger om deg" : "en av øktene dine";
}

std::string access_log(journal::Reader& reader, const std::string& code) {
  const std::array<std::string, 11> header{"seq",        "t",        "mono_s", "actor_kind",
                                           "actor_role", "actor_id", "what",   "forklaring",
                                           "session",    "why",      "denied"};
  std::string table = csv_start(Separator::semicolon) + csv_line(header, Separator::semicolon);
  auto facts = reader.accesses({.participant = code});
  std::reverse(facts.begin(), facts.end());  // the newest came first
  for (const auto& fact : facts) {
    const std::array<std::string, 11> cells{std::to_string(fact.at.seq),
                                            fact.at.t,
                                            number_cell(fact.at.mono_s, Separator::semicolon),
                                            text_cell(fact.actor_kind),
                                            text_cell(fact.actor_role),
                                            text_cell(fact.actor_id),
                                            text_cell(fact.what),
                                            explained(fact),
                                            text_cell(fact.session),
                                            text_cell(fact.why),
                                            fact.denied ? "true" : "false"};
    table += csv_line(cells, Separator::semicolon);
  }
  return table;
}

std::string loose_events(const std::vector<journal::EventFact>& facts, std::string_view kind) {
  const std::array<std::string, 3> header{"seq", "t", "data"};
  std::string table = csv_start(Separator::semicolon) + csv_line(header, Separator::semicolon);
  for (const auto& fact : facts) {
    if (fact.kind != kind) continue;
    const std::array<std::string, 3> cells{std::to_string(fact.at.seq), fact.at.t, text_cell(fact.data)};
    table += csv_line(cells, Separator::semicolon);
  }
  return table;
}

std::string read_me(const std::string& code, const std::vector<SessionSummary>& sessions) {
  std::string text = fmt::format(
      "Dette er det som er lagret om deg\r\n"
      "=================================\r\n\r\n"
      "Koden din er {}. Navnet ditt står ikke i dette systemet.\r\n"
      "Her er {} {} i rommet. For hver økt ligger tre filer:\r\n\r\n"
      "  .pdf   én side du kan lese eller skrive ut: puls, bevegelse, lys, lyd og hva som skjedde\r\n"
      "  .csv   alle tallene som en tabell, til et regneark\r\n"
      "  .json  det samme og alle bevegelsesmålinger, til et dataprogram\r\n\r\n"
      "hvilepuls.csv, hvis den er her, viser hvilepuls som er målt utenom øktene.\r\n"
      "profil.csv, hvis den er her, viser hvordan profilene er satt for deg: lengde, lys, takt og lyd.\r\n"
      "tilstandskart.csv, hvis den er her, viser hva de voksne har skrevet om hva som hjelper deg, og hva "
      "som "
      "sto der før.\r\n"
      "innsynslogg.csv viser hvem som har sett på opplysningene dine, når, hva de så på, og hvorfor.\r\n"
      "Noen linjer gjelder lister over alle som bruker rommet. Da sto du i listen, eller kunne ha stått "
      "der.\r\n"
      "Den som driver maskinen, kan lese filene på den uten at det står her.\r\n"
      "Står det «true» i den siste kolonnen, fikk den som spurte nei.\r\n\r\n"
      "Du kan spørre om hva tallene betyr. Du kan be om at noe rettes eller slettes.\r\n"
      "Å si nei til opptak koster deg ingenting, heller ikke senere.\r\n\r\n",
      code, sessions.size(), sessions.size() == 1 ? "økt" : "økter");
  text += std::string(boundary_nb) + "\r\n" + purpose_nb + "\r\n\r\n";
  if (!sessions.empty()) text += "Øktene:\r\n";
  for (const auto& session : sessions) {
    const std::string valid =
        session.valid_share ? fmt::format("{:.0f} %", *session.valid_share * 100) : std::string("ingen puls");
    text += fmt::format("  {}  {}  gyldig pulstid: {}  opptak {}\r\n", session.start, session.id, valid,
                        session.recording ? "på" : "av");
  }
  return text;
}

// 2026-11-25_0049_ID
std::string name_of(const SessionSummary& session) {
  const std::string& start = session.start;
  if (start.size() < 16) return session.id;
  return start.substr(0, 10) + "_" + start.substr(11, 2) + start.substr(14, 2) + "_" + session.id;
}

}  // namespace

void leave_out_others(journal::SessionFacts& facts) {
  for (auto& event : facts.events) event.data = without_others(event.data, facts.record.summary.participant);
}

std::optional<std::vector<ZipEntry>> participant_files(journal::Reader& reader, const std::string& code) {
  if (!reader.is_in_use(code)) return std::nullopt;
  const auto sessions = reader.sessions({code, "", ""});
  std::vector<ZipEntry> files;
  files.push_back({"LES-MEG.txt", [code, sessions] { return read_me(code, sessions); }});
  files.push_back({"innsynslogg.csv", [&reader, code] { return access_log(reader, code); }});
  std::vector<journal::EventFact> loose;
  reader.ask([&](journal::Connection& connection) { loose = journal::loose_events(connection, code); });
  const auto add_loose = [&](const char* name, std::string_view kind) {
    const auto is_kind = [kind](const auto& fact) { return fact.kind == kind; };
    if (std::any_of(loose.begin(), loose.end(), is_kind))
      files.push_back({name, [loose, kind] { return loose_events(loose, kind); }});
  };
  add_loose("hvilepuls.csv", "baseline");
  add_loose("profil.csv", "variant");
  add_loose("tilstandskart.csv", "state_map");
  for (const auto& session : sessions)
    for (const Format format : {Format::pdf, Format::csv, Format::json})
      files.push_back(
          {name_of(session) + "." + std::string(info(format).name),
           [&reader, code, id = session.id, format] { return session_file(reader, code, id, format); }});
  return files;
}

}  // namespace rytme::report
