// SPDX-License-Identifier: Apache-2.0
// What a track's samples say of it, fed piece by piece: beats by aubio, loudness and true peak by libebur128.
// Pure; one thread.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "controller/player/frame.hpp"

namespace rytme::player {

struct TrackMeasured {
  double duration_s{};
  bool silent{};  // never above -60 LUFS: nothing else is known
  double bpm{};   // 0: no beat was found
  double bpm_confidence{};
  double first_beat_s{};
  double loudness_lufs{-70};
  double loudness_confidence{};
  double true_peak_dbfs{-200};
};

// What was heard to happen, seconds each, ascending.
struct Heard {
  std::vector<double> beats;   // by a tracker of beats: it runs at a tempo from a coarse table, and jumps
  std::vector<double> begins;  // whatever begins: strokes, notes
  std::vector<double> low;     // what begins in the bass
};

// The even row of beats through it. share: how many of the row's beats begin something, less what would by
// chance.
struct EvenBeats {
  double bpm{}, first_s{}, share{};
};
EvenBeats even_beats(const Heard& heard);

class TrackAnalysis {
 public:
  TrackAnalysis();
  ~TrackAnalysis();
  void add(std::span<const Frame> frames);
  TrackMeasured result() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::player
