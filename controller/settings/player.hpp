// SPDX-License-Identifier: Apache-2.0
// player.toml: the settings of rytme-player, alone, because it may stand on another box than the controller.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "controller/settings/house.hpp"
#include "controller/settings/load.hpp"

namespace rytme::settings {

struct PlayerSettings {
  std::string node{"player1"};  // Homie id, as the room's device names it
  std::string room;             // whose controller is listened for; "" = the broker is enough
  std::string output{"auto"};   // an ALSA device (PipeWire's too); auto = the default one; none = no sound
  double cap_dbfs{-12};         // highest true peak, until the room is calibrated
  BrokerSettings broker;
};

struct LoadedPlayer {
  PlayerSettings player;
  bool there{};                   // false: no such file, and nothing is wrong
  std::vector<Problem> problems;  // as of load.hpp
};
// Never throws for what the file holds. `changes`: as of load.hpp.
LoadedPlayer check_player(const std::filesystem::path& folder, const Changes& changes = {});

// check_player(), but throws SettingsError when there are errors or there is no file.
PlayerSettings load_player(const std::filesystem::path& folder);

}  // namespace rytme::settings
