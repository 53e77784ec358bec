// SPDX-License-Identifier: Apache-2.0
// `rytme check`: every problem of a settings folder at once.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace rytme::app {

// Lines FILE:LINE:COL: error|warning: TEXT, or with `json` one array of the same. `data`: where commissioned
// devices are known from; it need not be there. Returns 0: no errors; 1: errors; 2: the folder cannot be
// read.
int check_settings(const std::filesystem::path& folder, const std::filesystem::path& data, bool json,
                   std::ostream& out);

}  // namespace rytme::app
