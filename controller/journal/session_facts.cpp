// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/session_facts.hpp"

#include "controller/journal/reader_database.hpp"

namespace rytme::journal {
namespace {

Stamp stamp_of(const Statement& row) { return {row.integer(0), row.text(1), row.real(2)}; }

Scalar scalar_of(const Statement& row, int column) {
  switch (row.type(column)) {
    case Statement::Type::integer:
    case Statement::Type::real:
      return row.real(column);
    case Statement::Type::text:
      return row.text(column);
    default:
      return {};
  }
}

// One fact per row of `sql`, whose first parameter is the session's id.
template <typename Make>
auto rows_of(Connection& connection, const std::string& id, std::string_view sql, const Make& make) {
  Statement row = connection.prepare(sql);
  row.with(id);
  std::vector<decltype(make(row))> facts;
  while (row.step()) facts.push_back(make(row));
  return facts;
}

auto readings_of(Connection& connection, const std::string& id) {
  return rows_of(connection, id,
                 "SELECT seq, t, mono_s, device, channel, value, unit, quality, note FROM v_reading "
                 "WHERE session = ?1 ORDER BY seq",
                 [](const Statement& row) {
                   return ReadingFact{stamp_of(row),
                                      row.text(3),
                                      row.text(4),
                                      scalar_of(row, 5),
                                      row.text(6),
                                      row.text(7),
                                      row.is_null(8) ? std::nullopt : std::optional(row.text(8))};
                 });
}

auto commands_of(Connection& connection, const std::string& id) {
  return rows_of(connection, id,
                 "SELECT seq, t, mono_s, device, channel, commanded, confirmed, measured, unit, origin, "
                 "transition_ms FROM v_command WHERE session = ?1 ORDER BY seq",
                 [](const Statement& row) {
                   return CommandFact{stamp_of(row),     row.text(3),       row.text(4),
                                      scalar_of(row, 5), row.maybe_real(6), row.maybe_real(7),
                                      row.text(8),       row.text(9),       row.integer(10)};
                 });
}

auto events_of(Connection& connection, const std::string& id) {
  return rows_of(connection, id,
                 "SELECT seq, t, mono_s, kind, data FROM v_event WHERE session = ?1 ORDER BY seq",
                 [](const Statement& row) {
                   return EventFact{stamp_of(row), row.text(3), row.text(4)};
                 });
}

auto ratings_of(Connection& connection, const std::string& id) {
  return rows_of(
      connection, id,
      "SELECT seq, t, mono_s, whose, \"by\", \"when\", state, actor FROM v_rating WHERE session = ?1 "
      "ORDER BY seq",
      [](const Statement& row) {
        return RatingFact{stamp_of(row), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7)};
      });
}

}  // namespace

std::optional<SessionFacts> facts_of(Connection& connection, const std::string& id) {
  const std::optional<SessionRecord> record = find_session(connection, id);
  if (!record) return std::nullopt;
  SessionFacts facts;
  facts.record = *record;
  Statement bounds =
      connection.prepare("SELECT seq, t, mono_s, end_mono_s, end_seq FROM v_session WHERE id = ?1");
  if (bounds.with(id).step()) {
    facts.start = stamp_of(bounds);
    facts.end_mono_s = bounds.maybe_real(3);
    if (!bounds.is_null(4)) facts.end_seq = bounds.integer(4);
  }
  facts.readings = readings_of(connection, id);
  facts.commands = commands_of(connection, id);
  facts.events = events_of(connection, id);
  facts.ratings = ratings_of(connection, id);
  facts.chunks = chunks_of(connection, id);
  return facts;
}

std::vector<EventFact> loose_events(Connection& connection, const std::string& participant) {
  return rows_of(connection, participant,
                 "SELECT seq, t, mono_s, kind, data FROM v_event WHERE coalesce(session, '') = '' AND "
                 "kind IN ('baseline', 'variant', 'state_map') AND json_valid(data) AND "
                 "json_extract(data, '$.participant') = ?1 "
                 "ORDER BY seq",
                 [](const Statement& row) {
                   return EventFact{stamp_of(row), row.text(3), row.text(4)};
                 });
}

std::optional<SessionFacts> Reader::facts(const std::string& id) {
  return database_->ask([&](Connection& connection) { return facts_of(connection, id); });
}

}  // namespace rytme::journal
