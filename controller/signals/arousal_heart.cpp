// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_heart.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double fresh_s = 5;
constexpr std::int64_t minute_s = 60;
constexpr double clock_limit_s = 1e9;

// A device's own heart rate comes late and smoothed by an unknown rule, and its doubt is not told: shown, but
// never enough to act on (docs/arousal-index.md has the figures).
constexpr double rate_quality = 0.595;

double quality_of(Quality quality) { return quality == Quality::good ? 1.0 : 0.5; }

bool fresh(const std::optional<double>& seen_s, double t_s) {
  return seen_s && t_s - *seen_s <= fresh_s && t_s - *seen_s >= -fresh_s;
}

}  // namespace

void ArousalHeart::beat(double t_s, double rr_ms) {
  if (!(std::abs(t_s) < clock_limit_s)) {
    ++refused_;
    return;
  }
  const auto beat = cleaner_.add(rr_ms, std::llround(t_s * 1e6));
  if (!beat) {
    ++refused_;
    count(t_s, CleanBeat{});
    return;
  }
  recent_.add(cleaner_.beat_us(), *beat);
  count(t_s, *beat);
  beat_s_ = t_s;
}

void ArousalHeart::count(double t_s, const CleanBeat& beat) {
  const auto second = static_cast<std::int64_t>(std::floor(t_s));
  if (beat.withdraws_previous && kept_[last_slot_].accepted > 0) {
    --kept_[last_slot_].accepted;
  }
  last_slot_ = static_cast<std::size_t>(second & 63);
  auto& slot = kept_[last_slot_];
  if (slot.second != second) {
    slot = {.second = second};
  }
  ++slot.beats;
  slot.accepted += beat.accepted ? 1U : 0U;
}

void ArousalHeart::rate(double t_s, double bpm) {
  if (!(std::abs(t_s) < clock_limit_s) || !(bpm > 0) || !rr_in_range(60'000 / bpm)) {
    ++refused_;
    return;
  }
  if (rates_.add(std::llround(t_s * 1e6), bpm)) {
    rate_s_ = t_s;
  }
}

double ArousalHeart::accepted_share(double t_s) const {
  const auto now = static_cast<std::int64_t>(std::floor(t_s));
  std::uint32_t beats = 0;
  std::uint32_t accepted = 0;
  for (const auto& slot : kept_) {
    if (slot.second > now - minute_s && slot.second <= now) {
      beats += slot.beats;
      accepted += slot.accepted;
    }
  }
  return beats > 0 ? static_cast<double>(accepted) / beats : 0;
}

void ArousalHeart::fill(double t_s, ArousalInput& input) const {
  input.hr10_bpm.reset();
  input.signal_quality = 0;
  input.accepted_share = 0;
  if (!(std::abs(t_s) < clock_limit_s)) {
    return;
  }
  const auto beats = fresh(beat_s_, t_s) ? recent_.heart_rate() : Estimate{};
  const auto rates = fresh(rate_s_, t_s) ? rates_.heart_rate() : Estimate{};
  const bool by_rates = rates.quality != Quality::unknown && beats.quality != Quality::good;
  const auto& used = by_rates ? rates : beats;
  input.accepted_share = by_rates ? 1 : accepted_share(t_s);
  if (used.quality != Quality::unknown) {
    input.hr10_bpm = used.value;
    input.signal_quality = by_rates ? rate_quality : quality_of(used.quality);
  }
}

}  // namespace rytme::signals
