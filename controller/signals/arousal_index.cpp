// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_index.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double frozen_s = 30;
constexpr double forget_s = 60;  // without a pulse
constexpr double movement_fresh_s = 5;
constexpr double movement_doubt = 0.35;  // of what movement explains
constexpr double strap_doubt_bpm = 2;
constexpr double optical_doubt_bpm = 5;
constexpr double onset_bpm = 5;
constexpr double smoothing_s = 5;
constexpr double far_above_bpm = 25;
constexpr double low_z = -1.5;
constexpr double low_s = 60;
constexpr double long_s = 86'400;
constexpr double learn_from = 0.05;  // x; below there is nothing to learn

double square(double value) { return value * value; }

}  // namespace

ArousalIndex::ArousalIndex(const MovementGains& gains, const MovementGainLearner& learner)
    : gains_(gains), learner_(learner) {}

void ArousalIndex::set_baseline(const Baseline& baseline) {
  baseline_ = baseline;
  forget();
}

const ArousalNowResult& ArousalIndex::add(const ArousalInput& input) {
  const auto dt_s = clock_.advance(input.t_s, counters_);
  if (!dt_s) {
    return result_;
  }
  auto clean = plausible(input, counters_);
  watch_for_frozen(*dt_s, clean);
  move(*dt_s, clean);
  signal_ = signal_trust_.advance(*dt_s, clean, same_s_, clock_.stepped());
  result_ = {};
  if (!clean.hr10_bpm) {
    without_pulse(*dt_s);
  } else if (!baseline_) {
    absent_s_ = 0;
    result_.hr_bpm = clean.hr10_bpm;
    result_.unknown = ArousalUnknown::no_baseline;
  } else {
    absent_s_ = 0;
    judge(*dt_s, clean);
  }
  return result_;
}

void ArousalIndex::watch_for_frozen(double dt_s, ArousalInput& input) {
  if (!input.hr10_bpm) {
    return;
  }
  same_s_ = *input.hr10_bpm == last_hr_bpm_ ? std::min(same_s_ + dt_s, long_s) : 0;
  last_hr_bpm_ = *input.hr10_bpm;
  if (same_s_ > frozen_s) {
    ++counters_.frozen_seconds;
    input.hr10_bpm.reset();
  }
}

void ArousalIndex::move(double dt_s, const ArousalInput& input) {
  const double rest_mad_g = baseline_ ? baseline_->rest_mad_g : Baseline{}.rest_mad_g;
  if (input.body_mad_g) {
    effort_ = effort_of(*input.body_mad_g, rest_mad_g);
    movement_age_s_ = 0;
  } else {
    movement_age_s_ = std::min(movement_age_s_ + dt_s, long_s);
    effort_ = movement_age_s_ > movement_fresh_s ? 0 : effort_;
  }
  movement_.advance(dt_s, effort_);
}

// A short absence holds the level where it was, unseen; after a minute it begins anew at 0.
void ArousalIndex::without_pulse(double dt_s) {
  absent_s_ = std::min(absent_s_ + dt_s, long_s);
  above_count_ = 0;
  quiet_s_ = 0;
  movement_trust(dt_s, 0);
  result_.unknown = ArousalUnknown::no_pulse;
  if (absent_s_ > forget_s) {
    forget();
  }
}

void ArousalIndex::forget() {
  level_ = {};
  index_.reset();
  above_count_ = 0;
  quiet_s_ = 0;
  side_ = 0;
}

void ArousalIndex::judge(double dt_s, const ArousalInput& input) {
  const double hr_bpm = *input.hr10_bpm;
  const double elevation_bpm = movement_.elevation_bpm(gains_);
  const double expected_bpm = baseline_->calm_bpm + elevation_bpm;
  const double above_bpm = hr_bpm - expected_bpm;
  const double sigma_bpm = std::sqrt(square(baseline_->spread_bpm) + square(movement_doubt * elevation_bpm) +
                                     square(input.optical ? optical_doubt_bpm : strap_doubt_bpm));
  const double z = above_bpm / sigma_bpm;
  const double onset = std::clamp(rise_over_15_s(above_bpm) / onset_bpm, 0.0, 2.0);
  const double fresh = 0.9 * z + 0.1 * onset;
  index_ = index_ ? *index_ + (fresh - *index_) * -std::expm1(-dt_s / smoothing_s) : fresh;
  const bool far_above = hr_bpm > baseline_->calm_bpm + far_above_bpm;
  level_.advance(dt_s, *index_, far_above);
  count_side(dt_s, hr_bpm, expected_bpm);
  const double movement = movement_trust(dt_s, above_bpm);
  const double confidence =
      signal_ * baseline_trust(*baseline_) * movement * margin_trust(level_.margin(*index_, far_above));
  result_.hr_bpm = hr_bpm;
  result_.expected_bpm = expected_bpm;
  result_.sigma_bpm = sigma_bpm;
  result_.index = index_;
  result_.low_side = very_quiet(dt_s, z, input);
  result_.confidence = result_.low_side ? std::min(confidence, low_side_at_most) : confidence;
  result_.unknown = result_.confidence < shown_from ? why_unknown(movement) : ArousalUnknown::no;
  if (result_.unknown == ArousalUnknown::no) {
    result_.level = level_.value();
  }
  learn(input);
}

double ArousalIndex::rise_over_15_s(double above_bpm) {
  const bool full = above_count_ == above_bpm_.size();
  const double rise_bpm = full ? above_bpm - above_bpm_[above_next_] : 0;
  above_bpm_[above_next_] = above_bpm;
  above_next_ = (above_next_ + 1) % above_bpm_.size();
  above_count_ = std::min(above_count_ + 1, above_bpm_.size());
  return rise_bpm;
}

// By the whole numbers that are shown, so that the sentence agrees with itself.
void ArousalIndex::count_side(double dt_s, double hr_bpm, double expected_bpm) {
  const int side = std::lround(hr_bpm) >= std::lround(expected_bpm) ? 1 : -1;
  side_s_ = side == side_ ? std::min(side_s_ + dt_s, long_s) : 0;
  side_ = side;
  result_.side_s = side_s_;
}

double ArousalIndex::movement_trust(double dt_s, double above_bpm) {
  return movement_age_s_ > movement_fresh_s ? movement_trust_.without_movement(dt_s, above_bpm)
                                            : movement_trust_.advance(dt_s, movement_.elevation_bpm(gains_));
}

bool ArousalIndex::very_quiet(double dt_s, double z, const ArousalInput& input) {
  const bool still =
      input.body_mad_g && baseline_->still_mad_g && *input.body_mad_g <= *baseline_->still_mad_g;
  quiet_s_ = still && z <= low_z ? std::min(quiet_s_ + dt_s, long_s) : 0;
  return quiet_s_ >= low_s;
}

ArousalUnknown ArousalIndex::why_unknown(double movement) const {
  if (movement_age_s_ > movement_fresh_s) {
    return movement < shown_from ? ArousalUnknown::movement_unseen : ArousalUnknown::unsure;
  }
  if (movement_trust_.recovering(movement_.elevation_bpm(gains_))) {
    return ArousalUnknown::recovering;
  }
  return movement < shown_from ? ArousalUnknown::moving : ArousalUnknown::unsure;
}

// Only from seconds whose pulse is beyond doubt and not above what the prior would expect by more than its
// own doubt: arousal must not be learnt as movement.
void ArousalIndex::learn(const ArousalInput& input) {
  const bool known = movement_age_s_ == 0 && signal_ >= 0.8 && baseline_->good();
  if (known && movement_.quick() >= learn_from && *index_ < level_limits[0].enter) {
    learner_.add(movement_, *input.hr10_bpm - baseline_->calm_bpm);
  }
}

}  // namespace rytme::signals
