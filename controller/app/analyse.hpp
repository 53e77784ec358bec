// SPDX-License-Identifier: Apache-2.0
// `rytme analyse`: recordings in files, numbers as JSON (contracts §6).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace rytme::app {

// A CSV file with the column rr_ms (ms) and, if there, t_s (s, only to find gaps). where_column "" = every
// row, else only the rows whose column holds where_value.
struct HeartRequest {
  std::filesystem::path file;
  std::string where_column;
  std::string where_value;
};

// Writes one JSON object to `out` and returns 0; or one line to `err` and returns 2.
int analyse_heart_file(const HeartRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
