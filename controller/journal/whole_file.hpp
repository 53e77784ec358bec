// SPDX-License-Identifier: Apache-2.0
// A file that is whole or not there: written under a name of its own beside the one it is to have, made
// durable and renamed, for its owner only. Any thread. Everything throws FileError.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string_view>

namespace rytme::journal {

// One line: the file, and what is wrong.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class NewFile {
 public:
  // `path` must not be there. It is gone again unless it was kept.
  explicit NewFile(std::filesystem::path path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes);
  void sync();
  // Under its own name, or another, durably. A file of that name is replaced; a folder, a device or a link is
  // not.
  void keep_as(const std::filesystem::path& name);
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_;
  bool kept_{};
};

// `write` fills the file it is given; what it throws goes through. After an error nothing is left of it, and
// what was there before is still there.
void replace_file(const std::filesystem::path& file,
                  const std::function<void(const std::filesystem::path&)>& write);
void replace_file(const std::filesystem::path& file, std::string_view text);

// Before long work for a file: whether keep_as() would refuse the name.
void check_can_be_replaced(const std::filesystem::path& file);
// What is made from a file must not take its place.
void check_is_another(const std::filesystem::path& file, const std::filesystem::path& than);

// A rename is durable once its folder is synced.
void sync_file(const std::filesystem::path& file);
void sync_folder_of(const std::filesystem::path& file);

}  // namespace rytme::journal
