// SPDX-License-Identifier: Apache-2.0
// `rytme analyse motion`: a recording of a motion sensor, JSON lines at 10 Hz (contracts §6).
#pragma once

#include <filesystem>
#include <iosfwd>

#include "controller/app/analyse_rows.hpp"

namespace rytme::app {

// A CSV file, perhaps gzip, with the columns t_s, ax, ay, az (s, m/s²) and perhaps gx, gy, gz (rad/s; an
// empty cell: absent).
struct MotionRequest {
  std::filesystem::path file;
  RowFilter where;
};

// Writes one JSON object a line to `out` while it reads and returns 0, with a line to `err` when samples were
// refused; or one line to `err`, behind what was written so far, and returns 2.
int analyse_motion_file(const MotionRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
