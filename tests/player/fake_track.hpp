// SPDX-License-Identifier: Apache-2.0
// A track that is a tone, with a click on each beat of its own tempo where wanted; it may break, end, or
// never open. Shared with the test that watches it.
#pragma once

#include <memory>
#include <numbers>

#include "controller/player/track_source.hpp"

namespace rytme::player {

struct FakeTape {
  TrackSource::Health health{TrackSource::Health::ready};
  double speed{1}, position_s{}, duration_s{600};
  double hz{440};
  std::size_t read{};
};

class FakeTrack : public TrackSource {
 public:
  explicit FakeTrack(std::shared_ptr<FakeTape> tape) : tape_(std::move(tape)) {}
  std::size_t read(std::span<Frame> out) override {
    if (tape_->health != Health::ready) return 0;
    for (auto& frame : out) {
      const auto t_s = static_cast<double>(tape_->read++) / sample_rate;
      frame.left = frame.right = static_cast<float>(0.1 * std::sin(2 * std::numbers::pi * tape_->hz * t_s));
      tape_->position_s += tape_->speed / sample_rate;
    }
    if (tape_->position_s >= tape_->duration_s) tape_->health = Health::ended;
    return out.size();
  }
  void set_speed(double speed) override { tape_->speed = speed; }
  Health health() override { return tape_->health; }
  std::optional<double> position_s() override { return tape_->position_s; }

 private:
  std::shared_ptr<FakeTape> tape_;
};

}  // namespace rytme::player
