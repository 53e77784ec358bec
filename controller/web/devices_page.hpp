// SPDX-License-Identifier: Apache-2.0
// The devices page: what is there, what the room does when something is not, and what is wrong now; nothing
// of a session is on it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/web/message.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

// plain: two tables to be read. desk: the same inside the maintainer's desk, whose script takes their place.
enum class DevicesLook : std::uint8_t { plain, desk };

std::string render_devices(const Options& options, const std::vector<DeviceRow>& devices,
                           const std::vector<FaultRow>& faults, const Query& query,
                           DevicesLook look = DevicesLook::plain, bool simulated = false);

}  // namespace rytme::web
