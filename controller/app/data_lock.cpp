// SPDX-License-Identifier: Apache-2.0
#include "controller/app/data_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rytme::app {
namespace {

std::filesystem::path lock_file(const std::filesystem::path& data) { return data / "rytme.lock"; }

}  // namespace

std::optional<DataLock> DataLock::take(const std::filesystem::path& data, const std::string& who) {
  std::error_code ignored;  // open() says what is wrong
  std::filesystem::create_directories(data, ignored);
  const auto file = lock_file(data);
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) throw std::runtime_error("cannot open " + file.string() + ": " + std::strerror(errno));
  DataLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  const std::string text = who + " (process " + std::to_string(::getpid()) + ")\n";
  const bool written =
      ::ftruncate(fd, 0) == 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!written) throw std::runtime_error("cannot write " + file.string() + ": " + std::strerror(errno));
  return lock;
}

std::string DataLock::holder(const std::filesystem::path& data) {
  std::ifstream file(lock_file(data));
  std::string line;
  std::getline(file, line);
  return line;
}

DataLock::DataLock(DataLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

DataLock::~DataLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace rytme::app
