// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/wal_watch.hpp"

#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace rytme::journal {
namespace {

constexpr int frames_to_checkpoint = 1000;
constexpr int frames_to_wait = 2000;
constexpr int frames_to_insist = 3000;
constexpr std::uint64_t frame_bytes = 4096 + 24;
// Our own reads end within a second. Who has stayed longer is not waited for again.
constexpr std::chrono::milliseconds patience{1100};
constexpr std::chrono::milliseconds patience_for_the_known{20};
constexpr std::chrono::seconds wait_again_after{10};

// Bytes of the -shm file that readers of the log lock: WAL_READ_LOCK(1) to (4) of SQLite's wal.c. Lock 0
// reads the database alone and holds nobody up.
constexpr std::uint64_t first_read_lock = 124, last_read_lock = 127;

struct Lock {
  pid_t pid{};
  std::uint64_t inode{}, from{}, to{};
};

// "7: POSIX  ADVISORY  READ 4711 fe:01:131075 124 124"; nullopt for what is not such a line.
std::optional<Lock> lock_of(const std::string& line) {
  std::istringstream words(line);
  std::string number, kind, advisory, mode, file, from, to;
  Lock lock;
  if (!(words >> number >> kind >> advisory >> mode >> lock.pid >> file >> from >> to)) return std::nullopt;
  const auto colon = file.rfind(':');
  if (kind != "POSIX" || mode != "READ" || colon == std::string::npos || to == "EOF") return std::nullopt;
  lock.inode = std::stoull(file.substr(colon + 1));
  lock.from = std::stoull(from);
  lock.to = std::stoull(to);
  return lock;
}

std::string in_words(std::optional<pid_t> reader) {
  const pid_t pid = reader.value_or(0);
  if (pid == ::getpid()) return "this program";
  if (pid <= 0) return "another program";
  std::string name;
  std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
  std::getline(comm, name);
  return "another program (" + name + ", pid " + std::to_string(pid) + ")";
}

}  // namespace

std::optional<pid_t> reader_of_log(const std::filesystem::path& shared_memory) {
  struct stat file {};
  if (::stat(shared_memory.c_str(), &file) != 0) return std::nullopt;
  std::optional<pid_t> found;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    const auto lock = lock_of(line);
    if (!lock || lock->inode != file.st_ino || lock->from > last_read_lock || lock->to < first_read_lock)
      continue;
    if (!found || *found == ::getpid()) found = lock->pid;
  }
  return found;
}

void WalWatch::committed(Connection& connection, int frames, const std::function<bool()>& hurry) {
  state_.bytes = static_cast<std::uint64_t>(frames) * frame_bytes;
  if (frames < frames_to_checkpoint) {
    state_.held_by.clear();
    return;
  }
  try {
    const bool all = connection.checkpoint(Connection::Checkpoint::passive);
    if (frames >= frames_to_wait && std::chrono::steady_clock::now() >= next_wait_)
      return wait_for_readers(
          connection, frames < frames_to_insist ? hurry : [] { return false; });
    all ? state_.held_by.clear() : held(in_words(reader_of_log(shared_memory_)));
  } catch (const SqlError& error) {
    held(error.what());
  }
}

void WalWatch::wait_for_readers(Connection& connection, const std::function<bool()>& hurry) {
  const Instant from = std::chrono::steady_clock::now();
  const bool known = !state_.held_by.empty() && from - state_.held_since > patience;
  const Instant until = from + (known ? patience_for_the_known : patience);
  bool called_away = false;
  const auto wait = [&] {
    called_away = hurry();
    return !called_away && std::chrono::steady_clock::now() < until;
  };
  if (connection.checkpoint(Connection::Checkpoint::restart, wait)) return state_.held_by.clear();
  if (called_away) return;
  next_wait_ = until + wait_again_after;
  held(in_words(reader_of_log(shared_memory_)));
}

void WalWatch::held(const std::string& by) {
  if (state_.held_by.empty()) state_.held_since = std::chrono::steady_clock::now();
  state_.held_by = by;
}

}  // namespace rytme::journal
