// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/settled_lane.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr std::ptrdiff_t median_reach = 5;  // each side: 11 beats
// Slope and offset of the lines that part the ectopic beats (the method's c1, c2).
constexpr double slope = 0.13;
constexpr double offset = 0.17;
constexpr double far_from_median = 3;

// As numpy: a value that is not a number (0 / 0 where the threshold is 0) wins, and every comparison with it
// is false.
double smaller(double a, double b) { return std::isnan(a) || a < b ? a : b; }
double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

}  // namespace

void SettledLane::take(double rr_ms) {
  ++position_;
  elapsed_ms_ += rr_ms;
  const double peak_ms = std::nearbyint(elapsed_ms_);
  const double rr_s = (peak_ms - peak_ms_) / 1000;
  peak_ms_ = peak_ms;
  size_ = std::max<std::size_t>(size_, 1);
  entry(size_) = {.i = position_, .rr_s = rr_s};
  ++size_;
  if (begun_) {
    push(size_ - 1);
  } else if (size_ > delay) {
    begin();
  }
}

// The first peak has no interval. The method puts the mean of the record there; this lane knows the first
// beats only.
void SettledLane::begin() {
  begun_ = true;
  const std::size_t last = size_ - 1;
  double sum_s = 0;
  for (std::size_t at = 1; at <= last; ++at) {
    sum_s += entry(at).rr_s;
  }
  entry(0) = {.i = 0, .rr_s = sum_s / static_cast<double>(last)};
  add_step(0, (entry(last).rr_s - entry(0).rr_s) / static_cast<double>(last));
  for (std::size_t at = 1; at <= last; ++at) {
    push(at);
  }
}

void SettledLane::push(std::size_t at) {
  add_step(at, entry(at).rr_s - entry(at - 1).rr_s);
  if (at >= median_reach) {
    add_deviation(at - median_reach);
  }
}

void SettledLane::close() {
  closed_ = true;
  if (size_ < 2) {
    return;
  }
  if (!begun_) {
    begin();
  }
  while (deviations_ < size_) {
    add_deviation(deviations_);
  }
  while (const auto threshold_s = step_thresholds_.finish_next()) {
    step_threshold(*threshold_s);
  }
  while (const auto threshold_s = deviation_thresholds_.finish_next()) {
    deviation_threshold(*threshold_s);
  }
}

void SettledLane::add_step(std::size_t at, double step_s) {
  entry(at).step_s = step_s;
  if (const auto threshold_s = step_thresholds_.add(step_s)) {
    step_threshold(*threshold_s);
  }
}

void SettledLane::step_threshold(double threshold_s) {
  auto& of = entry(steps_ready_++);
  of.step = of.step_s / threshold_s;
}

void SettledLane::add_deviation(std::size_t at) {
  std::array<double, 2 * median_reach + 1> around{};
  for (std::ptrdiff_t k = -median_reach; k <= median_reach; ++k) {
    around.at(static_cast<std::size_t>(k + median_reach)) = rr_at(static_cast<std::ptrdiff_t>(at) + k);
  }
  const auto middle = around.begin() + median_reach;
  std::nth_element(around.begin(), middle, around.end());
  auto& of = entry(at);
  of.median_s = *middle;
  const double deviation_s = of.rr_s - of.median_s;
  of.deviation_s = deviation_s < 0 ? 2 * deviation_s : deviation_s;
  deviations_ = at + 1;
  if (const auto threshold_s = deviation_thresholds_.add(of.deviation_s)) {
    deviation_threshold(*threshold_s);
  }
}

void SettledLane::deviation_threshold(double threshold_s) {
  auto& of = entry(ready_++);
  of.deviation_threshold_s = threshold_s;
  of.deviation = of.deviation_s / threshold_s;
}

bool SettledLane::ready() const {
  if (closed_) {
    return next_ + 2 < size_;
  }
  return steps_ready_ > next_ + 3 && ready_ > next_ + 1;
}

// Figure 1 of the paper.
std::size_t SettledLane::judge(std::array<FlaggedBeat, 2>& flags) {
  const std::size_t at = next_++;
  std::size_t count = 0;
  const auto flag = [&](std::size_t of, BeatFlag kind) {
    if (of > 0) {
      flags.at(count++) = {.i = entry(of).i, .kind = kind};
    }
  };
  const double step = std::abs(entry(at).step);
  if (step <= 1) {
    return 0;
  }
  if (ectopic(at)) {
    flag(at, BeatFlag::ectopic);
    return count;
  }
  if (!(step > 1) && !(std::abs(entry(at).deviation) > far_from_median)) {
    return 0;
  }
  if (const auto kind = long_or_short(at)) {
    flag(at, *kind);
  }
  const auto signed_at = static_cast<std::ptrdiff_t>(at);
  if (std::abs(step_at(signed_at + 1)) < std::abs(step_at(signed_at + 2))) {
    if (const auto kind = long_or_short(at + 1)) {
      flag(at + 1, *kind);
    }
    ++next_;
  }
  return count;
}

bool SettledLane::ectopic(std::size_t at) const {
  const double step = entry(at).step;
  const auto signed_at = static_cast<std::ptrdiff_t>(at);
  const double before = step_at(signed_at - 1);
  const double after = step_at(signed_at + 1);
  return (step > 1 && larger(before, after) < -slope * step - offset) ||
         (step < -1 && smaller(before, after) > -slope * step + offset);
}

std::optional<BeatFlag> SettledLane::long_or_short(std::size_t at) const {
  const auto& beat = entry(at);
  const auto signed_at = static_cast<std::ptrdiff_t>(at);
  const double first = step_at(signed_at + 1);
  const double second = step_at(signed_at + 2);
  const bool is_long = beat.step > 1 && smaller(first, second) < -1;
  const bool is_short = beat.step < -1 && larger(first, second) > 1;
  if (!is_long && !is_short && !(std::abs(beat.deviation) > far_from_median)) {
    return std::nullopt;
  }
  const double both_s = beat.rr_s + entry(at + 1).rr_s;
  if (is_short && std::abs(both_s - beat.median_s) < beat.deviation_threshold_s) {
    return BeatFlag::extra;
  }
  if (is_long && std::abs(beat.rr_s / 2 - beat.median_s) < beat.deviation_threshold_s) {
    return BeatFlag::missed;
  }
  return BeatFlag::longshort;
}

double SettledLane::step_at(std::ptrdiff_t at) const { return entry(reflected(at)).step; }

double SettledLane::rr_at(std::ptrdiff_t at) const { return entry(reflected(at)).rr_s; }

std::size_t SettledLane::reflected(std::ptrdiff_t at) const {
  const auto last = static_cast<std::ptrdiff_t>(size_) - 1;
  const auto forth_and_back = std::abs(at) % (2 * last);
  return static_cast<std::size_t>(std::min(forth_and_back, 2 * last - forth_and_back));
}

}  // namespace rytme::signals
