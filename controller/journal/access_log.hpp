// SPDX-License-Identifier: Apache-2.0
// Who looked at what and whose: the access log as people ask for it. Reads only; access_chain.hpp writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/session_facts.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

struct AccessFact {
  Stamp at;
  std::string session, actor_kind, actor_role, actor_id, what;
  std::string whose;  // the participant's code as it was; "" = nobody's, or everybody's
  std::string from, why;
  bool denied{};
  bool of_everybody{};   // a list of all sessions, of all codes, or of all who looked
  std::string redacted;  // whom it was about was taken out: erased | withdrawn; else ""
};

// Which entries; "" and nullopt = all.
struct AccessFilter {
  // Of this participant's sessions as they are now, of the participant otherwise, and lists of everybody's
  // since the code is known here.
  std::string participant{};
  std::string session{};
  std::string from{}, to{};              // as SessionFilter
  std::optional<std::int64_t> before{};  // entries with a smaller seq
  std::optional<std::int64_t> limit{};
};

// The newest first. The caller holds the read transaction. Throws BadBound (wall_time.hpp), SqlError.
std::vector<AccessFact> accesses_of(Connection& connection, const AccessFilter& filter);

// What the filter asks for and nothing here has ever been called: participant | session; "" = none. A code
// mistyped must not read as one at whom nobody looked.
std::string_view unknown_of(Connection& connection, const AccessFilter& filter);

// An array of entries.
std::string to_json(const std::vector<AccessFact>& entries);

}  // namespace rytme::journal
