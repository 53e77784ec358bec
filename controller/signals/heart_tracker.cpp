// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "controller/signals/beat_cleaner.hpp"
#include "controller/signals/frame_intervals.hpp"
#include "controller/signals/heart_window.hpp"
#include "controller/signals/rate_only.hpp"
#include "controller/signals/recent_beats.hpp"
#include "controller/signals/respiration.hpp"
#include "controller/signals/settled_lane.hpp"
#include "controller/signals/source_seconds.hpp"
#include "controller/signals/stream_order.hpp"

namespace rytme::signals {

namespace {

constexpr double fresh_s = 10;
constexpr double window_s = 60;
// No heart repeats its interval to 1/1024 s for so long.
constexpr double frozen_ms = 90'000;
constexpr std::int64_t clock_limit_us = 1'000'000'000'000'000;  // 31 years of uptime

bool possible(std::int64_t t_us) { return t_us >= 0 && t_us <= clock_limit_us; }

bool plausible_rate(double bpm) { return bpm > 0 && rr_in_range(60'000 / bpm); }

Estimate estimate(const std::optional<double>& value, Quality known) {
  return value ? Estimate{.value = *value, .quality = known} : Estimate{};
}

}  // namespace

class HeartTracker::Impl {
 public:
  void add(const HeartSample& sample, std::vector<Reading>& out);
  bool would_take(const HeartSample& sample) const;
  void restart_windows();
  void begin_anew();
  HeartNow at(Instant now) const;
  HeartVariability variability(Instant now) const;
  std::optional<double> respiration_per_min(Instant now, std::optional<double> swing_hz);
  bool sends_rr() const { return sends_rr_; }
  std::span<const double> accepted_of_last_frame() const { return std::span{kept_ms_}.first(kept_); }
  const Counters& counters() const { return counters_; }

 private:
  bool in_order(const StreamStamp& stamp);
  void forget_recent();
  bool fresh(Instant now) const;
  bool frozen() const { return same_ms_ > frozen_ms; }
  void add_beats(const HeartSample& sample, std::vector<Reading>& out);
  void add_beat(double rr_ms, std::int64_t arrival_us, const HeartSample& sample, std::vector<Reading>& out);
  void add_rate(const HeartSample& sample, std::vector<Reading>& out);
  void no_data(const HeartSample& sample, std::vector<Reading>& out);
  void report(const HeartSample& sample, const Estimate& rate, std::vector<Reading>& out);

  StreamOrder order_;
  BeatCleaner cleaner_;
  RecentBeats recent_;
  RateOnly rates_;
  Respiration respiration_;
  ConsecutiveWindows windows_{window_s};
  SettledLane settled_;
  Counters counters_;
  std::array<double, HeartSample::max_rr> kept_ms_{};  // of the last frame
  std::size_t kept_{};
  double last_rr_ms_{}, same_ms_{};  // how long RR has been the same
  bool sends_rr_{};                  // has sent RR at least once
  SourceSeconds seconds_;
  std::optional<std::int64_t> reported_s_;  // second of the last report
  Estimate rate_;                           // the last heart rate
  std::optional<Instant> counted_;          // when the last beat or value that counted was received
};

namespace {

void append(const HeartSample& sample, Capability capability, const Estimate& estimate,
            std::vector<Reading>& out) {
  out.push_back({.device = sample.device,
                 .capability = capability,
                 .quality = estimate.quality,
                 .value = estimate.value,
                 .text = {},
                 .live = true,
                 .received = sample.received});
}

void append_window(const HeartSample& sample, const WindowResult& window, std::vector<Reading>& out) {
  const auto known = window.reason.empty() ? Quality::good : Quality::doubtful;
  append(sample, Capability::hr_window60_bpm, estimate(window.clean.hr_bpm, known), out);
  append(sample, Capability::hr_window60_rmssd_ms, estimate(window.clean.rmssd_ms, known), out);
  append(sample, Capability::hr_window60_accepted, estimate(window.count.accepted_share(), Quality::good),
         out);
}

}  // namespace

void HeartTracker::Impl::add(const HeartSample& sample, std::vector<Reading>& out) {
  kept_ = 0;
  if (!possible(sample.stamp.t_us)) {
    ++counters_.implausible;
    return;
  }
  if (!in_order(sample.stamp)) {
    ++counters_.duplicates;
    return;
  }
  const bool empty = sample.rr_count == 0 && !sample.bpm;
  if (sample.contact == Contact::no || empty) {
    no_data(sample, out);
  } else if (sample.rr_count > 0) {
    add_beats(sample, out);
  } else if (!sends_rr_) {
    add_rate(sample, out);
  }
}

bool HeartTracker::Impl::would_take(const HeartSample& sample) const {
  return possible(sample.stamp.t_us) && order_.place_of(sample.stamp) != StreamOrder::Place::repeated;
}

bool HeartTracker::Impl::in_order(const StreamStamp& stamp) {
  switch (order_.add(stamp)) {
    case StreamOrder::Place::next:
      return true;
    case StreamOrder::Place::lost:
      counters_.lost_frames += order_.lost();
      cleaner_.interrupt();
      return true;
    case StreamOrder::Place::restarted:
      cleaner_.interrupt();
      forget_recent();
      return true;
    case StreamOrder::Place::repeated:
      break;
  }
  return false;
}

void HeartTracker::Impl::add_beats(const HeartSample& sample, std::vector<Reading>& out) {
  sends_rr_ = true;
  for_each_interval(sample, [&](double rr_ms, std::int64_t end_us) { add_beat(rr_ms, end_us, sample, out); });
  rate_ = recent_.heart_rate();
  if (frozen() && rate_.quality == Quality::good) {
    rate_.quality = Quality::doubtful;
  }
  report(sample, rate_, out);
}

void HeartTracker::Impl::add_beat(double rr_ms, std::int64_t arrival_us, const HeartSample& sample,
                                  std::vector<Reading>& out) {
  same_ms_ = rr_ms == last_rr_ms_ ? same_ms_ + rr_ms : 0;
  last_rr_ms_ = rr_ms;
  const auto beat = cleaner_.add(rr_ms, arrival_us);
  counters_.implausible += beat && beat->in_range ? 0U : 1U;
  if (!beat) {
    return;
  }
  ++counters_.beats;
  counters_.accepted += beat->accepted ? 1U : 0U;
  counters_.accepted -= beat->withdraws_previous ? 1U : 0U;
  counters_.gaps += beat->gap ? 1U : 0U;
  if (beat->in_range) {
    counted_ = sample.received;
  }
  if (beat->accepted) {
    kept_ms_.at(kept_++) = rr_ms;
  }
  recent_.add(cleaner_.beat_us(), *beat);
  if (beat->withdraws_previous) {
    respiration_.withdraw_last();
  }
  if (beat->accepted) {
    respiration_.add(cleaner_.beat_us(), rr_ms);
  }
  settled_.add(rr_ms, [&](const FlaggedBeat& flagged) {
    ++counters_.flagged.at(static_cast<std::size_t>(flagged.kind));
  });
  windows_.add(*beat,
               [&](double, double, const WindowResult& window) { append_window(sample, window, out); });
}

void HeartTracker::Impl::add_rate(const HeartSample& sample, std::vector<Reading>& out) {
  if (!plausible_rate(*sample.bpm)) {
    ++counters_.implausible;
    no_data(sample, out);
    return;
  }
  if (rates_.add(sample.stamp.t_us, *sample.bpm)) {
    counted_ = sample.received;
  }
  rate_ = rates_.heart_rate();
  report(sample, rate_, out);
}

// Said by the source itself. What was known stays on the screen until it is 10 s old (at()); the record has
// its gap.
void HeartTracker::Impl::no_data(const HeartSample& sample, std::vector<Reading>& out) {
  cleaner_.interrupt();
  report(sample, {}, out);
}

void HeartTracker::Impl::report(const HeartSample& sample, const Estimate& rate, std::vector<Reading>& out) {
  const std::int64_t second = seconds_.of(sample.stamp.t_us);
  if (second == reported_s_) {
    return;
  }
  reported_s_ = second;
  append(sample, Capability::hr_mean10_bpm, rate, out);
  if (sends_rr_) {
    const bool known = rate.quality != Quality::unknown && !frozen();
    append(sample, Capability::hr_rmssd60_ms, known ? recent_.rmssd() : Estimate{}, out);
  }
}

// Chain and gate begin anew too, so that the windows depend on nothing before them.
void HeartTracker::Impl::restart_windows() {
  cleaner_ = {};
  settled_ = {};
  windows_.restart();
}

void HeartTracker::Impl::forget_recent() {
  recent_.clear();
  rates_.clear();
  respiration_.clear();
  seconds_ = {};
  reported_s_.reset();
}

void HeartTracker::Impl::begin_anew() {
  restart_windows();
  forget_recent();
  rate_ = {};
  counted_.reset();
}

bool HeartTracker::Impl::fresh(Instant now) const {
  return counted_ && seconds_between(*counted_, now) <= fresh_s;
}

HeartNow HeartTracker::Impl::at(Instant now) const {
  HeartNow heart;
  if (!counted_) {
    return heart;
  }
  const double age_s = std::max(0.0, seconds_between(*counted_, now));
  heart.age_s = age_s;
  if (age_s <= fresh_s && rate_.quality != Quality::unknown) {
    heart.bpm = rate_.value;
    heart.quality = rate_.quality;
  }
  return heart;
}

HeartVariability HeartTracker::Impl::variability(Instant now) const {
  HeartVariability result;
  if (!sends_rr_ || !fresh(now) || rate_.quality == Quality::unknown || frozen()) {
    return result;
  }
  const auto known = [](const Estimate& of) {
    return of.quality == Quality::unknown ? std::nullopt : std::optional{of.value};
  };
  const auto rmssd = recent_.rmssd();
  result.rmssd_ms = known(rmssd);
  result.rmssd_quality = rmssd.quality;
  result.sdnn_ms = known(recent_.sdnn());
  result.pnn50_pct = known(recent_.pnn50());
  return result;
}

std::optional<double> HeartTracker::Impl::respiration_per_min(Instant now, std::optional<double> swing_hz) {
  // Refused together with RMSSD: too many beats missing.
  return variability(now).rmssd_ms ? respiration_.per_min(swing_hz) : std::nullopt;
}

HeartTracker::HeartTracker() : impl_(std::make_unique<Impl>()) {}
HeartTracker::~HeartTracker() = default;
HeartTracker::HeartTracker(HeartTracker&&) noexcept = default;
HeartTracker& HeartTracker::operator=(HeartTracker&&) noexcept = default;

void HeartTracker::add(const HeartSample& sample, std::vector<Reading>& out) { impl_->add(sample, out); }
bool HeartTracker::would_take(const HeartSample& sample) const { return impl_->would_take(sample); }
void HeartTracker::restart_windows() { impl_->restart_windows(); }
void HeartTracker::begin_anew() { impl_->begin_anew(); }
HeartVariability HeartTracker::variability(Instant now) const { return impl_->variability(now); }
std::optional<double> HeartTracker::respiration_per_min(Instant now, std::optional<double> swing_hz) {
  return impl_->respiration_per_min(now, swing_hz);
}
bool HeartTracker::sends_rr() const { return impl_->sends_rr(); }
std::span<const double> HeartTracker::accepted_of_last_frame() const {
  return impl_->accepted_of_last_frame();
}
HeartNow HeartTracker::at(Instant now) const { return impl_->at(now); }
const HeartTracker::Counters& HeartTracker::counters() const { return impl_->counters(); }

}  // namespace rytme::signals
