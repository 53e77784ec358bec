// SPDX-License-Identifier: Apache-2.0
// A recorded table: CSV, plain or gzip, columns by name; lines that begin with # carry key=value.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::simulator {

struct Table {
  std::string file;  // for messages
  std::map<std::string, std::string> notes;
  std::map<std::string, std::vector<double>, std::less<>> columns;  // NaN where a cell holds no number

  bool has(std::string_view column) const { return columns.contains(column); }
  // Throws std::runtime_error naming file and column: no such column, or a cell that holds no number.
  const std::vector<double>& numbers(std::string_view column) const;
  double note(const std::string& key) const;  // throws likewise
};

// Throws std::runtime_error with one line: the file cannot be read or is no table.
Table read_table(const std::filesystem::path& path);

}  // namespace rytme::simulator
