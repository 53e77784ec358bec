// SPDX-License-Identifier: Apache-2.0
// One music player: what it was told, what is wanted of it, and the next change. Volume is amplitude 0-1;
// sound always comes up from -40 dB, falls at once; tempo creeps. Pure; owned by LastStage; logic thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/room/aim.hpp"
#include "controller/room/command.hpp"
#include "controller/room/limits.hpp"
#include "controller/room/time.hpp"
#include "controller/safety/last_stage.hpp"

namespace rytme::safety {

class SoundTrack {
 public:
  explicit SoundTrack(const SafetyLimits& limits = {}) : limits_(limits) {}
  // The parts of a clean aim (LastStage has removed what is not a number).
  void aim(const Aim& aim, Instant now);
  // Muted at once, everything wanted before is forgotten.
  void stop(const std::string& origin, Instant now);
  // The player may be in any state: it is told everything again, from silence.
  void reassert(Instant now);
  // The last step came late: the next one waits its time from now.
  void came_late(Instant now);
  // The volume that the player says it has, 0-1. Of one that says it, sound begins when it has said that it
  // is quiet: it may have missed the word, and would begin as loud as it was left.
  void observed_volume(double volume, Instant now);

  // Settings of the next command; empty when nothing is due.
  std::vector<Setting> due(Instant now);
  Instant next_wake() const;
  const std::string& origin() const { return origin_; }
  // As sent, 0-1; 0: silent.
  double volume() const { return audible_told() ? told_.volume.value_or(0.0) : 0.0; }
  // nullopt: silent, or it was never given a tempo.
  std::optional<Beat> beat(Instant now) const;

 private:
  struct State {  // nullopt: unknown (told) or never asked for (wanted)
    std::optional<double> volume, bpm;
    std::optional<bool> mute, play;
    std::optional<std::string> source;
  };

  bool audible_wanted() const { return wanted_.play.value_or(false) && !wanted_.mute.value_or(false); }
  bool audible_told() const { return told_.play.value_or(false) && !told_.mute.value_or(true); }
  double target_volume() const;
  bool tells_other_source() const;  // not only another track of the same
  bool volume_moves() const;
  bool tempo_moves() const;
  void changed(const std::string& origin, Instant now);
  void add_silence(std::vector<Setting>& out);
  void add_tempo(std::vector<Setting>& out, Instant now);
  bool is_quiet(std::vector<Setting>& out, Instant now);
  void begin_fade_in(Instant now);
  void add_quiet(std::vector<Setting>& out, Instant now);
  void add_start(std::vector<Setting>& out, Instant now);
  void add_track(std::vector<Setting>& out);
  void add_volume_step(std::vector<Setting>& out, Instant now);
  double next_volume(Instant now) const;
  double next_bpm(double pause_s, Instant now) const;
  double tempo_pause_s(Instant now) const;
  void add_phase(std::vector<Setting>& out, Instant now);
  void begin_beat(Instant now);

  SafetyLimits limits_;
  State wanted_, told_;
  std::string origin_;
  std::optional<Instant> changed_at_;  // something wanted has changed since the last due()
  Instant volume_end_{}, tempo_end_{};
  Instant fade_in_end_{};
  Instant next_volume_{}, next_tempo_{};
  std::optional<double> keep_phase_s_;  // the player's delay: it is told where the beat must be
  std::optional<double> reported_volume_;
  std::optional<Instant> quiet_by_;  // it was told to be quiet and has not said that it is: told again then
  int quiet_told_{};                 // so many times
  Instant beat_at_{};                // when beat_phase_ was
  double beat_phase_{};
};

}  // namespace rytme::safety
