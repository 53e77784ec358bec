// SPDX-License-Identifier: Apache-2.0
// What people did and said, at its place: the events and ratings of a session, and a person's states day by
// day. As entered, in their order; nothing is computed from them. The caller holds the read transaction.
#pragma once

#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/session_frame.hpp"

namespace rytme::review {

struct MarkedEvent {
  double t_s{};  // since the session's start
  std::string kind;
  std::string data;  // JSON, as it was noted
};

struct MarkedRating {
  double t_s{};
  std::string whose, by, when, state;  // contracts §3
};

struct Marks {
  SessionFrame session;
  std::vector<MarkedEvent> events;
  std::vector<MarkedRating> ratings;
};
Marks marks(journal::Connection& connection, const SessionFrame& session);

// One state that staff entered for the participant.
struct StateSeen {
  std::string t;        // ISO 8601 with offset
  std::string session;  // id
  std::string when, state;
};
struct Day {
  std::string day;  // 2026-11-30, where the room was
  std::vector<StateSeen> states;
};
// The newest `most` days on which something was entered, newest first; within a day oldest first.
std::vector<Day> days_of(journal::Connection& connection, const std::string& participant, std::size_t most);

}  // namespace rytme::review
