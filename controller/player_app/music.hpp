// SPDX-License-Identifier: Apache-2.0
// The library's files: where the measured library stands, how its tracks are opened. Thread of its owner.
#pragma once

#include <filesystem>

#include "controller/player/player_device.hpp"

namespace rytme::player_app {

// In the data folder.
std::filesystem::path library_file(const std::filesystem::path& data);
// Opens tracks of this folder, each from its first beat.
// `waits`: as of TrackProcess.
player::PlayerDevice::Opener opener(std::filesystem::path folder, bool waits = false);

}  // namespace rytme::player_app
