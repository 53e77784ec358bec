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

// An even row of beats through those heard, some of which are wrong, doubled or missing. share: of the row's
// beats within the heard ones' time, how many were heard within a tenth of a beat.
struct EvenBeats {
  double bpm{}, first_s{}, share{};
};
EvenBeats even_beats(const std::vector<double>& heard_s);

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
