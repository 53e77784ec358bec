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
  // "moving", "slope", "above_history". "" when good.
  std::string reason;
};

// What else decides whether a measurement is believed; nullopt: not known, not held against it.
struct BaselineContext {
  std::optional<double> accepted_share{};  // of beats
  std::optional<double> moving_share{};    // of the time
  std::optional<double> history_bpm{};     // own calm pulse so far
};

// physiology §6.2: 2 to 5 minutes (of a longer span the first five), median; doubtful when the pulse goes up
// or down by more than 1 bpm/min (least squares), more than 20 % of beats or of the time is missing or
// rejected, the body moves more than 20 % of the time, or the median is more than 10 above the own history.
// Unknown below 2 minutes, below half of the time valid, or with fewer than 10 good values. Pure.
Baseline baseline_of(const std::optional<Track>& heart, double from_s, double to_s,
                     const BaselineContext& context);

// The band of U13: the first five minutes of the session, or as much of it as there is.
// `heart` is the session's best track.
Baseline own_band(journal::Connection& connection, const SessionFrame& session,
                  const std::optional<Track>& heart);

// One measurement taken on purpose: an event "baseline" whose data are {participant, bpm, iqr, n,
// valid_share, duration_s, quality, reason}.
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

// Own history for baseline_of: median of the newest ten good ones; nullopt: none.
std::optional<double> history_bpm(const CalmPulses& pulses);

// The data of the event. Pure.
std::string event_data(const std::string& participant, const Baseline& baseline);

}  // namespace rytme::review
