// SPDX-License-Identifier: Apache-2.0
// A folder of our own that goes away with all that is in it.
#pragma once

#include <filesystem>

namespace rytme::app {

class Scratch {
 public:
  // Makes it in `parent`, for its owner alone. Throws std::runtime_error.
  explicit Scratch(const std::filesystem::path& parent);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rytme::app
