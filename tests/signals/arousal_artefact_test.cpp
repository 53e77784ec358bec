// SPDX-License-Identifier: Apache-2.0
// What goes wrong on a body and in a node: the level never moves by more than one because of it, and the
// confidence falls.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "tests/signals/arousal_life.hpp"

namespace rytme::signals {
namespace {

using test::LifeSecond;

constexpr std::size_t from = 900;
constexpr std::size_t to = 960;

// Rests for ten minutes, then something beyond movement raises the pulse to 88 within half a minute.
std::vector<LifeSecond> upset_person(std::uint32_t seed) {
  return test::life(
      1200, [](double t) { return t < 600 ? 70 : 70 + std::min(18.0, (t - 600) * 0.6); },
      [](double) { return 0.01; }, seed);
}

double mean_confidence(const std::vector<ArousalNowResult>& results) {
  double sum = 0;
  for (std::size_t i = from; i < to + 20; ++i) sum += results[i].confidence;
  return sum / double(to + 20 - from);
}

using Damage = std::function<void(std::vector<LifeSecond>&, std::mt19937&)>;

void expect_harmless(const char* what, const Damage& damage) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const auto whole = upset_person(seed);
    auto broken = whole;
    std::mt19937 random(seed);
    damage(broken, random);
    const auto clean = test::lived(whole);
    const auto dirty = test::lived(broken);
    ASSERT_GE(clean[from - 1].level.value_or(-1), 2) << "the person is upset";
    int last = *clean[from - 1].level;
    for (std::size_t i = from; i < dirty.size(); ++i) {
      if (!dirty[i].level) continue;
      EXPECT_LE(std::abs(*dirty[i].level - last), 1) << what << " at " << i;
      if (clean[i].level) {
        EXPECT_LE(std::abs(*dirty[i].level - *clean[i].level), 1) << what << " at " << i;
      }
      last = *dirty[i].level;
    }
    EXPECT_LT(mean_confidence(dirty), mean_confidence(clean) - 0.02) << what;
  }
}

void each_beat(std::vector<LifeSecond>& seconds, const std::function<void(std::vector<Beat>&)>& change) {
  for (std::size_t i = from; i < to; ++i) change(seconds[i].beats);
}

TEST(ArousalArtefacts, MissedBeats) {
  expect_harmless("missed", [](auto& seconds, auto& random) {
    double carried_ms = 0;
    each_beat(seconds, [&](auto& beats) {
      std::vector<Beat> kept;
      for (auto beat : beats) {
        beat.rr_ms += carried_ms;
        carried_ms = 0;
        if (std::bernoulli_distribution(0.15)(random))
          carried_ms = beat.rr_ms;
        else
          kept.push_back(beat);
      }
      beats = kept;
    });
  });
}

TEST(ArousalArtefacts, ExtraBeats) {
  expect_harmless("extra", [](auto& seconds, auto& random) {
    each_beat(seconds, [&](auto& beats) {
      std::vector<Beat> kept;
      for (auto beat : beats) {
        if (std::bernoulli_distribution(0.15)(random)) {
          kept.push_back({.rr_ms = beat.rr_ms * 0.4, .t_s = *beat.t_s - beat.rr_ms * 0.6e-3});
          beat.rr_ms *= 0.6;
        }
        kept.push_back(beat);
      }
      beats = kept;
    });
  });
}

TEST(ArousalArtefacts, EctopicRuns) {
  expect_harmless("ectopic", [](auto& seconds, auto&) {
    std::size_t n = 0;
    each_beat(seconds, [&](auto& beats) {
      for (auto& beat : beats) {
        const std::size_t place = n++ % 12;
        if (place < 6) beat.rr_ms *= place % 2 == 0 ? 0.62 : 1.38;
      }
    });
  });
}

TEST(ArousalArtefacts, DropoutsOfTenSeconds) {
  expect_harmless("dropout", [](auto& seconds, auto&) {
    for (std::size_t i = from; i < to; ++i)
      if (i % 20 < 10) seconds[i].beats.clear();
  });
}

TEST(ArousalArtefacts, SensorOff) {
  expect_harmless("off", [](auto& seconds, auto&) {
    for (std::size_t i = from; i < to; ++i) {
      seconds[i].beats.clear();
      seconds[i].acceleration.clear();
    }
  });
}

TEST(ArousalArtefacts, FrozenValue) {
  expect_harmless("frozen", [](auto& seconds, auto&) {
    const double rr_ms = seconds[from].beats.at(0).rr_ms;
    each_beat(seconds, [&](auto& beats) {
      for (auto& beat : beats) beat.rr_ms = rr_ms;
    });
  });
}

TEST(ArousalArtefacts, MovementSensorLost) {
  expect_harmless("no movement", [](auto& seconds, auto&) {
    for (std::size_t i = from; i < to; ++i) seconds[i].acceleration.clear();
  });
}

TEST(ArousalArtefacts, ClockSteps) {
  for (const double step_s : {3600.0, -600.0, 40.0, -7.0, 1e6}) {
    expect_harmless("clock", [=](auto& seconds, auto&) {
      for (std::size_t i = from; i < seconds.size(); ++i) {
        seconds[i].t_s += step_s;
        for (auto& beat : seconds[i].beats) *beat.t_s += step_s;
        for (auto& sample : seconds[i].acceleration) sample.t_s += step_s;
      }
    });
  }
}

}  // namespace
}  // namespace rytme::signals
