// SPDX-License-Identifier: Apache-2.0
#include "controller/room/room_state.hpp"

#include <array>

#include "controller/room/response.hpp"

namespace rytme {
namespace {
constexpr std::array<std::string_view, 7> modes{"idle",     "starting", "running",  "paused",
                                                "stopping", "stopped",  "safe_mode"};
constexpr std::array<std::string_view, 3> qualities{"good", "doubtful", "unknown"};
constexpr std::array<std::string_view, 6> responses{"none", "warn", "hold", "baseline", "safe_light", "off"};
}  // namespace

std::string_view name_of(Response response) { return responses[static_cast<std::size_t>(response)]; }
std::string_view name_of(RoomMode mode) { return modes[static_cast<std::size_t>(mode)]; }
std::string_view name_of(Quality quality) { return qualities[static_cast<std::size_t>(quality)]; }

}  // namespace rytme
