// SPDX-License-Identifier: Apache-2.0
// Judges what a listener hears of the player, from the messages that reached it: rise, beginning, tempo.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "controller/room/time.hpp"
#include "tests/faults/breach.hpp"

namespace rytme::test {

// A value that is held from one change to the next, over the last 8 s.
class HeldValues {
 public:
  struct Point {
    Instant at;
    double value{};
  };
  void begin(double value, Instant now);
  // The last value was held until now.
  void until(Instant now);
  void add(double value, Instant now) { points_.push_back({now, value}); }
  const std::deque<Point>& points() const { return points_; }

 private:
  std::deque<Point> points_;
};

class PlayerJudge {
 public:
  explicit PlayerJudge(Report report) : report_(std::move(report)) {}

  // A /set reached the player: "play", "mute", "volume", "bpm" or another property.
  void told(std::string_view property, std::string_view value, Instant now);
  // It lost its power: it is silent and as it was delivered.
  void restarted(Instant now);

  bool audible() const { return playing_ && !muted_ && volume_ > 0; }
  bool muted() const { return muted_ || !playing_; }

 private:
  bool has_tempo() const;
  void loud(Instant now);
  void tempo(Instant now);

  Report report_;
  bool playing_{}, muted_{};
  double volume_{};  // amplitude 0-1
  double bpm_{80};
  HeldValues loudness_;  // dB
  HeldValues tempi_;     // BPM, since it is heard
};

}  // namespace rytme::test
