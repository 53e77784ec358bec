// SPDX-License-Identifier: Apache-2.0
// State maps: events of kind "state_map" that are of no session, one for each change of a row. The newest of
// a state is the row, the earlier ones are its history. And what a participant has done, by how often.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/room/state_map.hpp"

namespace rytme::journal {

struct StateMapChange {
  StateMapRow row;
  std::string t;   // ISO 8601
  std::string by;  // the account or tablet that wrote it
};

// Newest first; what is not readable as JSON is skipped. The caller holds the read transaction. Throw
// SqlError.
std::vector<StateMapChange> state_map_changes(Connection& connection, const std::string& participant);
// Activities tapped in this participant's sessions: id -> how often.
std::map<std::string, int> activities_done(Connection& connection, const std::string& participant);

// The data of the event that keeps a change.
std::string state_map_data(const std::string& participant, const StateMapRow& row, const std::string& by);

}  // namespace rytme::journal
