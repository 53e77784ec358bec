// SPDX-License-Identifier: Apache-2.0
// Who works with a data folder, and with the buses of its room: the controller while it runs, or a command
// that talks to devices itself. A lock of the kernel on `rytme.lock`: it ends with its process, however that
// ends.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rytme::app {

class DataLock {
 public:
  // nullopt: somebody else has it. Throws std::runtime_error when the folder cannot be written. `who` is for
  // people.
  static std::optional<DataLock> take(const std::filesystem::path& data, const std::string& who);
  // What the present holder calls itself; "" when unknown.
  static std::string holder(const std::filesystem::path& data);

  DataLock(DataLock&& other) noexcept;
  DataLock& operator=(DataLock&&) = delete;
  DataLock(const DataLock&) = delete;
  DataLock& operator=(const DataLock&) = delete;
  ~DataLock();

 private:
  explicit DataLock(int fd) : fd_(fd) {}
  int fd_{-1};
};

}  // namespace rytme::app
