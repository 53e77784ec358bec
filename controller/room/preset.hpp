// SPDX-License-Identifier: Apache-2.0
// Preset (nb: profil): a named programme for light, music and pace. Data; validated when the settings are
// read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rytme {

enum class Direction : std::uint8_t { down, up, neutral };

struct LocalText {
  std::string nb;
  std::string en;
};

// level: linear light 0-1. cct_k: colour temperature, 0 = leave as it is.
struct LightScene {
  double level{};
  double cct_k{};
  friend bool operator==(const LightScene&, const LightScene&) = default;
};

// Where the tempo of a phase ends. Exactly one of `from_present`, `lead`, `bpm` is used:
//   from_present: the participant's present pulse when known, else `otherwise`;
//   lead: present pulse at the session's start times (1 + lead), else as clamped from the running tempo;
//   bpm: a fixed tempo.
// The result is clamped to [clamp_low, clamp_high]. Unit BPM.
struct TempoTarget {
  bool from_present{};
  std::optional<double> lead;
  std::optional<double> bpm;
  double clamp_low{60};
  double clamp_high{80};
  double otherwise{80};
};

// A light that breathes («pustende lys»): up from `low` to the phase's light in in_s, holds hold_s, down in
// out_s, rests rest_s. Linear light, seconds. It goes through the same limiter as any other light.
struct Breath {
  double low{};
  double in_s{5};
  double hold_s{};
  double out_s{7};
  double rest_s{};
};

struct Phase {
  std::string id;                   // arrive, lead, stay, close
  std::optional<double> minutes;    // nullopt: takes what is left of the preset's minutes
  bool light_is_safe{};             // light = "safe"
  std::optional<LightScene> light;  // nullopt: stays as it is
  std::optional<TempoTarget> tempo;
  std::optional<double> volume;  // 0-1
  double glide_s{10};            // light and volume reach their target in this time, slower where limits ask;
                                 // tempo glides over the whole phase
  std::optional<Breath> breath{};  // only for a participant whose variant allows rhythm; begins after glide_s
};

struct Preset {
  std::string id;
  int version{1};
  Direction direction{Direction::neutral};
  LocalText name;
  double minutes{15};
  std::vector<Phase> phases;  // ends with "close"
  std::string source{};       // what the player plays: "silence", "pulse", ...; "" = as it is
};

}  // namespace rytme
