// SPDX-License-Identifier: Apache-2.0
// One row of a participant's state map («tilstandskart»): what the team knows of one state in this person.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace rytme {

// The states a map has rows for; "don't know" has none.
inline constexpr std::array<std::string_view, 6> mapped_states{"calm", "attentive", "alarm",
                                                               "fear", "terror",    "shut_down"};

struct StateMapRow {
  std::string state;
  std::string looks_like, makes_worse, seeks, helps;  // the team's own words; "" = nothing written
  std::string activities;                             // ids to offer first, separated by spaces
};

}  // namespace rytme
