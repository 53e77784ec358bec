// SPDX-License-Identifier: Apache-2.0
// `rytme analyse`: recordings in files, numbers as JSON (contracts §6).
#pragma once

#include <filesystem>
#include <iosfwd>

#include "controller/app/analyse_rows.hpp"

namespace rytme::app {

// A CSV file, perhaps gzip, with the column rr_ms (ms) and, if there, t_s (s, only to find gaps).
struct HeartRequest {
  std::filesystem::path file;
  RowFilter where;
};

// Writes one JSON object to `out` and returns 0, with a line to `err` where times go back; or one line to
// `err` and returns 2.
int analyse_heart_file(const HeartRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
