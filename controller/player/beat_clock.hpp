// SPDX-License-Identifier: Apache-2.0
// The beat, counted in frames: a tempo that creeps to the wanted one (at most 2 BPM/s and 1 %/s, design §6),
// and that may follow somebody else's beat, as a swing's, by running a little faster or slower. Pure; owned
// by the Engine.
#pragma once

#include <cstdint>
#include <vector>

namespace rytme::player {

class BeatClock {
 public:
  static constexpr double low_bpm = 20, high_bpm = 140;
  static constexpr double bpm_per_s = 2.0;
  // 1 %/s, less what compounds within a second.
  static constexpr double share_per_s = 0.0099;

  // BPM outside 20-140 is brought there. It creeps there from `notice_s` on, so that who must be told ahead
  // (bpm_in) can be; never before one that was asked for earlier.
  void aim(double bpm, double notice_s = 0);
  // The wanted tempo at once, the next frame a beat, or where the beat that is followed has it: for when
  // nobody hears it.
  void restart();
  // Where the other's beat is at the next frame: 0-1 of the way from one beat to the next. Followed until the
  // frames of 5 s are over without another call; then the tempo is the wanted one again, the beat as it is.
  void follow(double phase);
  // As follow(), the beat there at once: for when nobody hears it.
  void follow_at_once(double phase);

  // One frame on. True: a beat begins with it.
  bool step();

  double bpm() const { return bpm_; }
  double wanted_bpm() const { return wanted_; }
  // Of a moment to come, as far as is known now: it creeps on to what is wanted by then.
  double bpm_in(double seconds) const;
  double phase() const { return phase_; }  // of the next frame

 private:
  struct Aim {
    std::uint64_t frame{};  // the first that creeps there
    double bpm{};
  };
  double correction() const;
  void take_up_last();

  std::uint64_t frame_{};     // the next one
  std::vector<Aim> noticed_;  // to come, the earliest first; a few
  double wanted_{60}, bpm_{60};
  double phase_{1};      // at 1 the next frame is a beat
  double reference_{};   // the other's phase
  int follow_frames_{};  // left; 0: nobody is followed
};

}  // namespace rytme::player
