// SPDX-License-Identifier: Apache-2.0
// Whatever comes in, the results are defined, bounded and counted.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/heart_sources.hpp"
#include "controller/signals/heart_tracker.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/allocations.hpp"

namespace rytme::signals {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

class Chaos {
 public:
  explicit Chaos(std::uint32_t seed) : random_(seed) {}

  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  double absurd() {
    static constexpr std::array values{nan,   inf,    -inf,     0.0,      -0.0,    -800.0,  1e-300,
                                       1e300, 5e-324, 60'000.0, 60'000.1, 269.999, 2000.001};
    return values.at(std::uniform_int_distribution<std::size_t>(0, values.size() - 1)(random_));
  }
  double rr_ms(double p_absurd) { return chance(p_absurd) ? absurd() : between(300, 1900); }
  std::uint64_t bits() { return std::uniform_int_distribution<std::uint64_t>()(random_); }

 private:
  std::mt19937 random_;
};

void expect_defined(const std::optional<double>& value) {
  if (value) {
    EXPECT_TRUE(std::isfinite(*value));
  }
}

void expect_defined(const HeartStatistics& s) {
  for (const auto& value : {s.hr_bpm, s.rmssd_ms, s.ln_rmssd, s.sdnn_ms, s.pnn50_pct}) {
    expect_defined(value);
  }
}

void expect_defined(const HeartWindow& window, double from_s) {
  EXPECT_EQ(window.from_s, from_s);
  EXPECT_GE(window.to_s, window.from_s);
  expect_defined(window.raw);
  expect_defined(window.clean);
  EXPECT_LE(window.clean.n, window.raw.n);
  EXPECT_GE(window.accepted_share, 0);
  EXPECT_LE(window.accepted_share, 1);
  EXPECT_GE(window.pairs_share, 0);
  EXPECT_LE(window.pairs_share, 1);
  EXPECT_EQ(window.valid, window.reason.empty());
  EXPECT_EQ(window.clean.rmssd_ms.has_value(), window.valid);
}

void expect_defined(const HeartAnalysis& analysis, std::size_t beats) {
  EXPECT_EQ(analysis.n, beats);
  expect_defined(analysis.record, 0);
  EXPECT_LE(analysis.record.raw.n, beats);
  EXPECT_LE(analysis.windows_60s.size(), beats);
  for (std::size_t w = 0; w < analysis.windows_60s.size(); ++w) {
    expect_defined(analysis.windows_60s[w], 60.0 * static_cast<double>(w));
  }
  EXPECT_TRUE(std::is_sorted(analysis.gate.begin(), analysis.gate.end()));
  EXPECT_EQ(std::adjacent_find(analysis.gate.begin(), analysis.gate.end()), analysis.gate.end());
  EXPECT_TRUE(analysis.gate.empty() || (analysis.gate.front() >= 1 && analysis.gate.back() <= beats));
}

TEST(BadInput, AnyNumbersGiveADefinedAnalysis) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Chaos chaos(seed);
    const double p_absurd = chaos.between(0, 1);
    std::vector<Beat> beats;
    double t_s = 0;
    for (int i = 0; i < 500; ++i) {
      Beat beat{.rr_ms = chaos.rr_ms(p_absurd), .t_s = {}};
      t_s += chaos.chance(0.05) ? chaos.between(-10, 10) : 0.8;
      if (chaos.chance(0.9)) {
        beat.t_s = chaos.chance(p_absurd / 10) ? chaos.absurd() : t_s;
      }
      beats.push_back(beat);
    }
    expect_defined(analyse_heart(beats), beats.size());
  }
}

TEST(BadInput, WhatIsNoIntervalIsRefusedAndCarriesNoTime) {
  auto rr_ms = std::vector<double>(100, 800);
  rr_ms.insert(rr_ms.begin() + 50, {nan, inf, 0.0, -5.0, 1e9});
  const auto analysis = analyse_heart(test::without_times(rr_ms));
  EXPECT_EQ(analysis.n, 105U);
  EXPECT_EQ(analysis.record.raw.n, 100U);
  EXPECT_DOUBLE_EQ(analysis.record.to_s, 80);
  EXPECT_EQ(analysis.gate, (std::vector<std::size_t>{51, 52, 53, 54, 55}));
  EXPECT_DOUBLE_EQ(analysis.record.pairs_share, 98.0 / 99);
}

TEST(BadInput, AMillionBeats) {
  Chaos chaos(1);
  std::vector<Beat> beats;
  beats.reserve(1'000'000);
  for (int i = 0; i < 1'000'000; ++i) {
    beats.push_back({.rr_ms = chaos.rr_ms(0.01), .t_s = {}});
  }
  const auto analysis = analyse_heart(beats);
  EXPECT_EQ(analysis.n, 1'000'000U);
  EXPECT_GT(analysis.windows_60s.size(), 10'000U);
  EXPECT_FALSE(analysis.record.valid);
}

TEST(BadInput, NoDriftOverTwoDays) {
  const auto rr_ms = test::calm_rr(216'000, 800, 30);
  const auto analysis = analyse_heart(test::without_times(rr_ms));
  const auto tail = analyse_heart(test::without_times({rr_ms.end() - 400, rr_ms.end()}));
  const auto& late = analysis.windows_60s.back().clean;
  EXPECT_NEAR(*late.hr_bpm, *tail.record.clean.hr_bpm, 1);
  EXPECT_NEAR(*late.rmssd_ms, *tail.record.clean.rmssd_ms, 0.2 * *late.rmssd_ms);
}

HeartSample chaotic_sample(Chaos& chaos, test::Strap& strap) {
  HeartSample sample = strap.beat(chaos.between(300, 1900));
  if (chaos.chance(0.1)) {
    sample.bpm = chaos.absurd();
  }
  if (chaos.chance(0.2)) {
    sample.rr_count = static_cast<std::uint8_t>(chaos.bits());  // beyond the array, too
    for (auto& rr : sample.rr_1024) {
      rr = static_cast<std::uint16_t>(chaos.bits());
    }
  }
  if (chaos.chance(0.02)) {
    sample.stamp.t_us = static_cast<std::int64_t>(chaos.bits());
  }
  if (chaos.chance(0.02)) {
    sample.stamp.seq = chaos.bits();
  }
  if (chaos.chance(0.02)) {
    sample.contact = Contact::no;
  }
  return sample;
}

void expect_defined(const Reading& reading) {
  EXPECT_EQ(std::isnan(reading.value), reading.quality == Quality::unknown);
  const bool is_rate =
      reading.capability == Capability::hr_mean10_bpm || reading.capability == Capability::hr_window60_bpm;
  if (is_rate && reading.quality != Quality::unknown) {
    EXPECT_GE(reading.value, 30);
    EXPECT_LE(reading.value, 222.3);
  }
}

TEST(BadInput, AnyFramesGiveDefinedReadings) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    Chaos chaos(seed);
    test::Strap strap;
    HeartTracker tracker;
    std::vector<Reading> readings;
    for (int i = 0; i < 500; ++i) {
      const auto sample = chaotic_sample(chaos, strap);
      tracker.add(sample, readings);
      const auto now = tracker.at(sample.received);
      EXPECT_EQ(now.bpm.has_value(), now.quality != Quality::unknown);
      const auto variability = tracker.variability(sample.received);
      EXPECT_EQ(variability.rmssd_ms.has_value(), variability.rmssd_quality != Quality::unknown);
      expect_defined(variability.rmssd_ms);
      expect_defined(variability.sdnn_ms);
      expect_defined(variability.pnn50_pct);
      expect_defined(tracker.respiration_per_min(sample.received, chaos.chance(0.1) ? chaos.absurd() : 0.4));
    }
    for (const auto& reading : readings) {
      expect_defined(reading);
    }
    EXPECT_LE(tracker.counters().accepted, tracker.counters().beats);
    EXPECT_GT(tracker.counters().implausible, 0U);
  }
}

TEST(BadInput, LiveTrackingAllocatesNothing) {
  Chaos chaos(5);
  test::Strap strap;
  std::vector<HeartSample> frames;
  frames.reserve(2000);
  for (int i = 0; i < 2000; ++i) {
    frames.push_back(i < 1000 ? strap.beat(chaos.between(700, 900)) : chaotic_sample(chaos, strap));
  }
  HeartTracker tracker;
  std::vector<Reading> readings;
  readings.reserve(100'000);
  const std::size_t before = test::allocations();
  for (const auto& frame : frames) {
    tracker.add(frame, readings);
  }
  const std::size_t after = test::allocations();
  EXPECT_EQ(after - before, 0U);
  EXPECT_GT(readings.size(), 1000U);
}

TEST(BadInput, SeveralSourcesAllocateNothing) {
  Chaos chaos(6);
  std::array<test::Strap, 2> straps{test::Strap("a"), test::Strap("b")};
  std::vector<HeartSample> frames;
  for (int i = 0; i < 4000; ++i) {
    const std::size_t of = chaos.chance(0.5) ? 1 : 0;
    frames.push_back(chaotic_sample(chaos, straps.at(of)));
    frames.back().device = static_cast<DeviceIndex>(of);
  }
  HeartSources sources(std::array{HeartDevice{0}, HeartDevice{1}});
  std::vector<Reading> readings;
  std::vector<HeartEvent> events;
  readings.reserve(100'000);
  events.reserve(100'000);
  const std::size_t before = test::allocations();
  for (const auto& frame : frames) {
    sources.add(frame, readings, events);
    sources.battery(frame.device, chaos.absurd(), frame.received, events);
  }
  EXPECT_EQ(test::allocations() - before, 0U);
  for (const auto& event : events) {
    EXPECT_LE(event.device, 1U);
  }
}

// What is written into memory does not grow with the day: a day in one go, one frame a second.
TEST(BadInput, ADayOfFramesKeepsItsSize) {
  HeartSources sources(std::array{HeartDevice{3}});
  test::Strap strap;
  std::vector<Reading> readings;
  std::vector<HeartEvent> events;
  readings.reserve(64);
  events.reserve(64);
  const auto hour = test::calm_rr(4500, 800, 30);
  std::size_t allocated = 0;
  double first_hour = 0;
  for (int n = 0; n < 24; ++n) {
    for (const double rr : hour) {
      const auto frame = strap.beat(rr);
      readings.clear();
      events.clear();
      const std::size_t before = test::allocations();
      sources.add(frame, readings, events);
      allocated += test::allocations() - before;
    }
    const auto sdnn = sources.variability(strap.received()).sdnn_ms;
    ASSERT_TRUE(sdnn);
    first_hour = n == 0 ? *sdnn : first_hour;
    EXPECT_NEAR(*sdnn, first_hour, 0.02 * first_hour) << "after hour " << n;
  }
  EXPECT_EQ(allocated, 0U);
}

}  // namespace
}  // namespace rytme::signals
