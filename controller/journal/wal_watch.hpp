// SPDX-License-Identifier: Apache-2.0
// Keeps the write-ahead log short and knows who holds it. A reader's snapshot stops the checkpoint; our own
// end within a second, another program's may last for days: then the log grows, nothing else suffers, and the
// reader is named. Owner and thread: the writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

#include "controller/journal/sqlite.hpp"
#include "controller/room/time.hpp"

namespace rytme::journal {

struct WalState {
  std::uint64_t bytes{};  // of frames not yet in the database
  // Who or what keeps the log from being emptied, in words; "" nobody. For how long: since it was first seen.
  std::string held_by;
  Instant held_since{};
};

class WalWatch {
 public:
  explicit WalWatch(const std::filesystem::path& database) : shared_memory_(database.string() + "-shm") {}

  // After every commit; `frames`: what the log holds then. As wal_autocheckpoint=1000 does, and where readers
  // leave no moment between them, from 2000 frames (8 MB) on by waiting for those that were there first,
  // unless `hurry` asks for the thread; from 3000 frames (12 MB) on in any case.
  void committed(Connection& connection, int frames, const std::function<bool()>& hurry);
  const WalState& state() const { return state_; }

 private:
  void wait_for_readers(Connection& connection, const std::function<bool()>& hurry);
  void held(const std::string& by);

  std::filesystem::path shared_memory_;
  WalState state_;
  Instant next_wait_{};
};

// The process that holds a read lock of the log (-shm file) as /proc/locks tells it, another one's rather
// than our own; 0: the kernel does not show whose it is. nullopt: nobody.
std::optional<pid_t> reader_of_log(const std::filesystem::path& shared_memory);

}  // namespace rytme::journal
