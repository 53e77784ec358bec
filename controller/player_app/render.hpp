// SPDX-License-Identifier: Apache-2.0
// `rytme-player render`: what the player would play, into a WAV file, faster than life. The wishes go the way
// of MQTT messages, the sound that of the loudspeaker.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rytme::player_app {

struct RenderOptions {
  std::filesystem::path out;
  std::filesystem::path data;  // with the measured library
  double seconds{60};
  double cap_dbfs{-12};
  std::vector<std::string> wishes;  // "bpm=60", or "12.5:bpm=60": from that second on
};

// Throws std::runtime_error with one line: a wish that is none or that the player refuses, a file that cannot
// be written.
void render(const RenderOptions& options);

}  // namespace rytme::player_app
