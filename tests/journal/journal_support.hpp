// SPDX-License-Identifier: Apache-2.0
// A journal in a temporary folder, entries with simulated time, and a way to be told when something is
// durable.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "controller/journal/journal.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path path() const { return path_; }
  std::filesystem::path file() const { return path_ / "journal.db"; }

 private:
  std::filesystem::path path_;
};

// Makes entries with growing seq; each a millisecond after the one before, unless moved on.
class Scribe {
 public:
  explicit Scribe(std::uint64_t next_seq = 1) : next_seq_(next_seq) {}

  template <typename What>
  JournalEntry make(What what, bool urgent = false) {
    JournalEntry entry;
    entry.seq = next_seq_++;
    entry.at = at_;
    entry.session = session;
    entry.urgent = urgent;
    entry.what = std::move(what);
    move_on(std::chrono::milliseconds{1});
    return entry;
  }
  void move_on(std::chrono::steady_clock::duration by);
  // The clocks as somebody set them, or as a restart left them.
  void set_wall(WallTime wall) { at_.wall = wall; }
  void set_steady(Instant steady) { at_.steady = steady; }
  std::uint64_t next_seq() const { return next_seq_; }
  Now at() const { return at_; }

  std::string session;

 private:
  std::uint64_t next_seq_;
  Now at_{Instant{std::chrono::seconds{5000}}, WallTime{std::chrono::seconds{1760000000}}};  // 2025-10-09
};

// Blocks until a condition holds that a callback announces; false after 20 s.
class Announced {
 public:
  std::function<void()> callback();
  bool wait_for(const std::function<bool()>& condition);
  // Until the next call of the callback, 50 ms at most.
  void wait_briefly();

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::uint64_t count_{};
};

HeartSample heart_frame(std::uint64_t seq, std::vector<std::uint16_t> rr);
MotionFrame motion_frame(std::uint64_t seq, std::size_t samples);
// Bit by bit.
bool same(const MotionFrame& a, const MotionFrame& b);
bool same(const HeartSample& a, const HeartSample& b);
template <typename Frame>
bool all_same(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Frame& x, const Frame& y) { return same(x, y); });
}

std::string text_of(const std::filesystem::path& file);

// The answer of a plain SQLite connection, as an outside reader would get it: cells by '|', rows by '\n'.
std::string query(const std::filesystem::path& file, const std::string& sql);

}  // namespace rytme::journal
