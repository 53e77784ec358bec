// SPDX-License-Identifier: Apache-2.0
// What a calm heart does in this person: the band of a session's first minutes, and measurements of the calm
// pulse taken on purpose with their history. Never a value without n and the share of valid data; too little
// data is no value.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/session_frame.hpp"
#include "controller/review/tracks.hpp"

namespace rytme::review {

struct Baseline {
  std::optional<double> bpm, q1, q3;  // median and quartiles of the good values
  std::size_t n{};                    // good values
  std::optional<double> valid_share;
  double duration_s{};
  std::string quality{"unknown"};  // good | doubtful | unknown
  // Of doubtful and unknown, the first that applies: "no_data", "too_short", "too_little_valid", "rejected",
  // "slope". "" when good.
  std::string reason;
};

// physiology §6.2: 2 to 5 minutes (of a longer span the first five), median; doubtful when the pulse goes up
// or down by more than 1 bpm/min (least squares), or more than 20 % of beats or of the time is missing or
// rejected. Unknown below 2 minutes, below half of the time valid, or with fewer than 10 good values.
// accepted_share: of beats; nullopt: not known, not held against it. Pure.
Baseline baseline_of(const std::optional<Track>& heart, double from_s, double to_s,
                     std::optional<double> accepted_share);

// The band of U13: the first five minutes of the session, or as much of it as there is.
// `heart` is the session's best track.
Baseline own_band(journal::Connection& connection, const SessionFrame& session,
                  const std::optional<Track>& heart);

// One measurement taken on purpose, as an event "baseline" tells it (app/signal_events.hpp).
struct CalmPulse {
  std::string t, session;  // session "" outside one
  std::optional<double> bpm, iqr, valid_share, duration_s;
  std::int64_t n{};
  std::string quality, reason;
};

struct CalmPulses {
  std::string participant;
  std::optional<CalmPulse> latest_good;
  std::vector<CalmPulse> history;  // newest first, at most `most`
};

// A measurement in a session is of the session's participant as now known, else of whom it names.
CalmPulses calm_pulses(journal::Connection& connection, const std::string& participant, std::size_t most);

}  // namespace rytme::review
