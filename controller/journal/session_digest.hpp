// SPDX-License-Identifier: Apache-2.0
// What a list says of a session that is over, worked out once: an event "session_digest" {n_readings,
// valid_share} at the place (seq) and time of the session's end. Lists of many sessions are quick by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// Value rows and stream frames.
std::int64_t count_readings(Connection& connection, std::int64_t session);

// Of heart time (valid_share.hpp), to `end_us` on the steady clock, or to the last reading. nullopt: nothing
// recorded. One object for many sessions.
class ShareQuestion {
 public:
  explicit ShareQuestion(Connection& connection);
  std::optional<double> ask(std::int64_t session, std::optional<std::int64_t> end_us);

 private:
  Statement statement_;
};

// A crash ends a session when the controller is back, perhaps hours later: that time is not the session's.
std::optional<std::int64_t> lived_until(const std::string& end_reason,
                                        std::optional<std::int64_t> end_mono_us);

// For the writer, in its transaction, once all of the session is stored; nothing when there is no such
// session or it is not over.
void write_digest(Connection& connection, const std::string& session);

}  // namespace rytme::journal
