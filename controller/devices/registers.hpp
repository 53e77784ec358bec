// SPDX-License-Identifier: Apache-2.0
// Register words to raw numbers and back, and the merging of register runs. Internal to devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/profile.hpp"

namespace rytme::devices {

// The bits of the whole value in its own order, before any sign; `words` holds words_in(type) values. Not for
// ascii.
std::uint64_t bits_of(const std::uint16_t* words, const settings::PointType& type);
double raw_of(const std::uint16_t* words, const settings::PointType& type);
// ascii: up to the first zero, without trailing blanks; nullopt when it is not printable text.
std::optional<std::string> text_of(const std::uint16_t* words, const settings::PointType& type);
// Rounded and limited to what the type can carry. Not for bits and ascii.
std::vector<std::uint16_t> words_of(double raw, const settings::PointType& type);

// What one request to a device may carry; 0: what Modbus allows.
struct PollLimits {
  unsigned max_block{0};
  unsigned max_hole{0};  // registers that nobody wants but may be read over
};

// Runs of the same bus, unit, area and period that touch or overlap become one, up to the limits.
std::vector<RegisterRead> merged(std::vector<RegisterRead> runs, PollLimits limits = {});

}  // namespace rytme::devices
