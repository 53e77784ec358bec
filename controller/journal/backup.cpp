// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/backup.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/journal/copy.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/sealed_file.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw JournalError(file.string() + ": " + what);
}

// A new file for its owner alone, which is gone again unless it was kept.
class NewFile {
 public:
  explicit NewFile(fs::path path)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) failed();
  }
  ~NewFile() {
    ::close(descriptor_);
    std::error_code ignored;
    if (!kept_) fs::remove(path_, ignored);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) failed();
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) failed();
  }
  // Under its own name, or another, durably.
  void keep_as(const fs::path& name) {
    sync();
    fs::rename(path_, name);
    kept_ = true;
    sync_folder_of(name);
  }
  const fs::path& path() const { return path_; }

 private:
  [[noreturn]] void failed() const { fail(path_, std::error_code(errno, std::system_category()).message()); }
  fs::path path_;
  int descriptor_;
  bool kept_{};
};

fs::path own_name(const fs::path& file, const char* suffix) {
  return file.string() + suffix + std::to_string(::getpid());
}

// Every way this can fail as one line.
template <typename Work>
auto told(const fs::path& file, const Work& work) {
  try {
    return work();
  } catch (const JournalError&) {
    throw;
  } catch (const SealError& error) {
    fail(file, error.what());
  } catch (const fs::filesystem_error& error) {
    fail(error.path1(), error.code().message());
  } catch (const std::runtime_error& error) {
    fail(file, error.what());
  }
}

// Gone when this goes.
struct Temporary {
  fs::path path;
  explicit Temporary(fs::path name) : path(std::move(name)) {}
  ~Temporary() {
    std::error_code ignored;
    for (const char* part : {"", "-journal", "-wal", "-shm"}) fs::remove(path.string() + part, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
};

std::ifstream open_for_input(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file)) fail(file, "cannot be read");
  return in;
}

KeyPair read_key(const fs::path& file) {
  std::ifstream in = open_for_input(file);
  std::string line;
  std::getline(in, line);
  try {
    return pair_of(line);
  } catch (const SealError& error) {
    fail(file, error.what());
  }
}

// Ours, of a version we know, and whole.
void check(const fs::path& file) {
  Connection connection = open_for_reading(file);
  try {
    check_integrity(connection, file);
  } catch (const SqlError& error) {
    fail(file, error.what());
  }
}

// The present journal as one file under another name, and still under its own: one instant later the rename
// of the restored one takes that name over.
fs::path put_aside(const fs::path& journal) {
  if (!fs::exists(journal)) return {};
  fs::path aside = free_name(journal, ".before-restore");
  try {
    Connection connection(journal, Connection::Mode::read_write);
    connection.ask("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const SqlError&) {
    // Damaged: its log goes with it below.
  }
  for (const char* companion : {"-wal", "-shm"})
    if (fs::exists(journal.string() + companion))
      fs::rename(journal.string() + companion, aside.string() + companion);
  fs::create_hard_link(journal, aside);
  sync_folder_of(journal);
  return aside;
}

}  // namespace

void back_up(const fs::path& journal, const fs::path& to, const std::string& recipient) {
  told(to, [&] {
    if (fs::is_directory(to)) fail(to, "is a folder");
    const Temporary plain(own_name(journal, ".backup-"));
    {
      Connection connection = open_for_reading(journal);
      const auto mask = ::umask(0077);
      try {
        copy_database(connection, plain.path);
      } catch (...) {
        ::umask(mask);
        throw;
      }
      ::umask(mask);
    }
    NewFile sealed(own_name(to, ".part-"));
    std::ifstream content = open_for_input(plain.path);
    seal(content, recipient, [&](std::string_view bytes) { sealed.write(bytes); });
    sealed.keep_as(to);
  });
}

fs::path restore(const fs::path& from, const fs::path& key_file, const fs::path& journal) {
  return told(from, [&] {
    const WriterLock lock(journal);
    const KeyPair key = read_key(key_file);
    std::ifstream sealed = open_for_input(from);
    const Temporary rest(own_name(journal, ".restore-"));
    NewFile content(rest.path);
    unseal(sealed, key, [&](std::string_view bytes) { content.write(bytes); });
    content.sync();
    try {
      check(content.path());
    } catch (const JournalError& error) {
      const std::string text = error.what();
      fail(from, "holds no journal that can be used" + text.substr(std::min(text.find(": "), text.size())));
    }
    fs::path aside = put_aside(journal);
    content.keep_as(journal);
    return aside;
  });
}

std::string make_key(const fs::path& key_file) {
  return told(key_file, [&] {
    const KeyPair pair = new_key_pair();
    NewFile file(key_file);
    file.write(pair.secret + "\n");
    file.keep_as(key_file);
    return pair.recipient;
  });
}

}  // namespace rytme::journal
