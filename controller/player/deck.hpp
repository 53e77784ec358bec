// SPDX-License-Identifier: Apache-2.0
// One track that plays: its loudness brought to that of all others, its speed to the wanted tempo, its beats
// to ours. Samples that come late leave no click. Pure; owned by the Engine.
#pragma once

#include <memory>
#include <string>

#include "controller/player/beat_clock.hpp"
#include "controller/player/frame.hpp"
#include "controller/player/track_source.hpp"

namespace rytme::player {

// What of a track counts when it plays.
struct TrackFacts {
  std::string id;
  double bpm{};  // its own
  double first_beat_s{};
  double duration_s{};
  double loudness_lufs{-23};
};

inline constexpr double track_lufs = -26;  // what every track is brought to at volume 1

// From one sound to another: 0-1 in 4 s, of equal power.
class Crossfade {
 public:
  void aim(bool on) { goal_ = on ? 1 : 0; }
  void jump(bool on) { at_ = goal_ = on ? 1 : 0; }
  double next();  // gain of the next frame
  bool off() const { return at_ <= 0 && goal_ <= 0; }
  bool aimed_on() const { return goal_ > 0; }

 private:
  double at_{}, goal_{};
};

class Deck {
 public:
  Deck(std::unique_ptr<TrackSource> source, TrackFacts facts);

  // Once a block: reads what is needed from `from` on, where the beat is as the clock says.
  void fill(std::size_t from, const BeatClock& clock);
  Frame next(std::size_t at);  // with gain and fade

  Crossfade& fade() { return fade_; }
  const Crossfade& fade() const { return fade_; }
  const TrackFacts& facts() const { return facts_; }
  TrackSource::Health health() { return source_->health(); }
  double speed_delay_s() const { return source_->speed_delay_s(); }
  bool over();  // ended, or broken
  // Seconds of its music until its end, at the speed now; 0 when it is over.
  double left_s();

 private:
  void keep_time(const BeatClock& clock);

  std::unique_ptr<TrackSource> source_;
  TrackFacts facts_;
  Crossfade fade_;
  float gain_;
  Block samples_{};
  Frame last_{};  // fades when nothing comes
  double speed_{1};
  int blocks_to_speed_{};
};

}  // namespace rytme::player
