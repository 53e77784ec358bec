// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/motion_tracker.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double most_acceleration = 400;  // m/s²: 40 g, beyond the sensors used
constexpr double most_rate = 70;           // rad/s: 4000 °/s
constexpr std::int64_t gap_us = 500'000;
constexpr std::int64_t frozen_us = 500'000;
constexpr std::int64_t step_us = 10'000'000;
constexpr std::int64_t clock_limit_us = 1'000'000'000'000'000;  // 31 years of uptime
constexpr double moves_mps2 = 0.35;                             // about twice what a sensor's own noise makes
constexpr std::int64_t memory_s = 60;
constexpr std::int64_t fresh_s = 3;

bool within(const Vector3& v, double most) {
  return std::all_of(v.begin(), v.end(), [most](double x) { return std::abs(x) <= most; });  // false for NaN
}

bool plausible(const MotionSample& sample) {
  return sample.t_us >= 0 && sample.t_us <= clock_limit_us &&
         within(sample.acceleration, most_acceleration) && (!sample.rate || within(*sample.rate, most_rate));
}

// Columns of equal length, gyroscope all three or none, one step or one less than samples.
bool well_formed(const MotionFrame& frame) {
  const std::size_t n = frame.ax.size();
  const auto fits = [n](std::size_t size) { return size == n; };
  const bool steps = frame.step_us.size() == 1 || frame.step_us.size() + 1 == n || n == 1;
  const bool gyro = fits(frame.gx.size()) && fits(frame.gy.size()) && fits(frame.gz.size());
  const bool none = frame.gx.empty() && frame.gy.empty() && frame.gz.empty();
  return n > 0 && n <= MotionFrame::max_samples && fits(frame.ay.size()) && fits(frame.az.size()) && steps &&
         (gyro || none);
}

}  // namespace

void MotionTracker::add(const MotionFrame& frame) {
  ++counters_.frames;
  if (!well_formed(frame)) {
    ++counters_.malformed;
    return;
  }
  if (!in_order(frame.stamp)) {
    ++counters_.duplicates;
    return;
  }
  // Within a boot a clock does not go back; this one has been set.
  if (last_us_ && frame.stamp.t_us < *last_us_ - gap_us) {
    ++counters_.clock_steps;
    restart();
  }
  std::int64_t t_us = std::clamp<std::int64_t>(frame.stamp.t_us, -1, clock_limit_us + 1);
  for (std::size_t i = 0; i < frame.ax.size(); ++i) {
    MotionSample sample{.t_us = t_us, .acceleration = {frame.ax[i], frame.ay[i], frame.az[i]}, .rate = {}};
    if (!frame.gx.empty()) {
      sample.rate = {frame.gx[i], frame.gy[i], frame.gz[i]};
    }
    add(sample);
    if (!frame.step_us.empty()) {
      t_us += frame.step_us[std::min(i, frame.step_us.size() - 1)];
    }
  }
}

bool MotionTracker::in_order(const StreamStamp& stamp) {
  switch (order_.add(stamp)) {
    case StreamOrder::Place::repeated:
      return false;
    case StreamOrder::Place::lost:
      counters_.lost_frames += order_.lost();
      return true;
    case StreamOrder::Place::restarted:
      ++counters_.restarts;
      restart();
      return true;
    case StreamOrder::Place::next:
      return true;
  }
  return true;
}

void MotionTracker::restart() {
  body_.clear();
  last_us_.reset();
  second_.reset();
  first_second_.reset();
  moved_second_.reset();
  swung_second_.reset();
}

void MotionTracker::add(const MotionSample& sample) {
  ++counters_.samples;
  if (!plausible(sample)) {
    ++counters_.implausible;
    return;
  }
  if (last_us_ && sample.t_us <= *last_us_) {
    ++counters_.disordered;
    return;
  }
  if (frozen(sample)) {
    ++counters_.frozen;
    return;
  }
  if (last_us_ && sample.t_us - *last_us_ > gap_us) {
    ++counters_.gaps;
    if (sample.t_us - *last_us_ > step_us) {
      ++counters_.clock_steps;
      restart();
    }
  }
  last_us_ = sample.t_us;
  if (const auto second = body_.add(sample.t_us, sample.acceleration, sample.rate)) {
    note(*second);
  }
}

// A sensor's noise never stands still: the same digits for half a second are a sensor that has stopped.
bool MotionTracker::frozen(const MotionSample& sample) {
  const bool same = last_us_ && sample.acceleration == before_.acceleration && sample.rate == before_.rate;
  if (!same) {
    before_ = sample;
    same_since_us_ = sample.t_us;
  }
  return same && sample.t_us - same_since_us_ > frozen_us;
}

void MotionTracker::note(const BodySecond& second) {
  second_ = second;
  if (!first_second_) {
    first_second_ = second.second;
  }
  const SwingNow swing = body_.swing().at(*last_us_);
  if ((second.mad_mps2 > moves_mps2 && !second.pendulum_inside) || swing.pumping.value_or(0) > 0) {
    moved_second_ = second.second;
  }
  if (swing.frequency_hz || second.pendulum_inside) {
    swung_second_ = second.second;
  }
}

std::optional<bool> MotionTracker::occupied(std::int64_t t_us, const SwingNow& swing) const {
  const std::int64_t now = t_us / 1'000'000;
  const auto since = [now](const std::optional<std::int64_t>& second) {
    return second && now - *second <= memory_s;
  };
  if (!second_ || now - second_->second > fresh_s) {
    return std::nullopt;
  }
  if (since(moved_second_)) {
    return true;
  }
  const bool long_enough = now - *first_second_ > memory_s;
  return long_enough && !since(swung_second_) && !swing.frequency_hz ? std::optional(false) : std::nullopt;
}

MotionNow MotionTracker::at(std::int64_t t_us) const {
  MotionNow now{.swing = body_.swing().at(t_us), .body_mad_mps2 = {}, .occupied = {}};
  if (second_ && !second_->pendulum_inside && t_us / 1'000'000 - second_->second <= fresh_s) {
    now.body_mad_mps2 = second_->mad_mps2;
  }
  now.occupied = occupied(t_us, now.swing);
  return now;
}

}  // namespace rytme::signals
