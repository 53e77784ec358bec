// SPDX-License-Identifier: Apache-2.0
#include "controller/player/beat_clock.hpp"

#include <algorithm>
#include <cmath>

#include "controller/player/frame.hpp"

namespace rytme::player {
namespace {

constexpr int patience_frames = 5 * sample_rate;
constexpr double most_correction = 0.08;  // of the wanted tempo
constexpr double soft_error = 0.01;       // beats; below it the correction is proportional
constexpr double brake = 0.5;             // of share_per_s: leaves room for an error that grows meanwhile

double wrapped(double phase) { return phase - std::floor(phase); }

}  // namespace

void BeatClock::aim(double bpm) { wanted_ = std::clamp(bpm, low_bpm, high_bpm); }

void BeatClock::restart() {
  bpm_ = wanted_;
  phase_ = follow_frames_ > 0 ? reference_ : 1;
}

void BeatClock::follow(double phase) {
  reference_ = wrapped(phase);
  follow_frames_ = patience_frames;
}

void BeatClock::follow_at_once(double phase) {
  follow(phase);
  bpm_ = wanted_;
  phase_ = reference_;
}

// How much faster than wanted, as a share: as fast as can still be braked in time, v²/2 = a e f.
double BeatClock::correction() const {
  double error = reference_ - phase_;
  error -= std::round(error);
  const double beats_per_s = wanted_ / 60;
  const auto speed = [&](double beats) { return std::sqrt(2 * brake * share_per_s * beats / beats_per_s); };
  const double size = std::abs(error);
  const double share = size < soft_error ? speed(soft_error) * size / soft_error : speed(size);
  return std::copysign(std::min(share, most_correction), error);
}

double BeatClock::bpm_in(double seconds) const {
  const double most = std::min(bpm_per_s, share_per_s * bpm_) * seconds;
  return bpm_ + std::clamp(wanted_ - bpm_, -most, most);
}

bool BeatClock::step() {
  double goal = wanted_;
  if (follow_frames_ > 0) {
    --follow_frames_;
    goal = std::clamp(wanted_ * (1 + correction()), low_bpm, high_bpm);
    reference_ = wrapped(reference_ + wanted_ / 60 / sample_rate);
  }
  const double most = std::min(bpm_per_s, share_per_s * bpm_) / sample_rate;
  bpm_ += std::clamp(goal - bpm_, -most, most);
  const bool beat = phase_ >= 1;
  if (beat) phase_ -= 1;
  phase_ += bpm_ / 60 / sample_rate;
  return beat;
}

}  // namespace rytme::player
