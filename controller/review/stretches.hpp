// SPDX-License-Identifier: Apache-2.0
// A session before, during and after: what heart and index were in each, with n and the share of valid data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/baseline.hpp"
#include "controller/review/session_frame.hpp"
#include "controller/review/tracks.hpp"

namespace rytme::review {

// Where a phase of the preset began, as it was journaled.
struct PhaseBegin {
  std::string id;      // arrive, lead, stay, close or what the preset calls it
  std::int64_t seq{};  // of its event
  double at_s{};       // since the session's start
};
// In their order. A phase that is told again (after a pause) goes on.
std::vector<PhaseBegin> phases_of(journal::Connection& connection, const SessionFrame& session);

// By the preset's phases, which lead from the present level and back to safe light: before is the first phase
// (arrive), after is the close phase, during is what lies between. Nothing of a body is kept outside a
// session.
struct Stretch {
  std::string name;  // before | during | after
  std::optional<double> from_s, to_s;
  Places places;
  std::string reason;  // why there is none: "no_phases", "nothing_between", "no_close"; "" when there is
};
std::array<Stretch, 3> stretches_of(journal::Connection& connection, const SessionFrame& session);

struct StretchSummary {
  Stretch stretch;
  Statistic heart, index;
};

struct Summary {
  SessionFrame session;
  std::array<StretchSummary, 3> stretches;
  Baseline band;
};

// nullopt: no such session.
std::optional<Summary> summary(journal::Connection& connection, const std::string& id);

}  // namespace rytme::review
