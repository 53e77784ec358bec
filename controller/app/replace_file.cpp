// SPDX-License-Identifier: Apache-2.0
#include "controller/app/replace_file.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rytme::app {
namespace {

// A descriptor that closes itself; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::runtime_error(file.string() + ": " + std::error_code(errno, std::system_category()).message());
}

Descriptor opened(const std::filesystem::path& file, int flags) {
  const int number = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  if (number < 0) fail(file);
  return Descriptor(number);
}

void write_all(const std::filesystem::path& file, std::string_view text) {
  const Descriptor descriptor = opened(file, O_WRONLY | O_CREAT | O_TRUNC);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void make_durable(const std::filesystem::path& file) {
  const Descriptor descriptor = opened(file, O_RDWR);
  if (::fchmod(descriptor.number(), 0600) != 0 || ::fsync(descriptor.number()) != 0) fail(file);
}

}  // namespace

void replace_file(const std::filesystem::path& file,
                  const std::function<void(const std::filesystem::path&)>& write) {
  const std::filesystem::path temporary = file.string() + ".part-" + std::to_string(::getpid());
  try {
    write(temporary);
    make_durable(temporary);
    std::filesystem::rename(temporary, file);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

void replace_file(const std::filesystem::path& file, std::string_view text) {
  replace_file(file, [text](const std::filesystem::path& temporary) { write_all(temporary, text); });
}

}  // namespace rytme::app
