// SPDX-License-Identifier: Apache-2.0
// Named texts as one ZIP file. Each text is made when its turn comes and forgotten after it, so that a record
// of many sessions needs the memory of one. The same entries give the same bytes: every entry has the time
// 1980.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rytme::report {

struct ZipEntry {
  std::string name;  // UTF-8, folders by '/'
  std::function<std::string()> make;
};

// Throws std::runtime_error; then there is no file. An existing one is replaced when all is written.
void write_zip(const std::filesystem::path& file, const std::vector<ZipEntry>& entries);

}  // namespace rytme::report
