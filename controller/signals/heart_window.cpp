// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_window.hpp"

#include <cmath>

namespace rytme::signals {

namespace {

constexpr double fewest_accepted = 0.80;
constexpr double fewest_kept = 0.80;

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double BeatCount::accepted_share() const { return share(accepted, beats); }

double BeatCount::pairs_share() const { return beats < 2 ? 0 : share(pairs_kept, beats - 1); }

bool unreliable(const BeatCount& count) {
  return count.accepted_share() < fewest_accepted || (count.beats > 1 && count.pairs_share() < fewest_kept);
}

std::string_view refusal(const BeatCount& count) {
  if (count.beats == 0) {
    return "no beats";
  }
  if (count.accepted_share() < fewest_accepted) {
    return "over 20 % of the beats rejected";
  }
  if (count.pairs_share() < fewest_kept) {
    return "under 80 % of the pairs kept";
  }
  if (count.pairs_kept < fewest_pairs) {
    return "fewer than 30 pairs";
  }
  return "";
}

void BeatStatistics::add_beat(double rr_ms) {
  ++beats_;
  const double delta = rr_ms - mean_;
  mean_ += delta / static_cast<double>(beats_);
  squares_ += delta * (rr_ms - mean_);
}

void BeatStatistics::add_difference(double difference_ms) {
  ++differences_;
  difference_squares_ += difference_ms * difference_ms;
  over_50_ += std::abs(difference_ms) > 50 ? 1U : 0U;
}

HeartStatistics BeatStatistics::result() const {
  HeartStatistics result;
  result.n = beats_;
  if (beats_ > 0) {
    result.hr_bpm = 60'000 / mean_;
  }
  if (beats_ > 1) {
    result.sdnn_ms = std::sqrt(squares_ / static_cast<double>(beats_ - 1));
  }
  if (differences_ > 0) {
    result.rmssd_ms = std::sqrt(difference_squares_ / static_cast<double>(differences_));
    result.pnn50_pct = 100 * share(over_50_, differences_);
    if (*result.rmssd_ms > 0) {
      result.ln_rmssd = std::log(*result.rmssd_ms);
    }
  }
  return result;
}

WindowBuilder::WindowBuilder(std::size_t room_for) { in_range_ms_.reserve(room_for); }

void WindowBuilder::add(const CleanBeat& beat) {
  const bool first = raw_.beats() == 0;
  raw_.add_beat(beat.rr_ms);
  if (!first) {
    raw_.add_difference(beat.rr_ms - last_raw_ms_);
  }
  last_raw_ms_ = beat.rr_ms;
  if (beat.in_range) {
    in_range_ms_.push_back(beat.rr_ms);
  }
  if (beat.withdraws_previous) {
    open_beat_ms_.reset();
    open_difference_ms_.reset();
  }
  settle();
  if (beat.accepted) {
    open_beat_ms_ = beat.rr_ms;
    open_difference_ms_ = first ? std::nullopt : beat.difference_ms;
  }
}

void WindowBuilder::settle() {
  if (open_beat_ms_) {
    clean_.add_beat(*open_beat_ms_);
  }
  if (open_difference_ms_) {
    clean_.add_difference(*open_difference_ms_);
  }
  open_beat_ms_.reset();
  open_difference_ms_.reset();
}

WindowResult WindowBuilder::result() {
  settle();
  WindowResult result{.raw = raw_.result(), .clean = clean_.result(), .count = {}, .reason = {}};
  result.count = {.beats = raw_.beats(), .accepted = clean_.beats(), .pairs_kept = clean_.differences()};
  result.reason = refusal(result.count);
  if (!result.reason.empty()) {
    result.clean = {
        .n = clean_.beats(), .hr_bpm = {}, .rmssd_ms = {}, .ln_rmssd = {}, .sdnn_ms = {}, .pnn50_pct = {}};
    if (!in_range_ms_.empty()) {
      result.clean.hr_bpm = 60'000 / median_of(in_range_ms_);
    }
  }
  return result;
}

void WindowBuilder::clear() {
  raw_ = {};
  clean_ = {};
  open_beat_ms_.reset();
  open_difference_ms_.reset();
  in_range_ms_.clear();
}

// The beats of a window that began before it or end in it sum to less than its length and one interval more.
ConsecutiveWindows::ConsecutiveWindows(double length_s)
    : length_ms_(length_s * 1000),
      builder_(static_cast<std::size_t>((length_ms_ + longest_interval_ms) / shortest_rr_ms)) {}

void ConsecutiveWindows::restart() {
  elapsed_ms_ = 0;
  finished_ = 0;
  builder_.clear();
}

}  // namespace rytme::signals
