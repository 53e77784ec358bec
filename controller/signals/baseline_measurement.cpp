// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/baseline_measurement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "controller/signals/beat_gate.hpp"

namespace rytme::signals {

namespace {

constexpr double shortest_s = 120;
constexpr double told_shortest_s = 110;  // two minutes, less the first seconds without a heart rate
constexpr double longest_s = 300;
constexpr double session_start_s = 60;
constexpr std::size_t fewest_hearts = 60;
constexpr double most_missing = 0.2;
constexpr double steepest_bpm_per_min = 1;
constexpr double least_spread_bpm = 3;
constexpr double history_minutes = 5;
constexpr double arrived_aroused_bpm = 10;
// A person who sits and gestures; what walks is far above (0.2 g).
constexpr double moving_mad_g = 0.06;
constexpr double least_rest_mad_g = 0.002;

std::uint8_t bit(BaselineDoubt doubt, bool present) {
  return present ? static_cast<std::uint8_t>(doubt) : std::uint8_t{0};
}

}  // namespace

std::string_view doubt_text(BaselineDoubt doubt, bool norwegian) {
  switch (doubt) {
    case BaselineDoubt::drifting:
      return norwegian ? "Pulsen endret seg underveis." : "The pulse changed on the way.";
    case BaselineDoubt::noisy:
      return norwegian ? "Mange slag var uklare." : "Many beats were unclear.";
    case BaselineDoubt::moving:
      return norwegian ? "Det var mye bevegelse." : "There was much movement.";
    case BaselineDoubt::arrived_aroused:
      return norwegian ? "Pulsen er høyere enn ellers; tidligere verdier brukes."
                       : "The pulse is higher than usual; earlier values are used.";
    case BaselineDoubt::too_short:
      return norwegian ? "For kort: under to minutter." : "Too short: under two minutes.";
  }
  return "";
}

bool BaselineHistory::add(const Baseline& baseline) { return baseline.good() && add_bpm(baseline.today_bpm); }

bool BaselineHistory::add_bpm(double calm_bpm) {
  if (!(calm_bpm > 0) || !rr_in_range(60'000 / calm_bpm)) {
    return false;
  }
  if (count_ == values_.size()) {
    std::move(values_.begin() + 1, values_.end(), values_.begin());
    --count_;
  }
  values_[count_++] = calm_bpm;
  return true;
}

std::optional<double> BaselineHistory::mean_bpm() const {
  if (count_ == 0) {
    return std::nullopt;
  }
  return std::accumulate(values().begin(), values().end(), 0.0) / static_cast<double>(count_);
}

Baseline shrunk_to(const BaselineHistory& history, Baseline measured) {
  measured.calm_bpm = measured.today_bpm;
  const auto before = history.mean_bpm();
  if (!before) {
    return measured;
  }
  if (measured.today_bpm > *before + arrived_aroused_bpm) {
    measured.history_won = true;
    measured.calm_bpm = *before;
    measured.doubts |= bit(BaselineDoubt::arrived_aroused, true);
    return measured;
  }
  measured.calm_bpm = (history_minutes * *before + measured.minutes * measured.today_bpm) /
                      (history_minutes + measured.minutes);
  return measured;
}

BaselineMeasurement::BaselineMeasurement(const BaselineHistory& history, std::optional<double> session_age_s,
                                         Ends ends)
    : history_(history),
      ends_(ends),
      skip_s_(session_age_s ? std::clamp(session_start_s - *session_age_s, 0.0, session_start_s) : 0) {}

BaselineMeasurement::State BaselineMeasurement::add(const ArousalInput& input) {
  if (state_ != State::running) {
    return state_;
  }
  const auto dt_s = clock_.advance(input.t_s, counters_);
  if (!dt_s) {
    return state_;
  }
  const auto clean = plausible(input, counters_);
  if (skip_s_ > 0) {
    skip_s_ -= *dt_s;
    return state_;
  }
  elapsed_s_ += *dt_s;
  if (seconds_ < longest) {
    take(clean);
  }
  if (ends_ == Ends::when_told || elapsed_s_ < shortest_s) {
    return state_;
  }
  return elapsed_s_ >= longest_s || shrunk_to(history_, measured()).good() ? end() : state_;
}

void BaselineMeasurement::take(const ArousalInput& input) {
  ++seconds_;
  if (input.body_mad_g) {
    mad_g_[mads_++] = *input.body_mad_g;
    moving_ += *input.body_mad_g > moving_mad_g ? 1U : 0U;
  }
  if (!input.hr10_bpm) {
    return;
  }
  heart_bpm_[hearts_++] = *input.hr10_bpm;
  accepted_sum_ += input.accepted_share;
  const double minute = elapsed_s_ / 60;
  t_ += minute;
  tt_ += minute * minute;
  b_ += *input.hr10_bpm;
  tb_ += minute * *input.hr10_bpm;
}

double BaselineMeasurement::slope_bpm_per_min() const {
  const auto n = static_cast<double>(hearts_);
  const double spread = n * tt_ - t_ * t_;
  return spread > 0 ? (n * tb_ - t_ * b_) / spread : 0;
}

double BaselineMeasurement::quantile(std::span<const double> values, double share) const {
  std::copy(values.begin(), values.end(), scratch_.begin());
  const auto at = std::lround(share * static_cast<double>(values.size() - 1));
  const auto end = scratch_.begin() + static_cast<std::ptrdiff_t>(values.size());
  std::nth_element(scratch_.begin(), scratch_.begin() + at, end);
  return scratch_[static_cast<std::size_t>(at)];
}

std::uint8_t BaselineMeasurement::doubts() const {
  const auto seconds = static_cast<double>(seconds_);
  const auto hearts = static_cast<double>(hearts_);
  const double missing = seconds > 0 ? 1 - hearts / seconds : 1;
  const double rejected = hearts > 0 ? 1 - accepted_sum_ / hearts : 1;
  const bool moving = static_cast<double>(moving_) > most_missing * static_cast<double>(mads_);
  return static_cast<std::uint8_t>(
      bit(BaselineDoubt::drifting, std::abs(slope_bpm_per_min()) > steepest_bpm_per_min) |
      bit(BaselineDoubt::noisy, missing > most_missing || rejected > most_missing) |
      bit(BaselineDoubt::moving, moving) | bit(BaselineDoubt::too_short, elapsed_s_ < told_shortest_s));
}

Baseline BaselineMeasurement::measured() const {
  Baseline baseline;
  baseline.doubts = doubts();
  if (hearts_ > 0) {
    const auto heart = std::span{heart_bpm_}.first(hearts_);
    baseline.today_bpm = quantile(heart, 0.5);
    baseline.iqr_bpm = quantile(heart, 0.75) - quantile(heart, 0.25);
    std::transform(heart.begin(), heart.end(), scratch_.begin(),
                   [&](double bpm) { return std::abs(bpm - baseline.today_bpm); });
    const auto middle = scratch_.begin() + static_cast<std::ptrdiff_t>(hearts_ / 2);
    std::nth_element(scratch_.begin(), middle, scratch_.begin() + static_cast<std::ptrdiff_t>(hearts_));
    baseline.spread_bpm = std::max(least_spread_bpm, 1.4826 * *middle);
    baseline.minutes = static_cast<double>(hearts_) / 60;
  }
  if (mads_ > 0) {
    const auto mad = std::span{mad_g_}.first(mads_);
    baseline.rest_mad_g = std::clamp(quantile(mad, 0.95), least_rest_mad_g, moving_mad_g);
    baseline.still_mad_g = quantile(mad, 0.05);
  }
  return baseline;
}

BaselineMeasurement::State BaselineMeasurement::finish() { return state_ == State::running ? end() : state_; }

BaselineMeasurement::State BaselineMeasurement::end() {
  if (hearts_ < fewest_hearts || elapsed_s_ < told_shortest_s) {
    return state_ = State::failed;
  }
  result_ = shrunk_to(history_, measured());
  return state_ = result_->good() ? State::good : State::doubtful;
}

}  // namespace rytme::signals
