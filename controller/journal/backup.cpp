// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/backup.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "controller/journal/copy.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/sealed_file.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw JournalError(file.string() + ": " + what);
}

fs::path own_name(const fs::path& file, std::string_view suffix) {
  return file.string() + std::string(suffix) + std::to_string(::getpid());
}

// Every way this can fail as one line.
template <typename Work>
auto told(const fs::path& file, const Work& work) {
  try {
    return work();
  } catch (const JournalError&) {
    throw;
  } catch (const FileError& error) {
    throw JournalError(error.what());
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
  std::array<char, 128> line{};  // a key has 64 digits
  in.getline(line.data(), line.size());
  try {
    return pair_of(line.data());
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
    check_can_be_replaced(to);
    // An older backup is replaced; anything else is somebody's, perhaps the journal or the key itself.
    if (fs::exists(to) && !is_sealed(to)) fail(to, "is there already and is not a Rytme backup");
    remove_leftovers(journal);
    const Temporary plain(own_name(journal, backup_mark));
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
    remove_leftovers(journal);
    const KeyPair key = read_key(key_file);
    std::ifstream sealed = open_for_input(from);
    const Temporary rest(own_name(journal, restore_mark));
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
