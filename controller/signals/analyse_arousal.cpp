// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/analyse_arousal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace rytme::signals {

namespace {

constexpr double longest_s = 7 * 86'400;
constexpr double clock_limit_s = 1e11;  // AD 5138 in seconds, 1973 in milliseconds

// Beats with the time each ended at.
class BeatTimes {
 public:
  explicit BeatTimes(std::span<const Beat> beats) : beats_(beats) {}

  bool more() const { return at_ < beats_.size(); }
  double t_s() const { return beats_[at_].t_s.value_or(elapsed_s_ + step_s()); }
  double rr_ms() const { return beats_[at_].rr_ms; }
  void next() {
    elapsed_s_ += step_s();
    ++at_;
  }

 private:
  double step_s() const { return is_interval(beats_[at_].rr_ms) ? beats_[at_].rr_ms / 1000 : 0; }

  std::span<const Beat> beats_;
  std::size_t at_{};
  double elapsed_s_{};
};

struct Extent {
  double from_s{std::numeric_limits<double>::infinity()}, to_s{-std::numeric_limits<double>::infinity()};
  void cover(double t_s) {
    if (std::isfinite(t_s)) {
      from_s = std::min(from_s, t_s);
      to_s = std::max(to_s, t_s);
    }
  }
};

Extent extent_of(const ArousalRecording& recording) {
  Extent extent;
  for (const auto& rate : recording.rates) {
    extent.cover(rate.t_s);
  }
  for (BeatTimes beats(recording.beats); beats.more(); beats.next()) {
    extent.cover(beats.t_s());
  }
  return extent;
}

}  // namespace

ArousalPipeline::ArousalPipeline(SensorPlace place, bool optical, const BaselineHistory& history)
    : place_(place), optical_(optical), history_(history), index_(place) {}

const ArousalNowResult& ArousalPipeline::tick(double t_s) {
  input_ = {.t_s = t_s,
            .hr10_bpm = {},
            .signal_quality = 0,
            .accepted_share = 0,
            .optical = optical_,
            .body_mad_g = meter_.second(t_s),
            .place = place_};
  heart_.fill(t_s, input_);
  if (measurement_ && measurement_->state() == BaselineMeasurement::State::running) {
    measurement_->add(input_);
    take_result();
  }
  return index_.add(input_);
}

void ArousalPipeline::begin_baseline(BaselineMeasurement::Ends ends, std::optional<double> session_age_s) {
  measurement_.emplace(history_, session_age_s, ends);
}

void ArousalPipeline::finish_baseline() {
  if (measurement_ && measurement_->state() == BaselineMeasurement::State::running) {
    measurement_->finish();
    take_result();
  }
}

void ArousalPipeline::take_result() {
  if (measurement_->result()) {
    index_.set_baseline(*measurement_->result());
  }
}

bool analyse_arousal(const ArousalRecording& recording, const EachSecond& each) {
  const auto [from_s, to_s] = extent_of(recording);
  if (!(from_s <= to_s && to_s - from_s <= longest_s && std::abs(from_s) <= clock_limit_s)) {
    return false;
  }
  // The pipeline's clock begins with the recording, which may count from 1970.
  const double origin_s = std::floor(from_s);
  ArousalPipeline pipeline(recording.place, recording.optical);
  BeatTimes beats(recording.beats);
  std::size_t rate = 0;
  std::size_t sample = 0;
  bool begun = false;
  bool ended = false;
  const auto last = std::llround(std::floor(to_s) - origin_s);
  for (std::int64_t second = 0; second <= last; ++second) {
    const auto since_s = static_cast<double>(second);
    const double t_s = origin_s + since_s;
    for (; beats.more() && !(beats.t_s() > t_s); beats.next()) {
      pipeline.beat(beats.t_s() - origin_s, beats.rr_ms());
    }
    for (; rate < recording.rates.size() && !(recording.rates[rate].t_s > t_s); ++rate) {
      pipeline.rate(recording.rates[rate].t_s - origin_s, recording.rates[rate].bpm);
    }
    for (; sample < recording.acceleration.size() && !(recording.acceleration[sample].t_s >= t_s); ++sample) {
      const auto& a = recording.acceleration[sample];
      pipeline.acceleration(a.t_s - origin_s, a.ax_g, a.ay_g, a.az_g);
    }
    if (!begun && t_s >= recording.baseline_from_s) {
      begun = true;
      pipeline.begin_baseline(BaselineMeasurement::Ends::when_told);
    }
    if (!ended && t_s > recording.baseline_to_s) {
      ended = true;
      pipeline.finish_baseline();
    }
    const auto& result = pipeline.tick(since_s);
    each(t_s, pipeline.input(), result, pipeline.index().baseline());
  }
  return true;
}

}  // namespace rytme::signals
