// SPDX-License-Identifier: Apache-2.0
// State maps for the web: the whole map with its history for review, and what a tablet shows in a session.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/journal/reader.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

// {"participant","rows":{STATE:{looks_like,…,"t","by"}},"history":[{"state",…,"t","by"}]}, newest first.
web::Page answer_state_map(journal::Reader& reader, const std::string& participant);

// {"participant":CODE|null,"rows":{…},"offers":{STATE:[ids]},"activities":{ID:{nb,en}}}. `reader` null:
// nobody is named, and nothing is read.
web::Page answer_session_map(journal::Reader* reader, const std::string& participant,
                             const std::vector<settings::Activity>& bank);

// What is wrong with the activities of a row; nullopt: nothing.
std::optional<std::string> unknown_activity(const StateMapRow& row,
                                            const std::vector<settings::Activity>& bank);

}  // namespace rytme::app
