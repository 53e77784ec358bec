// SPDX-License-Identifier: Apache-2.0
// What the room does about a fault, least severe first.
#pragma once

#include <cstdint>
#include <string_view>

namespace rytme {

// warn: told to people, nothing changes. hold: what follows a sensor stays where it is. baseline: it goes
// back to the preset's own programme. safe_light: the room rests, sound off. off: the output is left alone.
enum class Response : std::uint8_t { none, warn, hold, baseline, safe_light, off };

std::string_view name_of(Response response);

}  // namespace rytme
