// SPDX-License-Identifier: Apache-2.0
// A disk that fails on purpose, under SQLite: the default VFS of this process while the object lives. It
// passes everything on to the real file system and keeps beside it what a power cut would leave: only what
// was synced is certain; of the rest any sectors may have reached the disk, in any order, some torn. One
// object at a time; no database may be open when it is made, settled or ended. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace rytme::test {

class FaultDisk {
 public:
  enum class Fault { none, full, read_only, write_error, sync_error, read_error };

  FaultDisk();
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  // From now on every operation of that kind fails; or, with `one_in` above 1, a seeded share of them.
  void set(Fault fault, std::uint32_t one_in = 1, std::uint64_t seed = 1);
  void delay_sync(std::chrono::microseconds by);
  // The power goes at that operation (the first is 1): it and all after it fail and leave no trace.
  void cut_at(std::uint64_t operation);
  bool is_cut() const;
  std::uint64_t operations() const;  // writes, truncations, syncs, deletions so far
  // Makes the files what they are after the cut.
  void settle(std::uint64_t seed);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rytme::test
