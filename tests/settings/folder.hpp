// SPDX-License-Identifier: Apache-2.0
// A settings folder in a temporary place, made of others laid over each other; removed at the end.
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
  // Copies what is in `source` over what is there.
  void lay(const std::filesystem::path& source);
  void write(const std::string& name, const std::string& content);

 private:
  std::filesystem::path path_;
};

// One line per problem, as `rytme check` prints them.
std::string problems_of(const std::filesystem::path& folder);
std::string content_of(const std::filesystem::path& file);

}  // namespace rytme::test
