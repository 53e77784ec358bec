// SPDX-License-Identifier: Apache-2.0
// `rytme check`: every problem of a settings folder at once.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include <boost/json/array.hpp>

#include "controller/settings/load.hpp"

namespace rytme::app {

// All that is wrong with a settings folder, as it would be with `changes`, also what only a data folder and a
// clock know: certificates that end, outputs without a verified fail-safe.
settings::Loaded check_all(const std::filesystem::path& folder, const std::filesystem::path& data,
                           const settings::Changes& changes = {});

// [{"file","line","column","severity","text"}]
boost::json::array problems_json(const std::vector<settings::Problem>& problems);

// Lines FILE:LINE:COL: error|warning: TEXT, or with `json` one array of the same. `data`: where commissioned
// devices are known from; it need not be there. Returns 0: no errors; 1: errors; 2: the folder cannot be
// read.
int check_settings(const std::filesystem::path& folder, const std::filesystem::path& data, bool json,
                   std::ostream& out);

}  // namespace rytme::app
