// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/beat_gate.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace rytme::signals {

namespace {

constexpr double narrow = 0.20;  // of the median
constexpr double wide_limit = 0.35;
constexpr double step_per_width =
    0.17 / 0.20;  // limit against the previous accepted beat, also of the median
constexpr std::size_t agreeing = 4;
constexpr double agreement = 1.15;
constexpr double widening_share = 0.05;
constexpr std::size_t horizon = 64;
constexpr std::size_t fewest_seen = 20;  // before that, one refused beat would be over 5 %

// A short-long pair in units of the mean of the last raw beats: an ordinary beat, an early one, a pause.
// Respiration takes several beats from short to long, so its short beats follow on beats that are short
// already.
constexpr double ordinary = 0.92;
constexpr double early_in_pair = 0.85;
constexpr double pause = 1.12;

// An early beat and the pause after it, in units of the reference. Atrial ectopics are often early by 10-18 %
// only and fit the limits; the pause gives them away.
constexpr double early_beat = 0.90;
constexpr double pause_after = 1.05;

}  // namespace

double median_of(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) {
    return *middle;
  }
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

BeatGate::Verdict BeatGate::judge(double rr_ms) {
  const bool in_range = rr_in_range(rr_ms);
  remember_raw(in_range ? rr_ms : 0);
  const bool pause_of_refused = early_ && !last_accepted_ && rr_ms > pause_after * reference_ms_;
  const bool fits_narrow = in_range && !pause_of_refused && fits(rr_ms, narrow);
  const bool fits_wide = in_range && !pause_of_refused && wide() && fits(rr_ms, wide_limit);
  const bool accepted = fits_narrow || fits_wide || re_anchors();
  refused_narrow_ = (refused_narrow_ << 1U) | (fits_narrow ? 0U : 1U);
  not_respiratory_ = (not_respiratory_ << 1U) | (!in_range || short_long_pair() ? 1U : 0U);
  seen_ = std::min(seen_ + 1, horizon);
  const bool early = accepted_count_ > 0 && rr_ms < early_beat * reference_ms_;
  Verdict verdict{.accepted = accepted, .withdraws_previous = !accepted && shows_previous_early(rr_ms)};
  if (accepted) {
    accept(rr_ms);
  } else if (verdict.withdraws_previous) {
    previous_ms_ = before_ms_;
  }
  early_ = early;
  last_accepted_ = accepted;
  return verdict;
}

void BeatGate::interrupt() {
  previous_ms_ = before_ms_ = 0;
  early_ = last_accepted_ = false;
  raw_count_ = 0;
}

bool BeatGate::wide() const {
  return seen_ >= fewest_seen && not_respiratory_ == 0 &&
         static_cast<double>(std::popcount(refused_narrow_)) > widening_share * static_cast<double>(seen_);
}

bool BeatGate::fits(double rr_ms, double width) const {
  if (accepted_count_ == 0) {
    return true;
  }
  const bool near_median = std::abs(rr_ms / reference_ms_ - 1) < width;
  const bool near_previous =
      previous_ms_ == 0 || std::abs(rr_ms - previous_ms_) < step_per_width * width * reference_ms_;
  return near_median && near_previous;
}

// The heart has settled elsewhere: the last raw beats agree with each other and become the reference.
bool BeatGate::re_anchors() {
  if (raw_count_ < agreeing) {
    return false;
  }
  const auto recent = std::span{raw_}.last(agreeing);
  const auto [low, high] = std::minmax_element(recent.begin(), recent.end());
  if (*low <= 0 || *high > agreement * *low) {
    return false;
  }
  accepted_count_ = accepted_next_ = 0;
  for (const double rr_ms : recent.first(agreeing - 1)) {  // the newest follows in accepts()
    accept(rr_ms);
  }
  return true;
}

bool BeatGate::shows_previous_early(double rr_ms) const {
  return early_ && last_accepted_ && rr_ms > pause_after * reference_ms_;
}

bool BeatGate::short_long_pair() const {
  if (raw_count_ < raws) {
    return false;
  }
  const double mean = std::accumulate(raw_.begin(), raw_.end(), 0.0) / static_cast<double>(raws);
  return raw_[raws - 3] >= ordinary * mean && raw_[raws - 2] < early_in_pair * mean &&
         raw_[raws - 1] > pause * mean;
}

void BeatGate::accept(double rr_ms) {
  accepted_[accepted_next_] = rr_ms;
  accepted_next_ = (accepted_next_ + 1) % references;
  accepted_count_ = std::min(accepted_count_ + 1, references);
  auto sorted = accepted_;
  reference_ms_ = median_of(std::span{sorted}.first(accepted_count_));
  before_ms_ = previous_ms_;
  previous_ms_ = rr_ms;
}

void BeatGate::remember_raw(double rr_ms) {
  std::shift_left(raw_.begin(), raw_.end(), 1);
  raw_.back() = rr_ms;
  raw_count_ = std::min(raw_count_ + 1, raws);
}

}  // namespace rytme::signals
