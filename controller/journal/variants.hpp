// SPDX-License-Identifier: Apache-2.0
// How the presets are run for each participant: the newest event of kind "variant" that is of no session.
#pragma once

#include <map>
#include <string>

#include "controller/journal/sqlite.hpp"
#include "controller/room/variant.hpp"

namespace rytme::journal {

// By participant. What is not readable as JSON is skipped. Throws SqlError.
std::map<std::string, Variant> variants(Connection& connection);

}  // namespace rytme::journal
