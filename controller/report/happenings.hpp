// SPDX-License-Identifier: Apache-2.0
// What happened in a session, in plain Bokmål, for the marks of the page. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/report/timeline.hpp"

namespace rytme::report {

struct Happening {
  enum class Kind { stop, withdrawal, rating, phase, deed, device };  // most important first
  double t_s{};
  Kind kind{};
  std::string text;
};

// In order of time. What only repeats another entry of the journal is left out.
std::vector<Happening> happenings(const journal::SessionFacts& facts, const SessionClock& clock);

std::string preset_name(const std::string& id);          // "Ro ned"; an unknown one as it is
std::string end_reason_text(const std::string& reason);  // "" = still open
std::string clock_text(double seconds);                  // 4:07, 1:02:03

}  // namespace rytme::report
