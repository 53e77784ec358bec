// SPDX-License-Identifier: Apache-2.0
// Reads a settings folder. All problems at once, each with file, line, column, what is allowed and the likely
// fix. Reads files, nothing else; any thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "controller/settings/house.hpp"

namespace rytme::settings {

enum class Severity : std::uint8_t { error, warning };

struct Problem {
  std::string file;  // relative to the folder
  int line{1};
  int column{1};
  Severity severity{Severity::error};
  std::string text;
};

// "room.toml:3:9: error: ..."
std::string to_text(const Problem& problem);

struct Loaded {
  House house;                    // complete only when has_errors() is false
  std::vector<Problem> problems;  // ordered by file, line, column
  bool has_errors() const;
};

// Texts in the place of files, by their names in the folder; nullopt: as if the file were not there.
using Changes = std::map<std::string, std::optional<std::string>>;

// Never throws for what a file holds; a missing folder is one problem. With `changes`: as the folder would be
// with them.
Loaded check(const std::filesystem::path& folder, const Changes& changes = {});

// One profile file by itself. The profile is complete only without errors.
struct LoadedProfile {
  Profile profile;
  std::vector<Problem> problems;
  bool has_errors() const;
};
// Never throws; a file that cannot be read is one problem.
LoadedProfile check_profile(const std::filesystem::path& file);

// All problems of a folder as one exception; what() is their lines.
class SettingsError : public std::runtime_error {
 public:
  explicit SettingsError(std::vector<Problem> problems);
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// As check(), but throws SettingsError when there are errors; player.toml, which is another program's, is
// left out.
House load(const std::filesystem::path& folder);

}  // namespace rytme::settings
