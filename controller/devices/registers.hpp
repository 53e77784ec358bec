// SPDX-License-Identifier: Apache-2.0
// Register words to raw numbers and back, and the merging of register runs. Internal to devices.
#pragma once

#include <optional>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/profile.hpp"

namespace rytme::devices {

std::uint16_t width(settings::PointType type);  // in registers or bits

// `words` holds width(type) values.
double raw_of(const std::uint16_t* words, settings::PointType type, bool big_word_first);
// Rounded and limited to what the type can carry.
std::vector<std::uint16_t> words_of(double raw, settings::PointType type, bool big_word_first);

// Runs of the same bus, unit, area and period that touch or overlap become one, up to what a request can
// carry.
std::vector<RegisterRead> merged(std::vector<RegisterRead> runs);

}  // namespace rytme::devices
