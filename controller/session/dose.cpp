// SPDX-License-Identifier: Apache-2.0
#include "controller/session/dose.hpp"

#include <algorithm>

#include "controller/room/light_colour.hpp"
#include "controller/room/limits.hpp"
#include "controller/session/words.hpp"

namespace rytme::session {
namespace {

constexpr double longest_min = 45;

void dose_light(Phase& phase, const Variant& variant) {
  if (!phase.light) return;
  LightScene& light = *phase.light;
  if (phase.breath && !variant.rhythm) {
    light.level = (light.level + phase.breath->low) / 2;
    phase.breath.reset();
  }
  if (!variant.red && is_saturated_red(light.cct_k)) light.cct_k = red_below_cct_k;
  if (variant.top_level) light.level = std::min(light.level, *variant.top_level);
  if (phase.breath) phase.breath->low = std::min(phase.breath->low, light.level);
}

// Where a phase leads; what it meets, and a preset's own even tempo, stay as they are.
void dose_tempo(Phase& phase, double bpm) {
  if (!phase.tempo || !phase.tempo->lead) return;
  TempoTarget own;
  own.clamp_low = tempo_low_bpm;
  own.clamp_high = phase.tempo->clamp_high;
  own.bpm = std::min(bpm, own.clamp_high);
  phase.tempo = own;
}

// A shorter dose is the same preset, quicker; it closes as slowly, but for at most a third of the time.
void dose_length(Preset& preset, double minutes) {
  const double close = std::min(preset.phases.back().minutes.value_or(0), minutes / 3);
  const double rest = preset.minutes - preset.phases.back().minutes.value_or(0);
  const double share = rest > 0 ? std::min(1.0, (minutes - close) / rest) : 1.0;
  for (Phase& phase : preset.phases)
    if (phase.minutes) *phase.minutes *= share;
  if (preset.phases.back().minutes) preset.phases.back().minutes = close;
  preset.minutes = minutes;
}

}  // namespace

Preset dosed(const Preset& preset, const Variant& variant) {
  Preset own = preset;
  if (variant.minutes && !own.phases.empty()) dose_length(own, *variant.minutes);
  if (own.source.empty()) own.source = variant.source.value_or("");
  for (Phase& phase : own.phases) {
    dose_light(phase, variant);
    if (variant.tempo_bpm && phase.id != "close") dose_tempo(phase, *variant.tempo_bpm);
  }
  return own;
}

const char* fault_of(const Variant& variant) {
  if (variant.minutes && !(*variant.minutes >= 1 && *variant.minutes <= longest_min))
    return "minutes is 1 to 45";
  if (variant.top_level && !(*variant.top_level >= 0 && *variant.top_level <= 1))
    return "top_level is 0 to 1";
  if (variant.tempo_bpm && !(*variant.tempo_bpm >= tempo_low_bpm && *variant.tempo_bpm <= tempo_high_bpm))
    return "tempo_bpm is 20 to 140";
  if (variant.source && !is_source_id(*variant.source)) return source_id_rule;
  return nullptr;
}

}  // namespace rytme::session
