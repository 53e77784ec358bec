// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/wearer_watch.hpp"

#include <algorithm>
#include <cmath>

#include "controller/signals/beat_gate.hpp"

namespace rytme::signals {

namespace {

// A belt that slips loses contact for a second or two; to hand it over takes longer.
constexpr double off_break_s = 5;
// Radio alone may be silent for long; a strap can be handed over in this time.
constexpr double silent_break_s = 30;

constexpr std::size_t fewest_beats = 20;
// The median interval shorter or longer by 15 %, or RMSSD halved or doubled.
constexpr double median_jump = 0.15;
constexpr double rmssd_jump = 0.7;

}  // namespace

bool WearerWatch::worn(Instant now) {
  const bool was_off = off_since_ && seconds_between(*off_since_, now) >= off_break_s;
  const bool was_silent = last_worn_ && seconds_between(*last_worn_, now) >= silent_break_s;
  const bool first_after_break = last_worn_ && (was_off || was_silent);
  off_since_.reset();
  last_worn_ = now;
  if (first_after_break) {
    // Broken again before there was anything to compare: what was before the first break stays the measure.
    begin(beats_ > handled_beats + fewest_beats || !before_ ? latest() : before_);
    doubt_ = WearerDoubt::returned;
  }
  return first_after_break;
}

void WearerWatch::off(Instant now) {
  if (!off_since_) {
    off_since_ = now;
  }
}

bool WearerWatch::beat(double rr_ms) {
  rr_ms_[beats_ % before_beats] = rr_ms;
  ++beats_;
  if (!before_ || beats_ != handled_beats + after_beats) {
    return false;
  }
  const auto after = profile_of(std::span{rr_ms_}.subspan(handled_beats, after_beats));
  const auto before = *before_;
  before_.reset();
  const bool jumped = after && (std::abs(after->log_median - before.log_median) > median_jump ||
                                std::abs(after->log_rmssd - before.log_rmssd) > rmssd_jump);
  if (jumped) {
    doubt_ = WearerDoubt::probably_another;
  }
  return jumped;
}

void WearerWatch::confirm() {
  before_.reset();
  doubt_ = WearerDoubt::none;
}

void WearerWatch::begin(std::optional<Profile> before) {
  before_ = before;
  beats_ = 0;
}

// Without the last beats: the strap was being taken off.
std::optional<WearerWatch::Profile> WearerWatch::latest() const {
  std::array<double, before_beats> in_order{};
  const std::size_t kept = std::min(beats_, before_beats);
  for (std::size_t k = 0; k < kept; ++k) {
    in_order[k] = rr_ms_[(beats_ - kept + k) % before_beats];
  }
  return profile_of(std::span{in_order}.first(kept - std::min(kept, handled_beats)));
}

std::optional<WearerWatch::Profile> WearerWatch::profile_of(std::span<const double> rr_ms) {
  if (rr_ms.size() < fewest_beats) {
    return std::nullopt;
  }
  std::array<double, before_beats> sorted{};
  std::copy(rr_ms.begin(), rr_ms.end(), sorted.begin());
  double squares = 0;
  for (std::size_t i = 1; i < rr_ms.size(); ++i) {
    squares += (rr_ms[i] - rr_ms[i - 1]) * (rr_ms[i] - rr_ms[i - 1]);
  }
  const double rmssd_ms = std::sqrt(squares / static_cast<double>(rr_ms.size() - 1));
  return Profile{.log_median = std::log(median_of(std::span{sorted}.first(rr_ms.size()))),
                 .log_rmssd = std::log(std::max(1.0, rmssd_ms))};  // 1 ms is the resolution of RR
}

}  // namespace rytme::signals
