// SPDX-License-Identifier: Apache-2.0
// What a demo needs on disk before anything starts: a settings folder on free ports, a broker's configuration
// with generated passwords and a list of who may write what.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "controller/settings/house.hpp"

namespace rytme::app {

struct DemoHouse {
  std::filesystem::path config;         // generated settings folder
  std::filesystem::path broker_config;  // mosquitto.conf
  std::string player;                   // device id of the room's Homie player; "" = it has none
  int broker_port{};
  int http_port{};
  std::map<std::string, std::string> passwords;  // broker user -> password: rytme, sim-*, observer, injector
  std::map<std::string, std::string> tokens;     // tablet, psychologist, maintainer, officer -> token
  settings::House house;                         // the generated folder, read back
};

// What stands in the demo as itself, and not simulated as a peer.
struct DemoNodes {
  bool qemu{};    // at swing.motion and light.wall nodes of our own, on a line of theirs
  bool player{};  // rytme-player; it gets a player.toml and a broker user
};

// `base`: the settings folder to start from. `http_port` 0 = any free one. Throws settings::SettingsError or
// std::runtime_error with one line.
DemoHouse make_demo_house(const std::filesystem::path& base, const std::filesystem::path& data, int http_port,
                          const DemoNodes& nodes);

}  // namespace rytme::app
