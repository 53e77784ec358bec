// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/light_track.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{100};          // no two commands closer; transitions are whole ticks
constexpr double piece_s = 4.0;            // long glides are cut into commands of 2-4 s
constexpr double longest_step_s = 0.5;     // a slow bus earns no larger steps than this time's worth
constexpr double reach_s = 0.4;            // steps that may gather on the way to a stepped light
constexpr milliseconds ask_again{500};     // a step that it does not confirm
constexpr double longest_pause_s = 2.0;    // between two steps of a slow glide
constexpr double level_grain = 1.0 / 254;  // finer steps are below what fixtures resolve
constexpr double cct_kelvin_per_s = 500.0;
constexpr double known_within = 0.02;      // of level; a report this near is what we sent
constexpr milliseconds usual_way{200};     // to the device and its answer back
constexpr std::chrono::seconds settle{2};  // after a fade, reports are the device's own again
constexpr milliseconds rounded_up{1000};   // a broker counts a command's age in whole seconds
constexpr double stop_shortest_s = 2.0;
constexpr double stop_longest_s = 2.7;
constexpr double stop_slew_per_s = slew_activating_per_s;

static_assert(slew_calming_per_s <= slew_ceiling_per_s && slew_activating_per_s <= slew_ceiling_per_s);
static_assert(slew_ceiling_per_s <= 0.60,
              "a general flash needs 0.2 of light: more than 3 per second beyond this");

bool is_known(const Whereabouts& place) { return place.high - place.low < 1e-9; }

Whereabouts hull(const Whereabouts& a, const Whereabouts& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high), b.best};
}

milliseconds whole_ticks(double seconds) {
  constexpr double per_s = 1000.0 / static_cast<double>(tick.count());
  const double ticks = std::max(1.0, std::ceil(seconds * per_s - 1e-6));
  return tick * static_cast<milliseconds::rep>(ticks);
}

double in_seconds(milliseconds value) { return std::chrono::duration<double>(value).count(); }

// Part of the way that `seconds` of the `left` ones are; 1: the whole way.
double share_of(double seconds, double left) { return left > seconds ? seconds / left : 1.0; }

}  // namespace

LightTrack::LightTrack(const Fixture& fixture)
    : fixture_(fixture),
      standing_(slew_activating_per_s * std::max(in_seconds(fixture.min_interval), reach_s)) {
  fixture_.safe.level = std::min(fixture_.safe.level, fixture_.level_max);
  // Nothing is known of the device: it may be anywhere; the safe level is as good a guess as any for
  // stepping.
  rest_at({0.0, 1.0, level_from_linear(fixture_.curve, fixture_.safe.level)}, Instant{});
  fade_.cct_from = fade_.cct_to = fixture_.safe.cct_k;
}

void LightTrack::rest_at(const Whereabouts& place, Instant now) {
  fade_.cct_from = fade_.cct_to = cct_at(now);
  fade_.start = fade_.end = now;
  fade_.from = fade_.to = place;
  fade_.answered = true;
  fade_.late = {};
}

Whereabouts LightTrack::told(Instant now) const {
  if (now >= fade_.end) return fade_.to;
  const double share = seconds_between(fade_.start, now) / seconds_between(fade_.start, fade_.end);
  return {std::lerp(fade_.from.low, fade_.to.low, share), std::lerp(fade_.from.high, fade_.to.high, share),
          std::lerp(fade_.from.best, fade_.to.best, share)};
}

// A command that came late began late, and one that nobody answered may not have begun.
Whereabouts LightTrack::at(Instant now) const {
  if (!fade_.answered && now - fade_.start >= usual_way) return hull(told(now), fade_.from);
  return hull(told(now), told(now - fade_.late));
}

void LightTrack::answer(double level, Instant now) {
  if (fade_.answered || std::abs(level - told_level_) > known_within) return;
  fade_.answered = true;
  const auto took = now - fade_.start;
  if (took < usual_way) return;
  fade_.late = took;
  if (pending_ && next_ == told_until_) next_ += took;
  told_until_ += took;
}

double LightTrack::cct_at(Instant now) const {
  if (now >= fade_.end) return fade_.cct_to;
  const double share = seconds_between(fade_.start, now) / seconds_between(fade_.start, fade_.end);
  return std::lerp(fade_.cct_from, fade_.cct_to, share);
}

double LightTrack::linear_at(Instant now) const { return linear_from_level(fixture_.curve, at(now).best); }

milliseconds LightTrack::interval() const { return std::max(fixture_.min_interval, tick); }

void LightTrack::aim(const LightWish& wish, Instant now) {
  settle_stop(now);
  if (stopping_) {
    waiting_ = wish;
    return;
  }
  set_target(wish, now);
}

void LightTrack::set_target(const LightWish& wish, Instant now) {
  LightScene scene = wish.scene;
  if (scene.cct_k <= 0) scene.cct_k = target_.cct_k;
  scene.level = std::min(scene.level, fixture_.level_max);
  const bool there = aimed_ && !pending_ && is_known(fade_.to) && scene == target_;
  const bool moved_by_others =
      std::abs(linear_from_level(fixture_.curve, fade_.to.best) - scene.level) > 1e-6;
  target_ = scene;
  aimed_ = true;
  slew_per_s_ = std::min({wish.slew_per_s, fixture_.slew_per_s, slew_ceiling_per_s});
  if (there && !moved_by_others) return;
  glide_end_ = now + seconds(wish.glide_s);
  origin_ = wish.origin;
  pending_ = true;
  next_ = std::max(now, earliest_);
  if (set_at_) next_ = std::max(next_, *set_at_ + fixture_.min_dwell);
  new_aim_ = true;
}

void LightTrack::settle_stop(Instant now) {
  if (!stopping_ || !released_ || pending_ || now < fade_.end) return;
  stopping_ = released_ = false;
  slew_per_s_ = std::min(slew_calming_per_s, fixture_.slew_per_s);
  if (waiting_) set_target(*waiting_, now);
  waiting_.reset();
}

void LightTrack::stop(const std::string& origin, Instant now) {
  waiting_.reset();
  settle_stop(now);
  const bool again = stopping_;
  released_ = false;
  stopping_ = aimed_ = true;
  target_ = fixture_.safe;
  slew_per_s_ = slew_ceiling_per_s;
  origin_ = origin;
  if (!again) {
    stop_from_ = at(now);
    ramp_end_.reset();
  }
  if (again && pending_ && !fixture_.fades_itself) {  // its steps go on; it is told at once where it is
    tell_again_ = now;
    return;
  }
  new_ramp_ = pending_ = true;
  next_ = now;
}

// Laid when the command goes out, so that its time is whole. A repetition must not hurry a device that missed
// the first command, so it takes at least what the ceiling asks from where the light was at the stop.
void LightTrack::begin_stop_ramp(Instant now) {
  const Whereabouts from = hull(stop_from_, at(now));
  const double to = level_from_linear(fixture_.curve, fixture_.safe.level);
  double gentle = ramp_seconds(fixture_.curve, from, to, stop_slew_per_s);
  double fastest = ramp_seconds(fixture_.curve, from, to, slew_ceiling_per_s);
  if (!fixture_.fades_itself) {
    gentle = std::abs(linear_at(now) - fixture_.safe.level) / stop_slew_per_s;
    fastest = 0;
  }
  const double ramp = std::clamp(gentle, stop_shortest_s, stop_longest_s);
  const double rest = ramp_end_ && now < *ramp_end_ ? seconds_between(now, *ramp_end_) : ramp;
  glide_end_ = now + seconds(std::max(rest, fastest));
  ramp_end_ = glide_end_;
  new_ramp_ = false;
}

void LightTrack::took(double linear) {
  if (standing_.said(linear) && held_) next_ = earliest_;
}

void LightTrack::observed(double linear, Instant now) {
  const double level = level_from_linear(fixture_.curve, linear);
  if (!fixture_.fades_itself) took(linear);
  answer(level, now);
  if (commanded_ && now < told_until_ + settle) return;  // an echo of ours, or a value on the way
  const Whereabouts here = at(now);
  if (!commanded_ && may_be_echo(level, now)) {  // the answer to a command that was sent before it was lost
    rest_at(hull(here, exactly(level)), now);
    seen_.reset();
    return;
  }
  seen_ = Seen{level, now};
  if (!commanded_ || !fixture_.fades_itself) {  // not known before, or lost since: its word is all there is
    rest_at(exactly(level), now);
  } else if (std::abs(level - here.best) > known_within) {
    rest_at(hull(here, exactly(level)), now);  // it moved, or the report is old: be right in both cases
  }
}

bool LightTrack::may_be_echo(double level, Instant now) const {
  return fixture_.fades_itself && told_levels_.may_answer(level, known_within, now);
}

void LightTrack::lost(Instant now) {
  rest_at({0.0, 1.0, at(now).best}, now);
  standing_.forget();
}

void LightTrack::reassert(Instant now) {
  const bool just_seen = seen_ && now - seen_->when <= settle;
  const double darker = std::min(at(now).best, level_from_linear(fixture_.curve, target_.level));
  if (just_seen)
    rest_at(exactly(seen_->level), now);
  else
    rest_at({0.0, 1.0, aimed_ ? darker : at(now).best}, now);
  commanded_ = false;  // until the next command, what it reports is its own
  if (!aimed_) return;
  pending_ = true;
  new_ramp_ = stopping_;
  if (stopping_) stop_from_ = at(now);
  ramp_end_.reset();
  glide_end_ = now;
  next_ = std::max(now, earliest_);
}

std::optional<LightOrder> LightTrack::due(Instant now) {
  settle_stop(now);
  const bool again = std::exchange(tell_again_, {}).has_value();
  if (!again && (!pending_ || now < next_)) return std::nullopt;
  if (fixture_.confirms && !standing_.known()) {  // what can be told anything says where it stands
    held_ = true;
    next_ = now + ask_again;
    return std::nullopt;
  }
  if (again && now < next_) return begin(at(now).best, std::nullopt, milliseconds{0}, now);
  if (new_ramp_) begin_stop_ramp(now);
  return fixture_.fades_itself ? fade_order(now) : step_order(now);
}

Instant LightTrack::next_wake() const {
  if (tell_again_) return *tell_again_;
  if (pending_) return next_;
  return waiting_ ? fade_.end : Instant::max();
}

double LightTrack::piece_seconds(const Whereabouts& here, double target_level, double left,
                                 Instant now) const {
  const bool colour = fixture_.has_cct && target_.cct_k > 0 && !stopping_;
  const double colour_s = colour ? std::abs(target_.cct_k - cct_at(now)) / cct_kelvin_per_s : 0.0;
  const double light_s = ramp_seconds(fixture_.curve, here, target_level, slew_per_s_);
  const double whole = std::max({light_s, left, colour_s});
  if (stopping_ || !is_known(here)) return whole;  // where the light is unknown, no point on the way is safe
  return whole <= piece_s ? whole : whole / std::ceil(whole / piece_s);
}

LightOrder LightTrack::fade_order(Instant now) {
  const Whereabouts here = at(now);
  const double target_level = level_from_linear(fixture_.curve, target_.level);
  const double left = seconds_between(now, glide_end_);
  const auto at_most = [this](milliseconds time) {
    return fixture_.transition_max.count() > 0 ? std::min(time, fixture_.transition_max) : time;
  };
  milliseconds transition = at_most(whole_ticks(piece_seconds(here, target_level, left, now)));
  const double duration = in_seconds(transition);
  const double share = share_of(duration, left);
  double to = target_level;
  if (is_known(here)) {
    const double wanted = level_from_linear(fixture_.curve, std::lerp(linear_at(now), target_.level, share));
    to = farthest_level(fixture_.curve, here.best, wanted, slew_per_s_, duration);
  }
  // Kept back by the broker, it begins where the fade ends that it was to turn.
  const double from_end_s = ramp_seconds(fixture_.curve, fade_.to, to, slew_activating_per_s);
  if (!stopping_) transition = std::max(transition, at_most(whole_ticks(from_end_s)));
  const auto cct = next_cct(share, duration, now);
  pending_ = to != target_level || (cct && *cct != target_.cct_k);
  next_ = now + transition;
  const LightOrder order = begin(to, cct, transition, now);
  wait_for_colour(cct);
  return order;
}

// A slow glide takes a step no oftener than the fixture can show one.
double LightTrack::step_seconds(double here_linear, double left) const {
  const double shortest = in_seconds(interval());
  if (stopping_) return shortest;
  const double way = std::abs(level_from_linear(fixture_.curve, target_.level) -
                              level_from_linear(fixture_.curve, here_linear));
  return std::max(shortest, std::min(longest_pause_s, left / std::max(1.0, way / level_grain)));
}

LightOrder LightTrack::step_order(Instant now) {
  const double here = fixture_.confirms ? standing_.nearest(target_.level) : linear_at(now);
  const double left = seconds_between(now, glide_end_);
  const double pause = step_seconds(here, left);
  const double share = share_of(pause, left);
  const double wanted = std::lerp(here, target_.level, share);
  const double most = slew_per_s_ * std::min(in_seconds(interval()), longest_step_s);
  double linear = std::clamp(wanted, here - most, here + most);
  if (fixture_.confirms) linear = standing_.within(linear);
  const auto cct = next_cct(share, std::min(pause, longest_step_s), now);
  pending_ = linear != target_.level || (cct && *cct != target_.cct_k);
  next_ = now + seconds(pause);
  held_ = linear == here && linear != target_.level;
  if (held_) next_ = std::max(next_, now + ask_again);
  const LightOrder order = begin(level_from_linear(fixture_.curve, linear), cct, milliseconds{0}, now);
  wait_for_colour(cct);
  return order;
}

std::optional<double> LightTrack::next_cct(double share, double duration, Instant now) {
  if (!fixture_.has_cct || target_.cct_k <= 0) return std::nullopt;
  // From what it was told, wherever its own fade is: some lamps change colour at once.
  return red_.pass(fade_.cct_to, wanted_cct(share, duration, now), whole_ticks(duration), now);
}

double LightTrack::wanted_cct(double share, double duration, Instant now) const {
  if (stopping_) return target_.cct_k;
  const double here = cct_at(now);
  const double most = cct_kelvin_per_s * duration;
  return std::clamp(std::lerp(here, target_.cct_k, share), here - most, here + most);
}

// The level has arrived and only the red rule holds the colour back: nothing to say until it may move.
void LightTrack::wait_for_colour(std::optional<double> cct) {
  const bool at_border =
      cct && *cct != target_.cct_k && is_saturated_red(*cct) != is_saturated_red(target_.cct_k);
  if (at_border && fade_.to.best == level_from_linear(fixture_.curve, target_.level))
    next_ = std::max(next_, red_.opens());
}

LightOrder LightTrack::begin(double to_level, std::optional<double> cct, milliseconds transition,
                             Instant now) {
  const double cct_here = cct_at(now);
  fade_ = Fade{now,      now + transition,       at(now),           exactly(to_level),
               cct_here, cct.value_or(cct_here), !fixture_.answers, {}};
  if (std::exchange(new_aim_, false)) set_at_ = now;
  commanded_ = true;
  told_level_ = to_level;
  told_until_ = fade_.end;
  told_levels_.told(to_level, told_until_ + command_expiry + rounded_up, now);
  standing_.told(linear_from_level(fixture_.curve, to_level));
  seen_.reset();  // what it reported before this is history
  earliest_ = now + interval();
  return {to_level, cct, transition, linear_from_level(fixture_.curve, to_level)};
}

}  // namespace rytme::safety
