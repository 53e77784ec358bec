// SPDX-License-Identifier: Apache-2.0
// One participant's sessions side by side, each from its own start and with the places of its phases, on one
// scale. Never two people in one answer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "controller/review/series.hpp"
#include "controller/review/stretches.hpp"

namespace rytme::review {

struct AlignedQuestion {
  std::vector<Name> names;  // names_from()
  std::size_t last{12};     // the newest so many, 1 to most_sessions
  std::size_t points{200};  // rows of one series, over the longest session; 1 to 1000
};

struct Scale {
  std::string name;
  std::optional<double> min, max;  // over all sessions; nullopt: nothing known
};

struct AlignedSession {
  SeriesAnswer curves;
  std::vector<PhaseBegin> phases;  // phases_of()
};

struct Aligned {
  std::string participant;
  double length_s{};                     // of the longest session
  std::vector<Scale> scales;             // in the order of the names
  std::vector<AlignedSession> sessions;  // oldest first; buckets of all are the same
};

// A participant without sessions has none. Throws as series() does.
Aligned aligned(journal::Connection& connection, const std::string& participant,
                const AlignedQuestion& question);

}  // namespace rytme::review
