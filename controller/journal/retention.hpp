// SPDX-License-Identifier: Apache-2.0
// What is too old leaves by itself. Owner and thread: the writer.
#pragma once

#include <optional>

#include "controller/journal/deletion.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/sqlite.hpp"
#include "controller/room/time.hpp"

namespace rytme::journal {

// Whether the wall clock may decide what is old. A clock that leaps, or that stands far from the newest entry
// at the start, must first run a day as the steady clock does: a wrong date must not empty the journal. Pure.
class RetentionClock {
 public:
  // `newest`: as newest_believed() has it.
  explicit RetentionClock(std::optional<WallTime> newest) : newest_(newest) {}
  bool trusts(const Now& now);

 private:
  std::optional<WallTime> newest_;
  std::optional<Now> since_;  // from here on both clocks agree
  bool held_{};
};

// The latest wall time in the journal that may be believed; nullopt when it is empty. What a room wrote in
// its first day after a leap was written by a clock that is doubted, and a restart does not change that.
std::optional<WallTime> newest_believed(Connection& connection);

// One pass over everything that is too old, piece by piece.
class RetentionPass {
 public:
  // `stamp`: of the rows of `deletion` that tell what was removed.
  RetentionPass(const Retention& policy, const RowStamp& stamp);
  // One transaction of bounded size. False: nothing is left to do. Throws SqlError; then the piece is undone.
  bool piece(Connection& connection);

 private:
  struct Age {
    const char* what;
    std::int64_t older_than_us;
    std::int64_t deletion{};  // 0: nothing was removed yet
  };
  bool forget_waveforms(Connection& connection);
  bool forget_summaries(Connection& connection);
  bool forget_loose(Connection& connection);
  bool forget_access_log(Connection& connection);
  std::int64_t deletion_of(Connection& connection, Age& age) const;

  RowStamp stamp_;
  Age waveforms_, summaries_, access_log_;
};

}  // namespace rytme::journal
