// SPDX-License-Identifier: Apache-2.0
// `rytme-player serve`: the device on the broker, the engine on the sound device, one thread for both.
#pragma once

#include <filesystem>

namespace rytme::player_app {

struct ServeOptions {
  std::filesystem::path config;  // with player.toml
  std::filesystem::path data;    // with the measured library
};

// Runs until SIGTERM or SIGINT. Returns the exit code: 0 ended in order, 2 cannot serve (told on stderr).
int serve(const ServeOptions& options);

}  // namespace rytme::player_app
