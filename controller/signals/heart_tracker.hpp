// SPDX-License-Identifier: Apache-2.0
// Heart rate and RMSSD of one wearable, live: beats on the source's own clock, age on the controller's.
// Bounded memory, no allocation after construction except in the caller's `out`. Logic thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/room_state.hpp"

namespace rytme::signals {

class HeartTracker {
 public:
  HeartTracker();
  ~HeartTracker();
  HeartTracker(HeartTracker&&) noexcept;
  HeartTracker& operator=(HeartTracker&&) noexcept;

  // Takes one frame; duplicates and disorder (by boot and seq) are refused and counted. Appends readings, at
  // most one of each capability per second of source time:
  //   hr_mean10_bpm, hr_rmssd60_ms (value NaN and Quality::unknown = refused), and at the end of every whole
  //   60 s of beat time hr_window60_bpm, hr_window60_rmssd_ms, hr_window60_accepted: the same numbers as
  //   `clean` of windows_60s of analyse_heart() over the beats since restart_windows().
  void add(const HeartSample& sample, std::vector<Reading>& out);

  // The 60 s windows begin anew at the next beat (a session begins to record), and with them the gate's
  // memory: they depend on nothing before. Heart rate and RMSSD of the screen go on.
  void restart_windows();

  // What a screen may show: bpm is unknown when the last beat or value that counted is older than 10 s.
  // An interval in range counts; a frame without contact and a frozen value do not.
  HeartNow at(Instant now) const;

  // beats: intervals received; accepted: of these, what the gate kept in the end; gaps: found by arrival;
  // duplicates: frames repeated or late; implausible: intervals and rates out of range, frames with an
  // impossible t_us.
  struct Counters {
    std::uint64_t beats{}, accepted{}, gaps{}, duplicates{}, lost_frames{}, implausible{};
  };
  const Counters& counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::signals
