// SPDX-License-Identifier: Apache-2.0
// The devices page: what is there, what the room does when something is not, and what is wrong now. Plain
// HTML, for whoever maintains the room; nothing of a session is on it. Pure.
#pragma once

#include <string>
#include <vector>

#include "controller/web/message.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

std::string render_devices(const Options& options, const std::vector<DeviceRow>& devices,
                           const std::vector<FaultRow>& faults, const Query& query);

}  // namespace rytme::web
