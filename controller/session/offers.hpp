// SPDX-License-Identifier: Apache-2.0
// A few activities that fit a state a person has entered. Offers for the adult to choose among, never a
// recommendation for somebody: by direction and state, the team's own choice first, then what was done
// before. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/preset.hpp"

namespace rytme::session {

struct Offerable {
  std::string id;
  Direction direction{Direction::neutral};  // neutral: works both ways
};

inline constexpr std::size_t most_offers = 6;

// At most most_offers ids, the most fitting first. `chosen` (by the team, for this person and state) stand
// first in their order, whatever their direction; then what fits the state: first those in `done` (how often
// this person did it), the most frequent first, then the bank's order. Ids that the bank does not have are
// left out. Directions by state: domain.md 3 and 4; shut down is woken gently and never led further down.
std::vector<std::string> offers(std::span<const Offerable> bank, std::string_view state,
                                const std::vector<std::string>& chosen,
                                const std::map<std::string, int>& done);

}  // namespace rytme::session
