// SPDX-License-Identifier: Apache-2.0
// Command (nb: pådrag): the values asked of one device at once. Only the last stage of safety makes one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "controller/room/capability.hpp"
#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"

namespace rytme {

struct Setting {
  Capability capability{};
  double value{};    // light.level: the device's own scale 0-1, after the fixture's curve
  std::string text;  // ValueKind::text only
};

struct Command {
  DeviceIndex device{};
  std::vector<Setting> settings;            // go out in one message where the device can
  std::chrono::milliseconds transition{0};  // the device's own fade; 0 where it has none
  Instant expires{};                        // nothing is carried out after this (5 s from a person's view)
  std::uint64_t generation{};  // stop generation: transports drop what is older than the last stop
  std::string origin;          // "preset", "http:tablet-1", "button:wall", "stop", ...
};

}  // namespace rytme
