// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: a device of every profile, and what must be true of everything decoded,
// whatever came in. What is not true ends the process, which is how a fuzzer is told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/devices/devices.hpp"

namespace rytme::fuzz {

// Ends the process when `true_` is not.
void must(bool true_);

// The shipped profiles and those of tests/fuzz/profiles, which use what no shipped one does. Run from the
// project's root.
const std::vector<settings::Profile>& profiles();

// One device of the profile on bus 0; required text params have the profile's id.
settings::House room_with(const settings::Profile& profile);

// Finite or unknown, columns of equal length, counts within their arrays.
void check(const std::vector<Decoded>& decoded);

}  // namespace rytme::fuzz
