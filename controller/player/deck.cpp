// SPDX-License-Identifier: Apache-2.0
#include "controller/player/deck.hpp"

#include <algorithm>
#include <numbers>
#include <utility>

namespace rytme::player {
namespace {

constexpr double crossfade_s = 4.0;
constexpr double most_gain_db = 12;
constexpr float fading = 0.98F;         // a frame: 1 ms from a late sample to nothing
constexpr int blocks_per_speed = 20;    // ten changes of speed a second at most
constexpr double pull_per_beat = 0.03;  // speed for each beat that the track is away from ours
constexpr double near = 0.02;           // of a beat: nobody hears it
constexpr double most_pull = 0.004;     // so that the tempo stays within 1 %

double gain_of(const TrackFacts& facts) {
  return amplitude_of(std::min(track_lufs - facts.loudness_lufs, most_gain_db));
}

}  // namespace

double Crossfade::next() {
  constexpr double step = 1 / (crossfade_s * sample_rate);
  if (at_ != goal_) at_ = at_ < goal_ ? std::min(goal_, at_ + step) : std::max(goal_, at_ - step);
  if (at_ <= 0 || at_ >= 1) return at_;
  return std::sin(at_ * std::numbers::pi / 2);
}

Deck::Deck(std::unique_ptr<TrackSource> source, TrackFacts facts)
    : source_(std::move(source)), facts_(std::move(facts)), gain_(static_cast<float>(gain_of(facts_))) {}

void Deck::fill(std::size_t from, const BeatClock& clock) {
  if (--blocks_to_speed_ < 0) keep_time(clock);
  std::fill(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(from), Frame{});
  const auto got = source_->read(std::span(samples_).subspan(from));
  for (std::size_t i = from + got; i < samples_.size(); ++i) {
    const auto& before = i == 0 ? last_ : samples_[i - 1];
    samples_[i] = {before.left * fading, before.right * fading};
  }
  last_ = samples_.back();
}

// A new speed is heard only after what is on its way: so it is the speed of that moment, and where the track
// will be by then is not known better than where it is now.
void Deck::keep_time(const BeatClock& clock) {
  blocks_to_speed_ = blocks_per_speed;
  double pull = 0;
  if (const auto position = source_->position_s()) {
    double away = clock.phase() - (*position - facts_.first_beat_s) * facts_.bpm / 60;
    away -= std::round(away);
    if (std::abs(away) > near) pull = std::clamp(away * pull_per_beat, -most_pull, most_pull);
  }
  const double speed = clock.bpm_in(source_->speed_delay_s()) / facts_.bpm * (1 + pull);
  if (std::abs(speed / speed_ - 1) < 1e-4) return;
  speed_ = speed;
  source_->set_speed(speed);
}

Frame Deck::next(std::size_t at) {
  const auto gain = static_cast<float>(fade_.next()) * gain_;
  return {samples_[at].left * gain, samples_[at].right * gain};
}

bool Deck::over() {
  const auto health = source_->health();
  return health == TrackSource::Health::ended || health == TrackSource::Health::broken;
}

double Deck::left_s() {
  return over() ? 0 : (facts_.duration_s - source_->position_s().value_or(0)) / speed_;
}

}  // namespace rytme::player
