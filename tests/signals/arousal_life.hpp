// SPDX-License-Identifier: Apache-2.0
// A made person for the tests of the arousal index: beats and movement second by second, the same for a seed.
#pragma once

#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "controller/signals/analyse_arousal.hpp"

namespace rytme::test {

// An ordinary good second of a strap.
inline signals::ArousalInput second_of(double t_s, double hr_bpm, double mad_g = 0.01) {
  return {.t_s = t_s,
          .hr10_bpm = hr_bpm,
          .signal_quality = 1,
          .accepted_share = 0.98,
          .optical = false,
          .body_mad_g = mad_g,
          .place = signals::SensorPlace::chest};
}

// 70 bpm, three minutes long, good.
inline signals::Baseline calm_70() {
  return {.calm_bpm = 70,
          .spread_bpm = 3,
          .today_bpm = 70,
          .minutes = 3,
          .rest_mad_g = 0.02,
          .still_mad_g = 0.004,
          .history_won = false,
          .doubts = 0};
}

struct LifeSecond {
  double t_s{};
  std::vector<signals::Beat> beats;  // that ended in it
  std::vector<signals::Acceleration> acceleration;
};

// heart_bpm(t), with breathing and noise; accelerometer at 25 Hz with shake(t) of amplitude in g.
inline std::vector<LifeSecond> life(int seconds, const std::function<double(double)>& heart_bpm,
                                    const std::function<double(double)>& shake_g, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 5);
  std::vector<LifeSecond> result;
  double beat_s = 0.4;
  for (int s = 0; s < seconds; ++s) {
    LifeSecond second{.t_s = s + 1.0, .beats = {}, .acceleration = {}};
    while (beat_s <= second.t_s) {
      const double rr_ms =
          60'000 / heart_bpm(beat_s) + 15 * std::sin(2 * std::numbers::pi * 0.25 * beat_s) + noise(random);
      second.beats.push_back({.rr_ms = rr_ms, .t_s = beat_s});
      beat_s += rr_ms / 1000;
    }
    for (int i = 0; i < 25; ++i) {
      const double t_s = s + i / 25.0;
      second.acceleration.push_back(
          {.t_s = t_s, .ax_g = 0, .ay_g = 0, .az_g = 1 + shake_g(t_s) * noise(random) / 5});
    }
    result.push_back(std::move(second));
  }
  return result;
}

// Through the pipeline, the calm pulse taken from the second minute on until it ends by itself.
inline std::vector<signals::ArousalNowResult> lived(const std::vector<LifeSecond>& seconds) {
  signals::ArousalPipeline pipeline(signals::SensorPlace::chest, false);
  std::vector<signals::ArousalNowResult> results;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (i == 60) pipeline.begin_baseline(signals::BaselineMeasurement::Ends::by_itself);
    for (const auto& beat : seconds[i].beats) pipeline.beat(*beat.t_s, beat.rr_ms);
    for (const auto& a : seconds[i].acceleration) pipeline.acceleration(a.t_s, a.ax_g, a.ay_g, a.az_g);
    results.push_back(pipeline.tick(seconds[i].t_s));
  }
  return results;
}

}  // namespace rytme::test
