// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/lamp_judge.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rytme::test {
namespace {

constexpr std::chrono::milliseconds grid{100};
constexpr std::chrono::seconds judge_every{60};
constexpr std::chrono::seconds stop_ramp{5};
constexpr double overlap_s = 1.5;  // the windows of the next judgement begin in this one

// Design §6: 0.30/s activating, 0.60/s the ceiling, which a repeated stop may come near. A second of a
// fixture that is stepped every 100 ms holds eleven steps.
constexpr double change_in_1s = 0.30 * 1.1;
constexpr double change_in_1s_of_stop = 0.60 * 1.1;
// Of a stepped one, what is sent while a reply is lost arrives at once: 0.4 s of it and no more.
constexpr double gathered = 0.30 * 0.4;
constexpr double step_of_faded = 1e-6;

double in_seconds(Instant t) { return seconds_between(Instant{}, t); }

}  // namespace

LampJudge::LampJudge(Lamp lamp, Report report) : lamp_(std::move(lamp)), report_(std::move(report)) {}

double LampJudge::linear_at(Instant now) const { return linear_from_level(lamp_.curve, lamp_.level_at(now)); }

void LampJudge::add(Instant at) {
  trace_.push_back({in_seconds(at), linear_at(at)});
  sampled_ = at;
}

// A lamp fades evenly: two samples that are the same end it.
void LampJudge::catch_up(Instant now) {
  while (moving_ && sampled_ + grid <= now) {
    const double before = trace_.empty() ? -1 : trace_.back().linear;
    add(sampled_ + grid);
    moving_ = trace_.back().linear != before;
  }
}

void LampJudge::before_command(Instant now) {
  catch_up(now);
  if (now - judged_ > judge_every) {
    judge();
    judged_ = now;
  }
  add(now);
}

void LampJudge::after_command(Instant now, bool of_stop) {
  if (of_stop) stop_until_ = now + stop_ramp;
  stop_seen_ = stop_seen_ || now < stop_until_;
  add(now);
  moving_ = true;
}

void LampJudge::own_change(Instant now) {
  catch_up(now);
  judge();
  trace_.clear();
  add(now);
  moving_ = false;
}

void LampJudge::judge() {
  if (trace_.size() < 2) return;
  const auto seen = analyse_light(trace_);
  // Rounding to the lamp's own steps, where linear light changes fastest with them.
  const double rounding = 2 * (1 - linear_from_level(lamp_.curve, 1 - lamp_.grain));
  const double at_s = trace_.back().t_s;
  const auto say = [&](const char* judge, double value, double limit) {
    report_(judge, fmt::format("{}: {:.3f} where {:.3f} is allowed, in the {:.1f} s before {:.1f}",
                               lamp_.name, value, limit, at_s - trace_.front().t_s, at_s));
  };
  if (seen.flashes_in_1s > 1) say("flash", seen.flashes_in_1s, 1);
  const double most_step = (lamp_.steps ? gathered : step_of_faded) + rounding;
  if (seen.largest_step > most_step) say("light step", seen.largest_step, most_step);
  const double most_change =
      (stop_seen_ ? change_in_1s_of_stop : change_in_1s) + (lamp_.steps ? gathered : 0) + rounding;
  if (seen.change_in_1s > most_change) say("slew", seen.change_in_1s, most_change);
  const double keep_from = at_s - overlap_s;
  trace_.erase(trace_.begin(), std::find_if(trace_.begin(), trace_.end() - 1,
                                            [&](const LightPoint& point) { return point.t_s >= keep_from; }));
  stop_seen_ = sampled_ < stop_until_;
}

}  // namespace rytme::test
