// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/beat_chain.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double gap_us = 1.5e6;
constexpr double gap_in_rr = 2.0;
// Share of the arrival error taken over per beat: half of an error is gone after 14 beats, so one late
// notification (up to 1 s with BLE) moves a beat by at most 50 ms.
constexpr double anchor_gain = 0.05;
constexpr std::int64_t clock_limit_us = 1'000'000'000'000'000;

}  // namespace

BeatChain::Link BeatChain::add(double rr_ms, std::optional<std::int64_t> arrival_us) {
  if (arrival_us && (*arrival_us > clock_limit_us || *arrival_us < -clock_limit_us)) {
    arrival_us.reset();
  }
  const bool begins = !begun_;
  begun_ = true;
  const double predicted = since_origin_us_ + rr_ms * 1e3;
  if (!arrival_us) {
    since_origin_us_ = predicted;
    return begins ? Link::begins : Link::continues;
  }
  const double error = static_cast<double>(*arrival_us - origin_us_) - predicted;
  const bool gap = std::abs(error) > std::max(gap_us, gap_in_rr * rr_ms * 1e3);
  if (begins || gap) {
    origin_us_ = *arrival_us;
    since_origin_us_ = 0;
    return begins ? Link::begins : Link::gap;
  }
  since_origin_us_ = predicted + anchor_gain * error;
  return Link::continues;
}

std::int64_t BeatChain::beat_us() const { return origin_us_ + std::llround(since_origin_us_); }

}  // namespace rytme::signals
