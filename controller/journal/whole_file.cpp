// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/whole_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw FileError(file.string() + ": " + std::error_code(error, std::system_category()).message());
}

void sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  const int failed = ::fsync(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  if (failed != 0) fail(path, failed);
}

fs::path own_name(const fs::path& file) { return file.string() + ".part-" + std::to_string(::getpid()); }

void rename_durably(const fs::path& from, const fs::path& to) {
  check_can_be_replaced(to);
  if (::rename(from.c_str(), to.c_str()) != 0) fail(to, errno);
  sync_folder_of(to);
}

}  // namespace

NewFile::NewFile(fs::path path)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) fail(path_, errno);
}

NewFile::~NewFile() {
  ::close(descriptor_);
  std::error_code ignored;
  if (!kept_) fs::remove(path_, ignored);
}

void NewFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void NewFile::sync() {
  if (::fsync(descriptor_) != 0) fail(path_, errno);
}

void NewFile::keep_as(const fs::path& name) {
  sync();
  rename_durably(path_, name);
  kept_ = true;
}

void replace_file(const fs::path& file, const std::function<void(const fs::path&)>& write) {
  check_can_be_replaced(file);
  const fs::path temporary = own_name(file);
  try {
    write(temporary);
    if (::chmod(temporary.c_str(), 0600) != 0) fail(temporary, errno);
    sync_file(temporary);
    rename_durably(temporary, file);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

void replace_file(const fs::path& file, std::string_view text) {
  check_can_be_replaced(file);
  std::error_code ignored;
  fs::remove(own_name(file), ignored);  // of a process of this number that was killed
  NewFile fresh(own_name(file));
  fresh.write(text);
  fresh.keep_as(file);
}

// A rename would put a file in the place of a device: of /dev/full, or of a link like /dev/stdout.
void check_can_be_replaced(const fs::path& file) {
  struct stat there {};
  if (::lstat(file.c_str(), &there) != 0) return;
  if (S_ISDIR(there.st_mode)) throw FileError(file.string() + ": is a folder");
  if (!S_ISREG(there.st_mode)) throw FileError(file.string() + ": is not a file that can be replaced");
}

void check_is_another(const fs::path& file, const fs::path& than) {
  std::error_code ignored;
  if (fs::equivalent(file, than, ignored)) throw FileError(file.string() + ": is what this is made from");
}

void sync_file(const fs::path& file) { sync(file, O_RDONLY); }

void sync_folder_of(const fs::path& file) {
  sync(file.has_parent_path() ? file.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

}  // namespace rytme::journal
