// SPDX-License-Identifier: Apache-2.0
#include "controller/app/session_commands.hpp"

#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "controller/app/guarded.hpp"
#include "controller/journal/session_facts.hpp"
#include "controller/journal/whole_file.hpp"
#include "controller/report/export.hpp"
#include "controller/report/participant.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, no_such_session = 1;

int not_found(const std::string& id, std::ostream& err) {
  err << "rytme: there is no session " << id << '\n';
  return no_such_session;
}

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{} %", std::lround(*share * 100)) : std::string("-");
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

constexpr const char* list_line = "{:<24}  {:<11}  {:<16}  {:<29}  {:<10}  {:>8}  {:>6}\n";

void print_list(const std::vector<journal::SessionSummary>& sessions, std::ostream& out) {
  out << fmt::format(list_line, "id", "participant", "preset", "start", "end", "readings", "valid");
  for (const auto& session : sessions)
    out << fmt::format(list_line, session.id, or_dash(session.participant), session.preset, session.start,
                       session.end.empty() ? "open" : session.end_reason, session.n_readings,
                       percent(session.valid_share));
}

void print_session(const journal::SessionSummary& session, std::ostream& out) {
  const auto line = [&](std::string_view name, const std::string& value) {
    out << fmt::format("{:<12} {}\n", name, value);
  };
  line("id", session.id);
  line("participant", or_dash(session.participant));
  line("preset", fmt::format("{} (version {})", session.preset, session.preset_version));
  line("start", session.start);
  line("end", session.end.empty() ? "open" : fmt::format("{} ({})", session.end, session.end_reason));
  line("recording", session.recording ? "on" : "off");
  line("readings", std::to_string(session.n_readings));
  line("valid heart", percent(session.valid_share));
}

}  // namespace

int session_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto sessions = journal::Reader(journal).sessions({});
    if (json) {
      out << journal::to_json(sessions) << '\n';
    } else {
      print_list(sessions, out);
    }
    return done;
  });
}

int session_show(const std::filesystem::path& journal, const std::string& id, bool json, std::ostream& out,
                 std::ostream& err) {
  return guarded(err, [&] {
    const auto session = journal::Reader(journal).session(id);
    if (!session) return not_found(id, err);
    if (json) {
      out << journal::to_json(*session) << '\n';
    } else {
      print_session(*session, out);
    }
    return done;
  });
}

int session_export(const ExportRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto format = report::format_from(request.format);
    if (!format)
      throw std::runtime_error("cannot export as " + request.format +
                               "; the formats are csv, json, edf and pdf");
    const auto separator = report::separator_from(request.separator);
    if (!separator) throw std::runtime_error("cannot separate by " + request.separator + "; it is , or ;");
    if (!format->text && !request.file && request.terminal)
      throw std::runtime_error(request.format + " is not for a terminal; give --out FILE");
    auto facts = journal::Reader(request.journal).facts(request.id);
    if (!facts) return not_found(request.id, err);
    report::leave_out_others(*facts);
    const std::string bytes = report::write(*facts, format->format, *separator);
    if (request.file) {
      journal::check_is_another(*request.file, request.journal);
      journal::replace_file(*request.file, bytes);
    } else if (!(out << bytes).flush()) {
      throw std::runtime_error("the export could not be written");
    }
    return done;
  });
}

}  // namespace rytme::app
