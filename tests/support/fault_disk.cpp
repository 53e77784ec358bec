// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_disk.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace rytme::test {
namespace {

constexpr std::int64_t sector = 512;
constexpr int tracked_kinds = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

// A write, or with no bytes a truncation to `offset`.
struct Change {
  std::int64_t offset{};
  std::string bytes;
  bool truncates{};
};

void carry_out(std::string& content, const Change& change) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.truncates) {
    content.resize(std::min(content.size(), offset));
    return;
  }
  content.resize(std::max(content.size(), offset + change.bytes.size()));
  content.replace(offset, change.bytes.size(), change.bytes);
}

struct Record {
  std::string stable;  // what is certain to be on the disk
  bool stable_name{};  // its name in the directory is
  bool exists{};
  std::vector<Change> unsynced;
};

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

struct FaultDisk::State {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real{};
  mutable std::mutex mutex;
  std::map<std::string, Record> records;
  Fault fault{Fault::none};
  std::uint32_t one_in{1};
  std::mt19937_64 chance;
  std::chrono::microseconds sync_delay{};
  std::uint64_t operations{}, cut_at{UINT64_MAX};
  bool cut{};

  bool strikes(Fault kind) { return fault == kind && chance() % one_in == 0; }
  // True when the operation does not reach the disk. Counts it.
  bool gone() {
    cut = cut || ++operations >= cut_at;
    return cut;
  }
};

namespace {

using State = FaultDisk::State;
using Fault = FaultDisk::Fault;

// SQLite's file object; the real one lies behind it in the same allocation.
struct File : sqlite3_file {
  State* state;
  Record* record;  // nullptr: a temporary file, of no interest
};

sqlite3_file* real_of(sqlite3_file* file) {
  return static_cast<sqlite3_file*>(static_cast<void*>(static_cast<File*>(file) + 1));
}

// What a tracked file's write meets before it reaches the real one.
int write_verdict(State& state) {
  if (state.gone()) return SQLITE_IOERR_WRITE;
  if (state.strikes(Fault::full)) return SQLITE_FULL;
  if (state.strikes(Fault::read_only)) return SQLITE_READONLY;
  if (state.strikes(Fault::write_error)) return SQLITE_IOERR_WRITE;
  return SQLITE_OK;
}

int close_file(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }

int read_file(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
  auto* own = static_cast<File*>(file);
  {
    const std::lock_guard guard(own->state->mutex);
    if (own->state->cut || own->state->strikes(Fault::read_error)) return SQLITE_IOERR_READ;
  }
  return real_of(file)->pMethods->xRead(real_of(file), into, amount, offset);
}

int change_file(File* file, Change change) {
  const std::lock_guard guard(file->state->mutex);
  if (file->record != nullptr)
    if (const int verdict = write_verdict(*file->state); verdict != SQLITE_OK) return verdict;
  sqlite3_file* real = real_of(file);
  const int code = change.truncates
                       ? real->pMethods->xTruncate(real, change.offset)
                       : real->pMethods->xWrite(real, change.bytes.data(),
                                                static_cast<int>(change.bytes.size()), change.offset);
  if (code == SQLITE_OK && file->record != nullptr) file->record->unsynced.push_back(std::move(change));
  return code;
}

int write_file(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  return change_file(
      static_cast<File*>(file),
      {offset, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(amount)), false});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return change_file(static_cast<File*>(file), {size, {}, true});
}

// The real file is not synced: the test reads it back from memory anyway.
int sync_file(sqlite3_file* file, int /*flags*/) {
  auto* own = static_cast<File*>(file);
  State& state = *own->state;
  std::chrono::microseconds delay{};
  {
    const std::lock_guard guard(state.mutex);
    if (own->record == nullptr) return SQLITE_OK;
    if (state.gone() || state.strikes(Fault::sync_error)) return SQLITE_IOERR_FSYNC;
    for (const Change& change : own->record->unsynced) carry_out(own->record->stable, change);
    own->record->unsynced.clear();
    // The real VFS syncs the directory with a new -wal or -journal, and with it the names of all.
    if (!own->record->stable_name)
      for (auto& [path, record] : state.records) record.stable_name = record.exists;
    delay = state.sync_delay;
  }
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int lock_file(sqlite3_file* file, int level) { return real_of(file)->pMethods->xLock(real_of(file), level); }
int unlock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int check_lock(sqlite3_file* file, int* held) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}
int control_file(sqlite3_file* file, int what, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}
int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
int characteristics(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** where) {
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, where);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Version 2: shared memory, no mapped pages that would go round the shim.
const sqlite3_io_methods file_methods{
    2,           close_file,     read_file,    write_file,   truncate_file, sync_file,       file_size,
    lock_file,   unlock_file,    check_lock,   control_file, sector_size,   characteristics, map_shared,
    lock_shared, shared_barrier, unmap_shared, nullptr,      nullptr};

State& state_of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

Record* record_of(State& state, const char* path) {
  const auto [place, fresh] = state.records.try_emplace(path);
  Record& record = place->second;
  const bool there = std::filesystem::exists(path);
  if (fresh && there) {
    record.stable = content_of(path);
    record.stable_name = true;
  }
  record.exists = true;
  return &record;
}

int open_file(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* out_flags) {
  State& state = state_of(vfs);
  auto* own = new (file) File{};
  const std::lock_guard guard(state.mutex);
  const bool tracked = path != nullptr && (flags & tracked_kinds) != 0;
  const bool there = tracked && std::filesystem::exists(path);
  if (tracked && (state.cut || (!there && state.strikes(Fault::full)))) return SQLITE_CANTOPEN;
  Record* record = tracked && (there || (flags & SQLITE_OPEN_CREATE) != 0) ? record_of(state, path) : nullptr;
  const int code = state.real->xOpen(state.real, path, real_of(file), flags, out_flags);
  own->pMethods = real_of(file)->pMethods == nullptr ? nullptr : &file_methods;
  own->state = &state;
  own->record = record;
  return code;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
  State& state = state_of(vfs);
  const std::lock_guard guard(state.mutex);
  if (state.gone()) return SQLITE_IOERR_DELETE;
  const int code = state.real->xDelete(state.real, path, 0);
  const auto place = state.records.find(path);
  if (code != SQLITE_OK || place == state.records.end()) return code;
  place->second.exists = false;
  place->second.unsynced.clear();
  if (sync_directory == 0) return code;
  place->second.stable_name = false;
  place->second.stable.clear();
  return code;
}

// The changes in pieces no larger than a sector, as a disk writes them.
std::vector<Change> sectors_of(const std::vector<Change>& changes) {
  std::vector<Change> pieces;
  for (const Change& change : changes) {
    if (change.truncates) pieces.push_back(change);
    const auto end = change.offset + static_cast<std::int64_t>(change.bytes.size());
    for (std::int64_t at = change.offset; at < end;) {
      const std::int64_t next = std::min(end, (at / sector + 1) * sector);
      pieces.push_back({at,
                        change.bytes.substr(static_cast<std::size_t>(at - change.offset),
                                            static_cast<std::size_t>(next - at)),
                        false});
      at = next;
    }
  }
  return pieces;
}

// Any subset in any order; one piece in sixteen is torn.
std::string after_cut(const Record& record, std::mt19937_64& random) {
  std::string content = record.stable;
  std::vector<Change> pieces = sectors_of(record.unsynced);
  if (random() % 2 == 0) std::shuffle(pieces.begin(), pieces.end(), random);
  const std::uint64_t kept_of_eight = random() % 9;
  for (Change& piece : pieces) {
    if (random() % 8 >= kept_of_eight) continue;
    if (!piece.truncates && random() % 16 == 0) piece.bytes.resize(1 + random() % piece.bytes.size());
    carry_out(content, piece);
  }
  return content;
}

void leave_shared_memory(const std::string& path, std::mt19937_64& random) {
  if (!std::filesystem::exists(path)) return;
  std::filesystem::remove(path);
  if (random() % 2 == 0) return;
  std::string rubbish(32768, '\0');
  for (char& byte : rubbish) byte = static_cast<char>(random());
  std::ofstream(path, std::ios::binary) << rubbish;
}

}  // namespace

FaultDisk::FaultDisk() : state_(std::make_unique<State>()) {
  state_->real = sqlite3_vfs_find(nullptr);
  state_->vfs = *state_->real;
  state_->vfs.zName = "fault";
  state_->vfs.pAppData = state_.get();
  state_->vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
  state_->vfs.xOpen = open_file;
  state_->vfs.xDelete = delete_file;
  // The unix VFS takes itself for the one that is asked: these go to it under its own name.
  state_->vfs.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    return state_of(vfs).real->xAccess(state_of(vfs).real, path, flags, out);
  };
  state_->vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return state_of(vfs).real->xFullPathname(state_of(vfs).real, path, size, out);
  };
  sqlite3_vfs_register(&state_->vfs, 1);
}

FaultDisk::~FaultDisk() { sqlite3_vfs_unregister(&state_->vfs); }

void FaultDisk::set(Fault fault, std::uint32_t one_in, std::uint64_t seed) {
  const std::lock_guard guard(state_->mutex);
  state_->fault = fault;
  state_->one_in = one_in;
  state_->chance.seed(seed);
}

void FaultDisk::delay_sync(std::chrono::microseconds by) {
  const std::lock_guard guard(state_->mutex);
  state_->sync_delay = by;
}

void FaultDisk::cut_at(std::uint64_t operation) {
  const std::lock_guard guard(state_->mutex);
  state_->cut_at = operation;
}

bool FaultDisk::is_cut() const {
  const std::lock_guard guard(state_->mutex);
  return state_->cut;
}

std::uint64_t FaultDisk::operations() const {
  const std::lock_guard guard(state_->mutex);
  return state_->operations;
}

void FaultDisk::settle(std::uint64_t seed) {
  const std::lock_guard guard(state_->mutex);
  std::mt19937_64 random(seed);
  for (auto& [path, record] : state_->records) {
    const bool named = record.exists == record.stable_name ? record.exists : random() % 2 == 0;
    const std::string content = after_cut(record, random);
    std::filesystem::remove(path);
    if (named) std::ofstream(path, std::ios::binary) << content;
    leave_shared_memory(path + "-shm", random);
  }
  state_->records.clear();
  state_->cut = false;
  state_->cut_at = UINT64_MAX;
}

}  // namespace rytme::test
