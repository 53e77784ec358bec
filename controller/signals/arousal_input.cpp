// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_input.hpp"

#include <algorithm>
#include <cmath>

#include "controller/signals/beat_gate.hpp"

namespace rytme::signals {

namespace {

constexpr double believed_step_s = 5;
constexpr double clock_limit_s = 1e9;  // 31 years: beyond it the number is no time
constexpr double most_mad_g = 8;

double share(double value, ArousalCounters& counters) {
  if (value >= 0 && value <= 1) {
    return value;
  }
  ++counters.bad_quality;
  return std::isnan(value) ? 0 : std::clamp(value, 0.0, 1.0);
}

}  // namespace

std::optional<double> SecondClock::advance(double t_s, ArousalCounters& counters) {
  if (!(std::abs(t_s) < clock_limit_s)) {
    ++counters.refused;
    return std::nullopt;
  }
  const double dt_s = last_s_ ? t_s - *last_s_ : 0;
  if (last_s_ && dt_s <= 0 && dt_s >= -believed_step_s) {
    ++counters.refused;
    return std::nullopt;
  }
  stepped_ = std::abs(dt_s) > believed_step_s;
  counters.clock_steps += stepped_ ? 1U : 0U;
  ++counters.seconds;
  last_s_ = t_s;
  return stepped_ ? 1.0 : dt_s;
}

ArousalInput plausible(const ArousalInput& input, ArousalCounters& counters) {
  ArousalInput result = input;
  if (input.hr10_bpm && !(*input.hr10_bpm > 0 && rr_in_range(60'000 / *input.hr10_bpm))) {
    ++counters.bad_heart;
    result.hr10_bpm.reset();
  }
  if (input.body_mad_g && !(*input.body_mad_g >= 0 && *input.body_mad_g <= most_mad_g)) {
    ++counters.bad_movement;
    result.body_mad_g.reset();
  }
  result.signal_quality = share(input.signal_quality, counters);
  result.accepted_share = share(input.accepted_share, counters);
  return result;
}

}  // namespace rytme::signals
