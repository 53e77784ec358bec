// SPDX-License-Identifier: Apache-2.0
// `rytme analyse motion`: a recording of a motion sensor, JSON lines at 10 Hz (contracts §6).
#pragma once

#include <filesystem>
#include <iosfwd>

namespace rytme::app {

// A CSV file with the columns t_s, ax, ay, az (s, m/s²) and perhaps gx, gy, gz (rad/s; an empty field:
// absent). Writes one JSON object a line to `out` and returns 0, with a line to `err` when samples were
// refused; or only one line to `err` and returns 2.
int analyse_motion_file(const std::filesystem::path& file, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
