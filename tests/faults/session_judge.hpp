// SPDX-License-Identifier: Apache-2.0
// Judges the course of the sessions by the record alone, and keeps what the next start of the process finds
// in it.
#pragma once

#include <optional>
#include <string>

#include "controller/room/journal_entry.hpp"
#include "controller/session/session.hpp"
#include "tests/faults/breach.hpp"

namespace rytme::test {

class SessionJudge {
 public:
  explicit SessionJudge(Report report) : report_(std::move(report)) {}

  void take(const JournalEntry& entry);
  // No session is longer than `longest`; after a restart it may wait paused for as long as that, and then go
  // on.
  void look(Instant now, std::chrono::minutes longest);

  bool latched() const { return latched_; }
  Instant latched_since() const { return latched_since_; }
  // The session that is on, as a process that starts now finds it.
  std::optional<session::Interrupted> open() const;

 private:
  void take_event(const entry::Event& event, Instant at);

  Report report_;
  std::optional<session::Interrupted> on_;
  Instant began_{};  // or the last restart, with what had been lived by then
  double before_s_{};
  Instant last_kept_{};
  bool restarted_{};  // and nobody has said how it goes on
  bool latched_{};
  Instant latched_since_{};
};

}  // namespace rytme::test
