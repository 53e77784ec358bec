// SPDX-License-Identifier: Apache-2.0
#include "controller/session/follow.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace rytme::session {
namespace {

// Leading down: the higher the level, the slower. Level 0-4.
constexpr std::array<double, 5> rate_of_level{1.0, 1.0, 0.75, 0.5, 0.25};
constexpr int ceiling_level = 3;                   // of regulate-up
constexpr std::chrono::seconds least_between{10};  // two changes of pace
constexpr std::chrono::seconds longest_hold{60};

constexpr std::array<std::string_view, 4> step_names{"programme", "slower", "hold", "lead_down"};

constexpr double seconds_per_min = 60.0;
constexpr double most_off = 0.08;      // the tempo, of the programme's
constexpr double stay_within = 0.07;   // n : 1, to stay locked: what is left brings the beat to its place
constexpr double catch_within = 0.06;  // to lock
constexpr int most_beats = 8;          // per swing
// Half of the last stage's 1 %/s, so that the way back to an even tempo is always there.
constexpr double bend_per_s = 0.005;
constexpr double settle_s = 3.0;  // near the beat the rest of the error goes away over this time

double nearest_turn(double turns) { return turns - std::round(turns); }

bool fits(double bpm, double programme_bpm, double within) {
  return programme_bpm > 0 && std::abs(bpm / programme_bpm - 1.0) <= within;
}

// How much faster than the swing the beat runs to get from `behind` beats to 0 without passing it.
double bend(double behind, double beats_per_s) {
  const double way = std::abs(behind) / beats_per_s;  // seconds of beat
  const double braking = std::sqrt(2.0 * bend_per_s * way);
  return std::copysign(std::min({most_off, braking, way / settle_s}), behind);
}

}  // namespace

std::string_view name_of(PaceFollow::Step step) { return step_names[static_cast<std::size_t>(step)]; }

std::optional<PaceFollow::Decision> PaceFollow::step(const ArousalSense& sense, Instant now) {
  const Decision next = wanted(sense, now);
  if (next.step == now_.step && next.rate == now_.rate) return std::nullopt;
  const bool eases = next.step < Step::hold && now_.step < Step::hold;
  if (eases && changed_at_ && now - *changed_at_ < least_between) return std::nullopt;
  now_ = next;
  changed_at_ = now;
  return now_;
}

PaceFollow::Decision PaceFollow::wanted(const ArousalSense& sense, Instant now) {
  if (now_.step == Step::lead_down) return now_;  // it does not turn round again in this session
  if (!sense.level || sense.confidence < follow_confidence) return unsure(sense.response);
  const int level = std::clamp(*sense.level, 0, 4);
  if (direction_ == Direction::up) return above_ceiling(level, now);
  const double rate = direction_ == Direction::down ? rate_of_level[static_cast<std::size_t>(level)] : 1.0;
  if (rate < 1) return {Step::slower, rate, "the index is high"};
  return {Step::programme, 1, "the index is not high"};
}

// A room that cannot see anyone never escalates: from a hold it goes down, not on.
PaceFollow::Decision PaceFollow::unsure(Response response) const {
  if (response <= Response::hold) return now_;  // none: the ladder has not looked yet
  if (now_.step == Step::hold) return {Step::lead_down, 0, "above the ceiling, then unknown"};
  return {Step::programme, 1, "the index is not known"};
}

PaceFollow::Decision PaceFollow::above_ceiling(int level, Instant now) {
  const bool above = level >= ceiling_level;
  if (above) below_since_.reset();
  if (now_.step != Step::hold) {
    if (!above) return {Step::programme, 1, "the index is not above the ceiling"};
    held_since_ = now;
    return {Step::hold, 0, "the index is above the ceiling"};
  }
  if (!above && !below_since_) below_since_ = now;
  if (below_since_ && now - *below_since_ >= least_between)
    return {Step::programme, 1, "the index is below the ceiling again"};
  // A short dip does not begin the minute anew.
  if (above && now - held_since_ >= longest_hold)
    return {Step::lead_down, 0, "the index has stayed above the ceiling"};
  return now_;
}

SwingLock::Decision SwingLock::step(const Input& input) {
  const bool was = locked();
  Decision out{.bpm = input.programme_bpm};
  const auto freed = [&](std::string_view reason) {
    beats_ = 0;
    out.changed = was;
    out.reason = reason;
    return out;
  };
  if (!input.swing || !(input.swing->hz > 0)) return freed("no swing is known");
  if (!was && !input.swing->sure) return freed("no swing is sure");
  const double per_min = input.swing->hz * seconds_per_min;
  if (!was) beats_ = std::clamp(static_cast<int>(std::lround(input.programme_bpm / per_min)), 1, most_beats);
  if (!fits(beats_ * per_min, input.programme_bpm, was ? stay_within : catch_within))
    return freed("no whole number of beats per swing is near enough to the tempo");
  const double turns = input.swing->phase_rad / (2.0 * std::numbers::pi);
  const double behind = nearest_turn(beats_ * turns - input.beat_phase);
  out.locked = true;
  out.beats = beats_;
  out.changed = !was;
  out.reason = "a swing is sure";
  out.error_deg = behind / beats_ * 360.0;
  const double bpm = beats_ * per_min * (1.0 + bend(behind, beats_ * input.swing->hz));
  out.bpm = std::clamp(bpm, input.programme_bpm * (1 - most_off), input.programme_bpm * (1 + most_off));
  return out;
}

}  // namespace rytme::session
