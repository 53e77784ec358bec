// SPDX-License-Identifier: Apache-2.0
// Artefacts put into a known heart: what is called good must stay right, the rest must be doubtful or
// unknown.
#include <algorithm>
#include <cmath>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/heart_tracker.hpp"
#include "controller/signals/heart_window.hpp"
#include "tests/signals/recordings.hpp"

namespace rytme::signals {
namespace {

constexpr double mean_ms = 850;
constexpr double true_bpm = 60'000 / mean_ms;

// Twenty minutes; `spoil` may change the intervals, `before` what happens on air before beat i.
using Spoil = std::function<void(std::vector<double>& rr_ms)>;
using OnAir = std::function<void(std::size_t i, test::Strap& strap)>;

struct Outcome {
  double worst_bpm{};          // of good readings
  double worst_rmssd_share{};  // of good readings, of the truth
  double good_rate{}, good_rmssd{};
  double flagged{};  // share of the spoilt places at which the settled lane flags within one beat
};

double rmssd_of(const std::vector<double>& rr_ms) {
  BeatStatistics statistics;
  for (std::size_t i = 1; i < rr_ms.size(); ++i) {
    statistics.add_difference(rr_ms[i] - rr_ms[i - 1]);
  }
  return *statistics.result().rmssd_ms;
}

Outcome outcome(const Spoil& spoil, const OnAir& before = {}) {
  auto rr_ms = test::calm_rr(1400, mean_ms, 30);
  const double true_rmssd = rmssd_of(rr_ms);
  const auto untouched = rr_ms;
  spoil(rr_ms);
  test::Strap strap;
  HeartTracker tracker;
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < rr_ms.size(); ++i) {
    if (before) {
      before(i, strap);
    }
    tracker.add(strap.beat(rr_ms[i]), readings);
  }
  Outcome outcome;
  std::map<Capability, std::pair<double, double>> good_of_all;
  for (const auto& reading : readings) {
    auto& [good, all] = good_of_all[reading.capability];
    ++all;
    if (reading.quality != Quality::good) {
      continue;
    }
    ++good;
    if (reading.capability == Capability::hr_mean10_bpm) {
      outcome.worst_bpm = std::max(outcome.worst_bpm, std::abs(reading.value - true_bpm));
    } else if (reading.capability == Capability::hr_rmssd60_ms) {
      outcome.worst_rmssd_share =
          std::max(outcome.worst_rmssd_share, std::abs(reading.value / true_rmssd - 1));
    }
  }
  const auto share = [&](Capability capability) {
    return good_of_all[capability].first / std::max(1.0, good_of_all[capability].second);
  };
  outcome.good_rate = share(Capability::hr_mean10_bpm);
  outcome.good_rmssd = share(Capability::hr_rmssd60_ms);
  const auto flags = analyse_heart(test::without_times(rr_ms)).flags;
  double spoilt = 0;
  double found = 0;
  for (std::size_t i = 0; i < std::min(rr_ms.size(), untouched.size()); ++i) {
    if (rr_ms[i] != untouched[i] && (i == 0 || rr_ms[i - 1] == untouched[i - 1])) {
      ++spoilt;
      found += std::any_of(flags.begin(), flags.end(),
                           [&](const FlaggedBeat& flag) { return flag.i + 1 >= i + 1 && flag.i <= i + 2; });
    }
  }
  outcome.flagged = spoilt > 0 ? found / spoilt : 0;
  return outcome;
}

void print(const char* what, const Outcome& outcome) {
  std::cout << std::left << std::setw(28) << what << std::right << std::fixed << std::setprecision(1)
            << std::setw(6) << outcome.worst_bpm << " bpm" << std::setw(7) << 100 * outcome.worst_rmssd_share
            << " %" << std::setw(8) << 100 * outcome.good_rate << " %" << std::setw(7)
            << 100 * outcome.good_rmssd << " %" << std::setw(8) << 100 * outcome.flagged << " %\n";
}

void expect_right(const std::map<const char*, Outcome>& outcomes) {
  for (const auto& [what, result] : outcomes) {
    SCOPED_TRACE(what);
    print(what, result);
    EXPECT_LT(result.worst_bpm, 8);
    EXPECT_LT(result.worst_rmssd_share, 0.35);
  }
}

// Every 40 beats something; intervals are replaced one for one, so that places stay comparable.
Spoil every(std::size_t distance, std::vector<double> beats) {
  return [distance, beats](std::vector<double>& rr_ms) {
    for (std::size_t at = 60; at + beats.size() < rr_ms.size(); at += distance) {
      std::copy(beats.begin(), beats.end(), rr_ms.begin() + static_cast<std::ptrdiff_t>(at));
    }
  };
}

const Spoil nothing = [](std::vector<double>&) {};

TEST(HeartArtefacts, WhatIsCalledGoodStaysRight) {
  std::cout << "worst of good readings:       heart rate  RMSSD   good HR  good RMSSD  flagged\n";
  const std::map<const char*, Outcome> outcomes{
      {"untouched", outcome(nothing)},
      {"missed beat every 40", outcome(every(40, {1700}))},
      {"extra beat every 40", outcome(every(40, {400, 450}))},
      {"ectopic beat every 40", outcome(every(40, {560, 1150}))},
      {"run of 3 ectopics every 100", outcome(every(100, {480, 470, 490, 1200}))},
      {"noise of 15 beats every 150", outcome(every(150, {300, 1500, 420, 1900, 350, 700, 1300, 280, 900,
                                                          1750, 400, 330, 1600, 500, 1250}))},
  };
  expect_right(outcomes);
  // Four beats that agree are where the gate follows: of a run so long, the heart did beat so fast.
  const auto long_run = outcome(every(100, {480, 470, 490, 480, 475, 1200}));
  print("run of 5 ectopics every 100", long_run);
  EXPECT_LT(long_run.worst_bpm, 15);
  EXPECT_LT(long_run.worst_rmssd_share, 0.35);
  EXPECT_GT(outcomes.at("untouched").good_rate, 0.98);
  EXPECT_GT(outcomes.at("missed beat every 40").good_rate, 0.9);
  for (const char* what : {"missed beat every 40", "extra beat every 40", "ectopic beat every 40"}) {
    EXPECT_GT(outcomes.at(what).flagged, 0.95) << what;
  }
}

TEST(HeartArtefacts, DropoutsAndStepsOfTheClockLoseTimeAndNothingElse) {
  const auto at_times = [](std::function<void(test::Strap&)> happens) {
    return [happens](std::size_t i, test::Strap& strap) {
      if (i > 0 && i % 200 == 0) {
        happens(strap);
      }
    };
  };
  const std::map<const char*, Outcome> outcomes{
      {"10 s without radio", outcome(nothing, at_times([](test::Strap& strap) { strap.wait(10, 12); }))},
      {"clock an hour on", outcome(nothing, at_times([](test::Strap& strap) { strap.wait(3600); }))},
      {"clock 3 s back", outcome(nothing, at_times([](test::Strap& strap) { strap.wait(-3); }))},
      {"restart of the node", outcome(nothing, at_times([n = 0](test::Strap& strap) mutable {
                                        strap.restart("boot" + std::to_string(++n));
                                      }))},
  };
  expect_right(outcomes);
  for (const auto& [what, result] : outcomes) {
    EXPECT_GT(result.good_rate, 0.9) << what;
  }
}

TEST(HeartArtefacts, AFrozenIntervalIsNoHeart) {
  test::Strap strap;
  HeartTracker tracker;
  std::vector<Reading> readings;
  const auto play = [&](const std::vector<double>& rr_ms) {
    readings.clear();
    for (const double rr : rr_ms) {
      tracker.add(strap.beat(rr), readings);
    }
    return tracker.at(strap.received()).quality;
  };
  EXPECT_EQ(play(test::calm_rr(100, 800, 30)), Quality::good);
  EXPECT_EQ(play(std::vector<double>(150, 800)), Quality::doubtful);
  EXPECT_FALSE(tracker.variability(strap.received()).rmssd_ms) << "0 ms would be a lie";
  EXPECT_EQ(play(test::calm_rr(100, 800, 30)), Quality::good);
  EXPECT_TRUE(tracker.variability(strap.received()).rmssd_ms);
}

TEST(HeartArtefacts, ASensorTakenOffIsUnknownAfterTenSeconds) {
  test::Strap strap;
  HeartTracker tracker;
  std::vector<Reading> readings;
  for (const double rr : test::calm_rr(200, 800, 30)) {
    tracker.add(strap.beat(rr), readings);
  }
  EXPECT_TRUE(tracker.variability(strap.received()).sdnn_ms);
  for (int second = 0; second < 11; ++second) {
    auto sample = strap.rate(std::nullopt);
    sample.contact = Contact::no;
    tracker.add(sample, readings);
  }
  EXPECT_FALSE(tracker.at(strap.received()).bpm);
  EXPECT_FALSE(tracker.variability(strap.received()).rmssd_ms);
  EXPECT_FALSE(tracker.respiration_per_min(strap.received(), std::nullopt));
}

}  // namespace
}  // namespace rytme::signals
