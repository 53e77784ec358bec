// SPDX-License-Identifier: Apache-2.0
// A preset as it is run for one participant: the variant («dose») laid over it. Pure.
#pragma once

#include "controller/room/preset.hpp"
#include "controller/room/variant.hpp"

namespace rytme::session {

// Without leave for rhythm a breathing light stands still half-way; without leave for red a colour stops at
// its border. An own tempo is where the preset leads, never past its top; an own source plays where the
// preset names none. Shorter is the same preset, quicker. Safe light stays as it is.
Preset dosed(const Preset& preset, const Variant& variant);

// What keeps it from being kept, as one English sentence; nullptr: nothing.
const char* fault_of(const Variant& variant);

}  // namespace rytme::session
