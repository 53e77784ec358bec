// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/state_maps.hpp"

#include "controller/journal/json_text.hpp"

namespace rytme::journal {

std::vector<StateMapChange> state_map_changes(Connection& connection, const std::string& participant) {
  std::vector<StateMapChange> changes;
  Statement all = connection.prepare(
      "SELECT json_extract(data, '$.state'), json_extract(data, '$.looks_like'), "
      "json_extract(data, '$.makes_worse'), json_extract(data, '$.seeks'), json_extract(data, '$.helps'), "
      "json_extract(data, '$.activities'), t, json_extract(data, '$.actor') FROM v_event "
      "WHERE coalesce(session, '') = '' AND kind = 'state_map' AND json_valid(data) AND "
      "json_extract(data, '$.participant') = ?1 ORDER BY seq DESC");
  all.with(participant);
  while (all.step())
    changes.push_back({{all.text(0), all.text(1), all.text(2), all.text(3), all.text(4), all.text(5)},
                       all.text(6),
                       all.text(7)});
  return changes;
}

std::map<std::string, int> activities_done(Connection& connection, const std::string& participant) {
  std::map<std::string, int> done;
  Statement all = connection.prepare(
      "SELECT json_extract(e.data, '$.id'), count(*) FROM event e JOIN session s ON s.id = e.session "
      "WHERE s.participant = ?1 AND e.kind = 'activity' AND json_valid(e.data) GROUP BY 1");
  all.with(participant);
  while (all.step()) done[all.text(0)] = static_cast<int>(all.integer(1));
  return done;
}

std::string state_map_data(const std::string& participant, const StateMapRow& row, const std::string& by) {
  JsonText json;
  json.begin_object();
  json.field("participant", participant);
  json.field("state", row.state);
  json.field("looks_like", row.looks_like);
  json.field("makes_worse", row.makes_worse);
  json.field("seeks", row.seeks);
  json.field("helps", row.helps);
  json.field("activities", row.activities);
  json.field("actor", by);
  json.end_object();
  return json.take();
}

}  // namespace rytme::journal
