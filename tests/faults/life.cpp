// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/life.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace rytme::test {
namespace {

constexpr double between_interludes_s = 1800;
constexpr double long_time_s = 4500;  // in which nobody may come, and what was begun has to end by itself
constexpr double rest_s = 20;         // after the last fault, until the room is asked

}  // namespace

Life::Life(const settings::House& usual, const settings::House& other, std::uint64_t seed,
           std::uint64_t told_from)
    : seed_(seed),
      told_from_(told_from),
      random_(seed, 60),
      usual_(usual),
      other_(other),
      room_(usual, seed,
            [this](const std::string& judge, const std::string& what) {
              tell("BREACH " + judge + ": " + what);
              breaches_.push_back({judge, what, room_.steps(), seconds_since_birth()});
            }),
      birth_(room_.now().steady) {}

void Life::tell(const std::string& what) const {
  if (room_.steps() >= told_from_)
    fmt::print("{:10} {:9.2f} s  {}\n", room_.steps(), seconds_since_birth(), what);
}

void Life::later(double in_s, std::function<void()> what) {
  plans_.emplace(room_.now().steady + seconds(in_s), std::move(what));
}

void Life::run_for(double time_s) {
  const auto end = room_.now().steady + seconds(time_s);
  while (breaches_.empty() && !plans_.empty() && plans_.begin()->first <= end) {
    room_.run_until(std::max(plans_.begin()->first, room_.now().steady));
    const auto what = std::move(plans_.begin()->second);
    plans_.erase(plans_.begin());
    what();
  }
  if (breaches_.empty()) room_.run_until(end);
}

void Life::live(double hours) {
  double time_s = 0;
  for (double left_s = hours * 3600; left_s > 0 && breaches_.empty(); left_s -= time_s) {
    // Some half hours are busy, some are calm.
    press_mean_s_ = 3 * std::pow(300, pick(0, 1));
    fault_mean_s_ = 4 * std::pow(150, pick(0, 1));
    quiet_ = false;
    const bool lonely = random_.chance(0.2);
    time_s = std::min(left_s, lonely ? long_time_s : between_interludes_s);
    if (lonely) press_mean_s_ = 1200;
    later(random_.exponential(press_mean_s_), [this] { press(1); });
    later(random_.exponential(press_mean_s_), [this] { press(2); });
    later(random_.exponential(fault_mean_s_), [this] { fault(); });
    run_for(time_s);
    if (!breaches_.empty()) return;
    quiet_ = true;
    run_for(130);  // what was begun has ended
    end_faults();
    run_for(rest_s);
    if (breaches_.empty()) expect_answers();
    if (breaches_.empty()) room_.judge();
  }
}

void Life::expect(bool holds, const std::string& what) {
  if (!holds && breaches_.empty()) breaches_.push_back({"wedge", what, room_.steps(), seconds_since_birth()});
}

void Life::expect_answers() {
  const auto ask = [this](Request what) {
    return room_.ask(std::move(what), "http:tablet-1", Instant::max()).verdict;
  };
  const auto stop_in_time = [&](const std::string& when) {
    expect(ask(request::StopAll{}) == Verdict::done, "stop refused " + when);
    run_for(4);
    expect(room_.is_safe(), "no safe light or no silence 4 s after a stop " + when);
    const auto& confirmed = room_.confirmation();
    expect(confirmed && confirmed->missing.empty(), "not all confirm a stop " + when);
    expect(ask(request::ResetStop{}) == Verdict::done, "not made ready again " + when);
  };
  expect(room_.runs(), "the controller does not run");
  const bool nobody_flickered = room_.state().devices_quarantined.empty();
  if (!breaches_.empty()) return;
  stop_in_time("after the faults");
  run_for(1);
  expect(ask(request::StartSession{"regulate-down", std::nullopt, true}) == Verdict::created,
         "start refused");
  run_for(10);
  expect(room_.state().mode == RoomMode::running, "not running 10 s after a start");
  expect(room_.heard().audible(), "no sound 10 s after a start");
  const double aimed = room_.state().light.level;
  // What flickered is left alone for ten minutes, and pulls the mean of the others away.
  const bool all_lead = nobody_flickered && room_.state().devices_quarantined.empty();
  for (std::size_t i = 0; all_lead && i < LivingRoom::lamps + LivingRoom::dimmers; ++i)
    expect(std::abs(room_.light(i) - aimed) < 0.06, fmt::format("light {} does not follow a start", i));
  stop_in_time("in a session");
  run_for(5);
  tell("the room answered");
}

}  // namespace rytme::test
