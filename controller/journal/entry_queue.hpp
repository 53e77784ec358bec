// SPDX-License-Identifier: Apache-2.0
// What waits for the disk, bounded by memory. Of what does not fit the least worth goes first: samples, then
// commands and device events; sessions, safety, ratings and access entries only when nothing else is left to
// give way, which at a room's pace is after weeks without a disk. What went is counted and told in the record
// where the first of it would have stood. No lock, no thread: the writer has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

// In the order in which they give way.
enum class Worth : std::uint8_t { sample, fact, essential };

// essential: what commits at once, session bounds and changes, ratings, access entries, a stop.
Worth worth_of(const JournalEntry& entry);
// What an entry takes in memory, its texts and samples included.
std::size_t bytes_of(const JournalEntry& entry);

class EntryQueue {
 public:
  // Samples wait in `limit` bytes; facts in half as much again, essential entries in twice as much, all
  // together.
  explicit EntryQueue(std::size_t limit) : limit_(limit) {}

  // False: it was dropped.
  bool push(JournalEntry entry);
  // The oldest entries, up to `most` bytes of them but at least one. Their memory counts until done().
  std::vector<JournalEntry> take(std::size_t most);
  void done(std::size_t bytes) { bytes_ -= bytes; }
  // An entry that cannot be kept any more.
  void drop(JournalEntry entry);

  // Nothing to take; a gap that can be told is something.
  bool empty() const { return entries_.empty() && !(gap_ && bytes_ < limit_); }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }            // waiting and being written
  std::size_t waiting_bytes() const { return waiting_; }  // not taken yet
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t dropped_of(Worth worth) const { return dropped_by_worth_[static_cast<std::size_t>(worth)]; }

 private:
  struct Gap {
    JournalEntry first;
    std::uint64_t last_seq{}, dropped{}, facts{}, essential{};
  };
  std::size_t limit_of(Worth worth) const;
  void add(JournalEntry entry, std::size_t bytes);
  void close_gap();

  std::size_t limit_;
  std::deque<JournalEntry> entries_;
  std::size_t bytes_{}, waiting_{};
  std::uint64_t dropped_{};
  std::uint64_t dropped_by_worth_[3]{};
  std::optional<Gap> gap_;
};

}  // namespace rytme::journal
