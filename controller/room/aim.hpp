// SPDX-License-Identifier: Apache-2.0
// What session wants of the room's channels; safety decides how fast, and what really goes out.
#pragma once

#include <optional>
#include <string>

#include "controller/room/preset.hpp"
#include "controller/room/reading.hpp"

namespace rytme {

// A part that is nullopt stays under whatever aim it had.
struct Aim {
  Direction direction{Direction::neutral};  // chooses the light slew: up = activating, else calming
  std::optional<LightScene> light;          // linear light, every light of the room
  std::optional<DeviceIndex> only;          // this light alone, and no player
  double light_glide_s{};                   // wanted duration; the limiter may take longer, never shorter
  std::optional<double> volume;             // 0-1
  double volume_glide_s{};
  std::optional<double> tempo_bpm;
  double tempo_glide_s{};
  std::optional<double>
      beat_delay_s;  // with tempo_bpm: the beat's place counts too, and is told so much ahead
  std::optional<bool> mute;
  std::optional<bool> play;
  std::optional<std::string> source;
  std::string origin;  // "preset", "http:tablet-1", "button:wall", ...
};

}  // namespace rytme
