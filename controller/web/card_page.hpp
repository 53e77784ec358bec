// SPDX-License-Identifier: Apache-2.0
// The paper card for the door, made from the settings: how to start, stop and end, and what to do when the
// tablet is dark. Nothing of anybody, nothing of now. Plain HTML that prints on A5 or A4. Pure.
#pragma once

#include <string>

#include "controller/web/message.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

std::string render_card(const Options& options, const Query& query);

}  // namespace rytme::web
