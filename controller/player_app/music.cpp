// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/music.hpp"

#include <system_error>
#include <utility>

#include "controller/player_app/track_process.hpp"

namespace rytme::player_app {

std::filesystem::path library_file(const std::filesystem::path& data) { return data / "music.json"; }

player::PlayerDevice::Opener opener(std::filesystem::path folder, bool waits) {
  return [folder = std::move(folder), waits](const player::Track& track,
                                             double speed) -> std::unique_ptr<player::TrackSource> {
    try {
      return std::make_unique<TrackProcess>(folder / track.file, track.first_beat_s, speed, waits);
    } catch (const std::system_error&) {
      return nullptr;  // no more pipes on this machine
    }
  };
}

}  // namespace rytme::player_app
