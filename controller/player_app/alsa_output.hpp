// SPDX-License-Identifier: Apache-2.0
// A sound device by ALSA, PipeWire's among them (its ALSA plugin is the usual default). 40 ms of buffer, no
// waiting. Thread of its owner.
#pragma once

#include <memory>
#include <string>

#include "controller/player/speaker.hpp"

namespace rytme::player_app {

// `name`: of ALSA, as "default", "hw:1". Throws std::runtime_error that says why it cannot be used.
std::unique_ptr<player::SoundOutput> open_alsa(const std::string& name);

}  // namespace rytme::player_app
