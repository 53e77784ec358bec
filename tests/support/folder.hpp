// SPDX-License-Identifier: Apache-2.0
// A folder in a temporary place that goes with the test.
#pragma once

#include <filesystem>
#include <string>

namespace rytme::test {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  // Copies what is in `source` over what is there.
  void lay(const std::filesystem::path& source);
  void write(const std::string& name, const std::string& content);

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file);

}  // namespace rytme::test
