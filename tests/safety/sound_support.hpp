// SPDX-License-Identifier: Apache-2.0
// A player behind the last stage, and what it is told.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety::sound_test {

inline Instant at(double s) { return Instant{} + seconds(1000 + s); }

inline Fixture player() {
  Fixture fixture;
  fixture.device = 7;
  fixture.is_player = true;
  return fixture;
}

// A quiet room: the whole scale may be used.
inline SafetyLimits calibrated() {
  SafetyLimits limits;
  limits.volume_max = 1;
  return limits;
}

inline Aim sound(std::optional<bool> play, std::optional<double> volume, std::optional<double> bpm = {}) {
  Aim aim;
  aim.play = play;
  aim.volume = volume;
  aim.tempo_bpm = bpm;
  aim.origin = "preset";
  return aim;
}

struct Told {
  double t_s{};
  Setting setting;
};

inline std::vector<Told> run(LastStage& stage, double from_s, double until_s) {
  std::vector<Told> out;
  for (Instant now = at(from_s); now <= at(until_s); now = std::max(now, stage.next_wake())) {
    for (const Sent& sent : stage.due(now))
      for (const Setting& one : sent.command.settings) out.push_back({seconds_between(at(0), now), one});
    if (stage.next_wake() == Instant::max()) break;
    EXPECT_GT(stage.next_wake(), now);
  }
  return out;
}

inline std::vector<Told> only(const std::vector<Told>& all, Capability capability) {
  std::vector<Told> out;
  for (const Told& one : all)
    if (one.setting.capability == capability) out.push_back(one);
  return out;
}

inline double db(double amplitude) { return 20 * std::log10(amplitude); }

inline void expect_gentle_rise(const std::vector<Told>& volumes) {
  for (std::size_t i = 1; i < volumes.size(); ++i) {
    const double rise = db(volumes[i].setting.value) - db(volumes[i - 1].setting.value);
    EXPECT_LE(rise, 6.0 * (volumes[i].t_s - volumes[i - 1].t_s) + 1e-6) << volumes[i].t_s;
  }
}

}  // namespace rytme::safety::sound_test
