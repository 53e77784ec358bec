// SPDX-License-Identifier: Apache-2.0
#include "controller/session/programme.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace rytme::session {
namespace {

constexpr double s_per_min = 60.0;

double total_seconds(const Preset& preset, double longest_min) {
  return std::max(0.0, std::min(preset.minutes, longest_min)) * s_per_min;
}

}  // namespace

bool is_cut(const Preset& preset, double longest_min) { return preset.minutes > longest_min; }

std::vector<double> phase_seconds(const Preset& preset, double longest_min) {
  const std::size_t count = preset.phases.size();
  std::vector<double> length(count, 0.0);
  double left = total_seconds(preset, longest_min);
  std::size_t open = 0;
  // The last phase first: closing well matters more than the length of anything before it.
  for (std::size_t turn = 0; turn < count; ++turn) {
    const std::size_t i = turn == 0 ? count - 1 : turn - 1;
    const std::optional<double> minutes = preset.phases[i].minutes;
    if (!minutes) ++open;
    length[i] = std::clamp(minutes.value_or(0.0) * s_per_min, 0.0, left);
    left -= length[i];
  }
  for (std::size_t i = 0; i < count; ++i)
    if (!preset.phases[i].minutes) length[i] = left / static_cast<double>(open);
  return length;
}

double tempo_goal(const TempoTarget& target, std::optional<double> present_pulse,
                  std::optional<double> pulse_at_start, std::optional<double> running) {
  // A goal taken from a pulse stands on topics that everybody in the house can read: in steps of 5 BPM it
  // leads as well and tells little.
  const auto in_steps = [](double bpm) { return std::round(bpm / 5.0) * 5.0; };
  double goal = target.otherwise;
  if (target.bpm) {
    goal = *target.bpm;
  } else if (target.lead) {
    const double lead = *target.lead;
    if (pulse_at_start)
      goal = in_steps(*pulse_at_start * (1.0 + lead));
    else if (running)
      goal = *running * (1.0 + std::min(lead, 0.0));
  } else if (target.from_present && present_pulse) {
    goal = in_steps(*present_pulse);
  }
  return std::clamp(goal, target.clamp_low, std::max(target.clamp_low, target.clamp_high));
}

}  // namespace rytme::session
