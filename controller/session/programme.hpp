// SPDX-License-Identifier: Apache-2.0
// A preset laid out in time, and where the tempo of a phase goes. Pure.
#pragma once

#include <optional>
#include <vector>

#include "controller/room/preset.hpp"

namespace rytme::session {

// Seconds of each phase of the preset, in order, within `longest_min` in all. A phase without minutes takes
// what is left (several share it); where the minutes do not suffice, the last phase keeps its own and the
// others give way.
std::vector<double> phase_seconds(const Preset& preset, double longest_min);

// The preset's minutes are cut by the room's longest session.
bool is_cut(const Preset& preset, double longest_min);

// BPM the phase ends at. `pulse_at_start`, `running`: nullopt when unknown. A lead without a pulse leads on
// from the running tempo, but only downwards: a room that cannot see anyone never escalates.
double tempo_goal(const TempoTarget& target, std::optional<double> present_pulse,
                  std::optional<double> pulse_at_start, std::optional<double> running);

}  // namespace rytme::session
