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

constexpr std::size_t most_noticed = 16;  // then the last is replaced

double wrapped(double phase) { return phase - std::floor(phase); }

// Over the second or two that anybody asks for; compound growth is left out.
double crept(double from, double to, double seconds) {
  const double most = std::min(BeatClock::bpm_per_s, BeatClock::share_per_s * from) * seconds;
  return from + std::clamp(to - from, -most, most);
}

}  // namespace

void BeatClock::aim(double bpm, double notice_s) {
  const auto notice = static_cast<std::uint64_t>(std::max(0.0, notice_s) * sample_rate);
  const Aim aim{frame_ + notice, std::clamp(bpm, low_bpm, high_bpm)};
  if (notice == 0 && noticed_.empty())
    wanted_ = aim.bpm;
  else if (noticed_.size() == most_noticed)
    noticed_.back().bpm = aim.bpm;
  else
    noticed_.push_back({std::max(aim.frame, noticed_.empty() ? 0 : noticed_.back().frame), aim.bpm});
}

void BeatClock::take_up_last() {
  if (!noticed_.empty()) wanted_ = noticed_.back().bpm;
  noticed_.clear();
}

void BeatClock::restart() {
  take_up_last();
  bpm_ = wanted_;
  phase_ = follow_frames_ > 0 ? reference_ : 1;
}

void BeatClock::follow(double phase) {
  reference_ = wrapped(phase);
  follow_frames_ = patience_frames;
}

void BeatClock::follow_at_once(double phase) {
  follow(phase);
  take_up_last();
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
  double bpm = bpm_, wanted = wanted_, at_s = 0;
  for (const Aim& aim : noticed_) {
    const double then_s = static_cast<double>(aim.frame - frame_) / sample_rate;
    if (then_s >= seconds) break;
    bpm = crept(bpm, wanted, then_s - at_s);
    wanted = aim.bpm;
    at_s = then_s;
  }
  return crept(bpm, wanted, seconds - at_s);
}

bool BeatClock::step() {
  while (!noticed_.empty() && noticed_.front().frame <= frame_) {
    wanted_ = noticed_.front().bpm;
    noticed_.erase(noticed_.begin());
  }
  ++frame_;
  double goal = wanted_;
  if (follow_frames_ > 0) {
    --follow_frames_;
    goal = std::clamp(wanted_ * (1 + correction()), low_bpm, high_bpm);
    reference_ = wrapped(reference_ + wanted_ / 60 / sample_rate);
  }
  bpm_ = crept(bpm_, goal, 1.0 / sample_rate);
  const bool beat = phase_ >= 1;
  if (beat) phase_ -= 1;
  phase_ += bpm_ / 60 / sample_rate;
  return beat;
}

}  // namespace rytme::player
