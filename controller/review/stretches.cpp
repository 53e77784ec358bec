// SPDX-License-Identifier: Apache-2.0
#include "controller/review/stretches.hpp"

#include <utility>

namespace rytme::review {

std::vector<PhaseBegin> phases_of(journal::Connection& connection, const SessionFrame& session) {
  journal::Statement row = connection.prepare(
      "SELECT seq, mono_us, coalesce(json_extract(data, '$.phase'), '') FROM event "
      "WHERE session = ?1 AND kind = 'phase' AND json_valid(data) ORDER BY seq");
  std::vector<PhaseBegin> phases;
  row.with(session.row);
  while (row.step()) {
    std::string id = row.text(2);
    if (!phases.empty() && phases.back().id == id) continue;
    phases.push_back({std::move(id), row.integer(0), session.seconds(row.integer(0), row.integer(1))});
  }
  return phases;
}

namespace {

Statistic of_stretch(const std::optional<Track>& track, const Stretch& stretch) {
  if (stretch.from_s) return statistic(track, *stretch.from_s, *stretch.to_s);
  Statistic unknown;
  unknown.reason = stretch.reason;
  return unknown;
}

}  // namespace

std::array<Stretch, 3> stretches_of(journal::Connection& connection, const SessionFrame& session) {
  Stretch before{"before", {}, {}, {}, "no_phases"};
  Stretch during{"during", {}, {}, {}, "no_phases"};
  Stretch after{"after", {}, {}, {}, "no_phases"};
  const std::vector<PhaseBegin> phases = phases_of(connection, session);
  if (phases.empty()) return {before, during, after};

  const bool closes = phases.size() > 1 && phases.back().id == "close";
  const PhaseBegin end{"", session.last_seq, session.length_s};
  const PhaseBegin& close = closes ? phases.back() : end;
  const PhaseBegin& second = phases.size() > 1 ? phases[1] : end;
  before = {"before", 0.0, second.at_s, {session.first_seq, second.seq}, ""};
  during.reason = "nothing_between";
  if (second.seq < close.seq) during = {"during", second.at_s, close.at_s, {second.seq, close.seq}, ""};
  after.reason = "no_close";
  if (closes) after = {"after", close.at_s, session.length_s, {close.seq, session.last_seq}, ""};
  return {before, during, after};
}

std::optional<Summary> summary(journal::Connection& connection, const std::string& id) {
  const auto session = find_frame(connection, id);
  if (!session) return std::nullopt;
  const auto heart = whole_track(connection, *session, heart_channels());
  const auto index = whole_track(connection, *session, index_channels());
  Summary result{*session, {}, own_band(connection, *session, heart)};
  const auto stretches = stretches_of(connection, *session);
  for (std::size_t i = 0; i < stretches.size(); ++i)
    result.stretches[i] = {stretches[i], of_stretch(heart, stretches[i]), of_stretch(index, stretches[i])};
  return result;
}

}  // namespace rytme::review
