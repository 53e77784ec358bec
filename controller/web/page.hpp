// SPDX-License-Identifier: Apache-2.0
// The staff page as plain HTML with forms: works without JavaScript; the script draws the same page, live.
#pragma once

#include <string>

#include "controller/room/room_state.hpp"
#include "controller/web/message.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

// query: lang=nb|en for a look in the other language; said=conflict|refused|unknown|late after a refused
// form.
std::string render_page(const Options& options, const RoomState& state, const Query& query);

}  // namespace rytme::web
