// SPDX-License-Identifier: Apache-2.0
// The journal's queue and its one thread. append() holds the mutex only to push; the thread takes what waits,
// encodes and commits without it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "controller/journal/chunker.hpp"
#include "controller/journal/entry_queue.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/opening.hpp"
#include "controller/journal/store.hpp"
#include "controller/journal/wal_watch.hpp"

namespace rytme::journal {

class Journal::Writer {
 public:
  Writer(Options options, Opening& opening);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Any thread.
  void append(JournalEntry entry);
  void close();
  Health health() const;
  void on_progress(std::function<void()> callback);

 private:
  // What is committed at once. Made once, tried until it succeeds.
  struct Batch {
    std::vector<JournalEntry> entries;
    std::vector<ChunkRow> chunks;
    std::size_t count{}, bytes{};
    std::uint64_t last_seq{};
    bool urgent{};
  };

  void run();
  void finish();
  bool tidy();
  std::vector<JournalEntry> wait_for_entries();
  Batch staged(std::vector<JournalEntry> entries);
  void commit_until_done(const Batch& batch);
  bool try_commit(const Batch& batch);
  void succeeded(const Batch& batch, std::chrono::microseconds took);
  void failed(const std::string& fault);
  void gave_up(const Batch& batch);
  bool stopping_within(std::chrono::milliseconds pause);
  void look_at_disk();
  void tend_log();
  void tell();

  const Options options_;
  WriterLock lock_;
  Store store_;        // writer's thread only, after construction
  Chunker chunker_;    // writer's thread only
  Instant tidy_at_{};  // when to look for what must go; writer's thread only
  bool tidying_{};     // the last look found something; writer's thread only
  WalWatch log_;       // writer's thread only

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  EntryQueue queue_;
  bool urgent_{};
  bool stopping_{};
  bool closed_{};
  Health health_;
  std::function<void()> progress_;

  std::thread thread_;
};

}  // namespace rytme::journal
