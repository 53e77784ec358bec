// SPDX-License-Identifier: Apache-2.0
#include "controller/review/marks.hpp"

#include <algorithm>

namespace rytme::review {

Marks marks(journal::Connection& connection, const SessionFrame& session) {
  Marks result{session, {}, {}};
  journal::Statement event =
      connection.prepare("SELECT seq, mono_us, kind, data FROM event WHERE session = ?1 ORDER BY seq");
  event.with(session.row);
  while (event.step()) {
    const double t_s = session.seconds(event.integer(0), event.integer(1));
    if (t_s < 0) continue;  // of another start of the machine: a correction long after, say
    result.events.push_back({t_s, event.text(2), event.text(3)});
  }
  journal::Statement rating = connection.prepare(
      "SELECT seq, mono_us, whose, \"by\", \"when\", state FROM rating WHERE session = ?1 ORDER BY seq");
  rating.with(session.row);
  while (rating.step())
    result.ratings.push_back({session.seconds(rating.integer(0), rating.integer(1)), rating.text(2),
                              rating.text(3), rating.text(4), rating.text(5)});
  return result;
}

std::vector<Day> days_of(journal::Connection& connection, const std::string& participant, std::size_t most) {
  journal::Statement row = connection.prepare(
      "SELECT r.t_us, r.offset_min, s.name, r.\"when\", r.state FROM session s "
      "JOIN rating r ON r.session = s.id WHERE s.participant = ?1 AND r.whose = 'participant' AND r.\"by\" = "
      "'staff' ORDER BY r.seq DESC");
  row.with(participant);
  std::vector<Day> days;
  while (row.step()) {
    SessionFrame at;  // for its clock's words
    at.t_us = row.integer(0);
    at.offset_min = row.integer(1);
    StateSeen seen{at.iso(0), row.text(2), row.text(3), row.text(4)};
    const auto day = seen.t.substr(0, 10);
    if (days.empty() || days.back().day != day) {
      if (days.size() == most) break;
      days.push_back({day, {}});
    }
    days.back().states.push_back(std::move(seen));
  }
  for (Day& day : days) std::reverse(day.states.begin(), day.states.end());
  return days;
}

}  // namespace rytme::review
