// SPDX-License-Identifier: Apache-2.0
// What the journal knows of one participant that a new session begins with: calm pulses, and what movement
// costs this body.
#pragma once

#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"

namespace rytme::review {

struct PersonMemory {
  std::vector<double> calm_bpm;  // of the newest ten good measurements, oldest first
  struct Movement {
    std::string place;  // chest | wrist
    double xx{}, xy{}, yy{}, xd{}, yd{}, seconds{};
  };
  std::vector<Movement> movement;  // the newest of each place
};

// Of a session it is the session's participant as now known that counts.
PersonMemory person_memory(journal::Connection& connection, const std::string& participant);

}  // namespace rytme::review
