// SPDX-License-Identifier: Apache-2.0
// What the writer does between two commits: erasures that were asked for, retention, and giving the room of
// what is gone back, so that its bytes are in the file no longer. Owner and thread: the writer.
#pragma once

#include <functional>
#include <optional>

#include "controller/journal/journal.hpp"
#include "controller/journal/retention.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/room/time.hpp"

namespace rytme::journal {

class Housekeeping {
 public:
  // Told to give way: something urgent waits.
  using Hurry = std::function<bool()>;

  // `connection` must outlive it.
  Housekeeping(Connection& connection, const Retention& policy);

  // One piece of work, some milliseconds long; only the last one after an erasure, which writes the file anew
  // once no session is on, is longer, and is broken off when `hurry` says so. When to call again; at once
  // while there is more to do. Throws SqlError: nothing is lost, it is done later.
  Instant step(const Now& now, const Hurry& hurry);

  // Everything that is pending, without giving way; for a command while the room does not run.
  void run_to_the_end(const Now& now);

 private:
  bool retention_piece(const Now& now);
  void forget_old_copies(const RowStamp& stamp);
  bool give_back_pages();
  bool empty_log();
  bool write_anew(const Hurry& hurry);
  bool session_is_on();
  void mark_done(const Now& now, const char* which);
  RowStamp stamp(const Now& now);

  Connection& connection_;
  Retention policy_;
  RetentionClock clock_;
  std::optional<RetentionPass> pass_;
  Instant next_pass_{};
};

// The latest stamp in the file, over everything.
std::int64_t last_seq(Connection& connection);

}  // namespace rytme::journal
