// SPDX-License-Identifier: Apache-2.0
// Where things lie in a data folder.
#pragma once

#include <filesystem>

namespace rytme::app {

inline std::filesystem::path journal_file(const std::filesystem::path& data) {
  return data / "journal.sqlite";
}

}  // namespace rytme::app
