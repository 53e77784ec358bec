// SPDX-License-Identifier: Apache-2.0
// What a music player offers, out of its own words. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "controller/room/room_state.hpp"

namespace rytme::app {

// `text`: JSON, [{"id","title",...}]. What is no track is left out, and so is what a page has no room for: of
// more than 24 the first, of a title over 80 bytes its beginning. Not a list: none.
std::vector<OfferedTrack> offered_tracks(std::string_view text);

}  // namespace rytme::app
