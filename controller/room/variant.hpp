// SPDX-License-Identifier: Apache-2.0
// Variant («dose»): how the presets are run for one participant. Set by staff or psychologist, kept with its
// history, erased with the participant.
#pragma once

#include <optional>
#include <string>

namespace rytme {

// nullopt: as the preset says. The default is everybody's who has none: no rhythmic light and no red.
struct Variant {
  std::optional<double> minutes;      // of a session, 1-45
  std::optional<double> top_level;    // linear light 0-1 that a preset does not pass; safe light may
  bool rhythm{};                      // breathing light is allowed
  bool red{};                         // colours that are saturated red are allowed
  std::optional<double> tempo_bpm;    // own tempo, 20-140: where the preset leads to
  std::optional<std::string> source;  // "silence", or what the participant chose
  friend bool operator==(const Variant&, const Variant&) = default;
};

}  // namespace rytme
