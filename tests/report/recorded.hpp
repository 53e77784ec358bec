// SPDX-License-Identifier: Apache-2.0
// A journal with sessions of every kind, and what was put into it, for comparing with what exports give.
#pragma once

#include <string>
#include <vector>

#include "controller/journal/journal.hpp"
#include "controller/journal/session_facts.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::report {

struct Put {  // one value and when, seconds since the session's start
  double t_s{};
  double value{};
};

// Sessions: full (K7F: pulse with a gap and doubtful values, motion with lost frames, ratings, stop, hostile
// texts), other (Q2M), withdrawn (K7F), empty (K7F, of no length), open (K7F), unrecorded.
class Recorded {
 public:
  static constexpr double full_s = 180, gap_from_s = 60, gap_to_s = 90;
  static constexpr int motion_hz = 100;

  Recorded();
  journal::Reader reader() const { return journal::Reader(folder.file()); }
  journal::SessionFacts facts(const std::string& id) const;

  journal::TemporaryFolder folder;
  std::vector<Put> pulse, light;  // of full
  std::vector<Put> ax;            // arrival of the frame, first of its samples
  std::size_t motion_samples{};
  std::vector<std::uint16_t> rr;  // of full, in order
  double stop_s{};

 private:
  void full();
  void second(int number, double start_s);
  void other();
  void withdrawn();
  void short_ones();
  void begin(const std::string& id, const std::string& participant, bool recording = true);
  void end(const std::string& reason);
  void until(double t_s);  // of the running session
  template <typename What>
  void put(What what, bool urgent = false);
  double now_s() const;

  journal::Journal* journal_{};
  journal::Scribe scribe_;
  Instant began_{};
};

// What a program prints; fails the test when it does not end with 0.
std::string output_of(const std::string& command);

// RYTME_PYTHON runs the script in a file, with arguments.
std::string python(const std::string& script, const std::string& arguments);

}  // namespace rytme::report
