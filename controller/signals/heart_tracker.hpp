// SPDX-License-Identifier: Apache-2.0
// Heart rate and RMSSD of one wearable, live: beats on the source's own clock, age on the controller's.
// Bounded memory, no allocation after construction except in the caller's `out`. Logic thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/room_state.hpp"

namespace rytme::signals {

// Unknown is nullopt. RMSSD over 60 s (quality doubtful: provisional, from 30 s on), SDNN and pNN50 over 120
// s.
struct HeartVariability {
  std::optional<double> rmssd_ms;
  Quality rmssd_quality{Quality::unknown};
  std::optional<double> sdnn_ms, pnn50_pct;
};

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

  // False: a frame that add() would refuse, because it is repeated, late or has an impossible t_us.
  bool would_take(const HeartSample& sample) const;

  // The 60 s windows begin anew at the next beat (a session begins to record), and with them the gate's
  // memory and the settled lane: they depend on nothing before. Heart rate and RMSSD of the screen go on.
  void restart_windows();

  // Nothing of before counts any more: perhaps it was another person. Counters and order of frames go on.
  void begin_anew();

  // RR that has been the same for over 90 s is frozen: heart rate is then doubtful, RMSSD unknown.
  // What a screen may show: bpm is unknown when the last beat or value that counted is older than 10 s.
  // An interval in range counts; a frame without contact and a frozen value do not.
  HeartNow at(Instant now) const;

  // As at(): unknown when the last beat that counted is older than 10 s, and for a source without RR.
  HeartVariability variability(Instant now) const;
  // Breaths per minute, see Respiration; swing_hz: frequency of what the person swings in, if it moves.
  std::optional<double> respiration_per_min(Instant now, std::optional<double> swing_hz);

  // Has sent RR at least once; before that it is a source of heart rate only.
  bool sends_rr() const;
  // What the gate has kept of the last frame, ms; the next beat may still withdraw the last one.
  std::span<const double> accepted_of_last_frame() const;

  // beats: intervals received; accepted: of these, what the gate kept in the end; gaps: found by arrival;
  // duplicates: frames repeated or late; implausible: intervals and rates out of range, frames with an
  // impossible t_us. flagged: verdicts of the settled lane by BeatFlag, 51 beats late.
  struct Counters {
    std::uint64_t beats{}, accepted{}, gaps{}, duplicates{}, lost_frames{}, implausible{};
    std::array<std::uint64_t, 4> flagged{};
  };
  const Counters& counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::signals
