// SPDX-License-Identifier: Apache-2.0
// rytme-player as a process, with settings, data and a "loudspeaker" of its own: ALSA's file plugin, which
// writes what a device would play.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/support/folder.hpp"

namespace rytme::player_app {

using test::Folder;

std::filesystem::path player_program();

// Runs it to its end. The exit code; what it printed is in `out`.
int run_player(const std::vector<std::string>& words, std::string* out = nullptr);

// `serve` until the end of the object.
class PlayerProcess {
 public:
  PlayerProcess(const Folder& folder, int broker_port, const std::string& output = "heard");
  ~PlayerProcess();
  PlayerProcess(const PlayerProcess&) = delete;
  PlayerProcess& operator=(const PlayerProcess&) = delete;

  pid_t pid() const { return pid_; }
  // SIGTERM, and the exit code.
  int end();
  // How many frames of 48 kHz the loudspeaker got.
  std::size_t frames() const;
  // Its left side, from this frame on.
  std::vector<float> heard(std::size_t from = 0) const;

 private:
  const Folder& folder_;
  pid_t pid_{-1};
};

}  // namespace rytme::player_app
