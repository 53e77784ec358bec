// SPDX-License-Identifier: Apache-2.0
// The words people may enter (contracts §3) and the shape of a participant code.
#pragma once

#include <string_view>

#include "controller/room/request.hpp"

namespace rytme::session {

bool is_rating(const request::Rate& rate);
bool is_mark(std::string_view kind);
// [A-Z0-9]{2,8}
bool is_participant_code(std::string_view code);
// It goes to the player and stands on topics for all to read: an id, not free text; of a track "library:ID".
bool is_source_id(std::string_view id);
inline constexpr const char* source_id_rule =
    "a source id is 1 to 64 letters, digits, dots, hyphens or underscores; a track is \"library:ID\"";

}  // namespace rytme::session
