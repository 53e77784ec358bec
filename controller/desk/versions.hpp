// SPDX-License-Identifier: Apache-2.0
// What the settings have been: the last twenty states of the folder, each one file that is whole or not
// there. The newest is what the folder holds. Reads and writes files; any thread, one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "controller/desk/settings_files.hpp"

namespace rytme::desk {

inline constexpr std::size_t most_versions = 20;

struct Version {
  int number{};
  std::int64_t at_s{};               // Unix time
  std::string by;                    // an account's id; "" = nobody, or not known
  std::string why;                   // first | by_hand | applied | restored | put_back
  std::vector<std::string> changed;  // files, since the version before
  Files files;
};

class Versions {
 public:
  // Those of a data folder. Throws std::runtime_error in one line when it cannot be read or written, as all
  // others here; a version that cannot be read is as if it were not there.
  explicit Versions(const std::filesystem::path& data);

  // Newest first.
  std::vector<Version> all() const;
  std::optional<Version> newest() const;
  std::optional<Version> numbered(int number) const;
  // What the folder held a day before `now_s`, as far back as is known: the newest that was there by then, or
  // the oldest.
  std::optional<Version> of_yesterday(std::int64_t now_s) const;

  // Kept with the next number, which is returned; nothing is kept when the newest has the same files. Beyond
  // twenty the oldest go. `number` and `changed` are set here.
  int keep(Version version);

 private:
  std::vector<int> numbers() const;  // ascending
  std::filesystem::path file_of(int number) const;

  std::filesystem::path folder_;
};

}  // namespace rytme::desk
