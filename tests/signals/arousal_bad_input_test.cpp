// SPDX-License-Identifier: Apache-2.0
// Whatever comes in: defined, bounded, counted, the same twice.
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "controller/signals/arousal_text.hpp"
#include "tests/signals/arousal_life.hpp"
#include "tests/support/allocations.hpp"

namespace rytme::signals {
namespace {

using test::calm_70;
using test::second_of;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr std::array absurd{nan,   inf,  -inf,  0.0, -0.0, -70.0, 1e-300,
                            1e300, 29.9, 222.3, 1e9, -1.0, 2.0,   0.5};

bool same_bits(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() && (!a || std::memcmp(&*a, &*b, sizeof *a) == 0);
}

bool same(const ArousalNowResult& a, const ArousalNowResult& b) {
  return same_bits(a.hr_bpm, b.hr_bpm) && same_bits(a.expected_bpm, b.expected_bpm) &&
         same_bits(a.sigma_bpm, b.sigma_bpm) && same_bits(a.index, b.index) && a.level == b.level &&
         same_bits(a.confidence, b.confidence) && a.low_side == b.low_side && a.unknown == b.unknown &&
         same_bits(a.side_s, b.side_s);
}

void expect_defined(const ArousalNowResult& now) {
  for (const auto& value : {now.hr_bpm, now.expected_bpm, now.sigma_bpm, now.index})
    if (value) {
      ASSERT_TRUE(std::isfinite(*value));
    }
  ASSERT_GE(now.confidence, 0);
  ASSERT_LE(now.confidence, 1);
  if (now.hr_bpm) {
    ASSERT_GE(*now.hr_bpm, 30 - 1e-9);
    ASSERT_LE(*now.hr_bpm, 60'000 / 270.0 + 1e-9);
  }
  if (now.level) {
    ASSERT_GE(*now.level, 0);
    ASSERT_LE(*now.level, 4);
    ASSERT_GE(now.confidence, shown_from);
    ASSERT_TRUE(now.index);
  }
  ASSERT_EQ(now.level.has_value(), now.unknown == ArousalUnknown::no);
  ASSERT_TRUE(!now.may_act() || now.confidence >= automation_from);
}

ArousalInput chaos(std::mt19937& random, double t_s) {
  const auto pick = [&] {
    return absurd.at(std::uniform_int_distribution<std::size_t>(0, absurd.size() - 1)(random));
  };
  const auto chance = [&](double p) { return std::bernoulli_distribution(p)(random); };
  auto input = second_of(t_s, std::uniform_real_distribution<double>(50, 150)(random),
                         std::uniform_real_distribution<double>(0, 0.5)(random));
  if (chance(0.1)) input.hr10_bpm = pick();
  if (chance(0.1)) input.hr10_bpm.reset();
  if (chance(0.1)) input.body_mad_g = pick();
  if (chance(0.1)) input.signal_quality = pick();
  if (chance(0.1)) input.accepted_share = pick();
  if (chance(0.05)) input.t_s = pick();
  if (chance(0.05)) input.t_s = t_s - 3;
  if (chance(0.05)) input.t_s = t_s + 1e5;
  input.optical = chance(0.3);
  return input;
}

TEST(ArousalBadInput, AnythingGivesADefinedResultAndAtMostOneStep) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    ArousalIndex index;
    BaselineMeasurement measurement({});
    ArousalLine line;
    std::optional<int> last;
    for (int t = 0; t < 5000; ++t) {
      const auto input = chaos(random, t);
      measurement.add(input);
      if (t == 400) index.set_baseline(measurement.result().value_or(calm_70()));
      const auto& now = index.add(input);
      expect_defined(now);
      if (last && now.level) {
        ASSERT_LE(std::abs(*now.level - *last), 1);
      }
      last = now.level ? now.level : last;
      ASSERT_LT(line.write(now, index.baseline(), ArousalLanguage::nb).size(), 400U);
    }
    const auto& counters = index.counters();
    EXPECT_EQ(counters.seconds + counters.refused, 5000U);
    EXPECT_GT(counters.bad_heart, 100U);
    EXPECT_GT(counters.bad_movement, 100U);
    EXPECT_GT(counters.bad_quality, 100U);
    EXPECT_GT(counters.clock_steps, 100U);
    EXPECT_GT(counters.refused, 100U);
  }
}

TEST(ArousalBadInput, EachKindIsCountedAndLeftOut) {
  ArousalIndex index;
  index.set_baseline(calm_70());
  double t_s = 0;
  for (const double bpm : {nan, -60.0, 0.0, 29.0, 223.0, 1e300}) {
    EXPECT_FALSE(index.add(second_of(++t_s, bpm)).hr_bpm) << bpm;
  }
  EXPECT_EQ(index.counters().bad_heart, 6U);
  for (const double mad : {nan, -0.1, 9.0, inf}) index.add(second_of(++t_s, 70, mad));
  EXPECT_EQ(index.counters().bad_movement, 4U);
  EXPECT_EQ(index.movement().quick(), 0);
}

TEST(ArousalBadInput, AMillionAbsurdBeatsRatesAndSamplesAtOnce) {
  std::mt19937 random(11);
  ArousalPipeline pipeline(SensorPlace::wrist, true);
  pipeline.begin_baseline(BaselineMeasurement::Ends::by_itself);
  const auto pick = [&] {
    return absurd.at(std::uniform_int_distribution<std::size_t>(0, absurd.size() - 1)(random));
  };
  const std::size_t before = test::allocations();
  for (int i = 0; i < 1'000'000; ++i) {
    pipeline.beat(pick(), pick() * 1000);
    pipeline.rate(pick(), pick());
    pipeline.acceleration(pick(), pick(), pick(), pick());
    if (i % 1000 == 0) expect_defined(pipeline.tick(i / 1000.0));
  }
  EXPECT_EQ(test::allocations() - before, 0U);
  for (const double t_s : {nan, inf, -inf, 1e300, -1e300}) {
    EXPECT_FALSE(pipeline.tick(t_s).level);
    EXPECT_FALSE(pipeline.input().hr10_bpm) << t_s;
  }
  EXPECT_GT(pipeline.heart().refused(), 500'000U);
  EXPECT_GT(pipeline.meter().bad(), 500'000U);
}

TEST(ArousalBadInput, RepeatedAndLateSecondsChangeNothing) {
  ArousalIndex index;
  ArousalIndex again;
  index.set_baseline(calm_70());
  again.set_baseline(calm_70());
  for (int t = 0; t < 600; ++t) {
    const double hr = 70 + 20 * std::sin(t / 50.0);
    const auto result = index.add(second_of(t, hr));
    again.add(second_of(t, hr));
    again.add(second_of(t, 200));
    again.add(second_of(t - 2, 40));
    ASSERT_TRUE(same(result, again.add(second_of(nan, 180)))) << t;
  }
  EXPECT_EQ(again.counters().refused, 600U * 3);
}

std::vector<test::LifeSecond> busy_person() {
  return test::life(
      1800, [](double t) { return 75 + 12 * std::sin(t / 90) + (t > 900 ? 10 : 0); },
      [](double t) { return std::fmod(t, 400) > 330 ? 0.3 : 0.01; }, 3);
}

TEST(ArousalStream, TheSameTwiceIsEqualToTheBit) {
  const auto first = test::lived(busy_person());
  const auto second = test::lived(busy_person());
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_TRUE(same(first[i], second[i])) << i;
  }
}

TEST(ArousalStream, AFileGivesWhatTheStreamGave) {
  const auto seconds = busy_person();
  ArousalPipeline live(SensorPlace::chest, false);
  std::vector<ArousalNowResult> streamed;
  std::vector<Beat> beats;
  std::vector<Acceleration> acceleration;
  live.tick(0);
  for (const auto& second : seconds) {
    if (second.t_s == 100) live.begin_baseline(BaselineMeasurement::Ends::when_told);
    if (second.t_s == 281) live.finish_baseline();
    // Movement first here, beats first in the file: streams of their own.
    for (const auto& a : second.acceleration) live.acceleration(a.t_s, a.ax_g, a.ay_g, a.az_g);
    for (const auto& beat : second.beats) live.beat(*beat.t_s, beat.rr_ms);
    streamed.push_back(live.tick(second.t_s));
    beats.insert(beats.end(), second.beats.begin(), second.beats.end());
    acceleration.insert(acceleration.end(), second.acceleration.begin(), second.acceleration.end());
  }
  std::size_t compared = 0;
  std::size_t levels = 0;
  EXPECT_TRUE(analyse_arousal(
      {.rates = {},
       .beats = beats,
       .acceleration = acceleration,
       .baseline_from_s = 100,
       .baseline_to_s = 280,
       .place = SensorPlace::chest,
       .optical = false},
      [&](double t_s, const ArousalInput&, const ArousalNowResult& now, const std::optional<Baseline>&) {
        if (t_s < 1) return;
        ASSERT_TRUE(same(now, streamed.at(compared))) << t_s;
        ++compared;
        levels += now.level ? 1U : 0U;
      }));
  EXPECT_GE(compared, 1799U);
  EXPECT_GT(levels, 500U);
}

TEST(ArousalStream, TimesThatAreNotOfOneRecordingAreRefused) {
  const std::array<TimedRate, 2> rates{{{0, 70}, {1e8, 70}}};
  const auto never = [](double, const ArousalInput&, const ArousalNowResult&,
                        const std::optional<Baseline>&) { FAIL(); };
  EXPECT_FALSE(analyse_arousal({.rates = rates, .beats = {}, .acceleration = {}}, never));
  const std::array<TimedRate, 1> far_away{{{1e300, 70}}};
  EXPECT_FALSE(analyse_arousal({.rates = far_away, .beats = {}, .acceleration = {}}, never));
  EXPECT_FALSE(analyse_arousal({}, never));
}

TEST(ArousalStream, ADayLeavesNoTrace) {
  // A day of ups, downs and walks, then the same half hour as after a fresh start.
  const auto hour = [](int t) { return 72 + 8 * std::sin(t / 200.0) + (t % 3000 < 200 ? 20 : 0); };
  ArousalIndex old;
  old.set_baseline(calm_70());
  int t = 0;
  const std::size_t before = test::allocations();
  for (; t < 86'400; ++t) old.add(second_of(t, hour(t) + 0.001 * (t % 7), t % 3000 < 200 ? 0.2 : 0.01));
  EXPECT_EQ(test::allocations() - before, 0U);
  // Two hours of rest end what a body remembers.
  for (int i = 0; i < 7 * 3600; ++i, ++t) old.add(second_of(t, 70 + 0.01 * (t % 5)));
  ArousalIndex young;
  young.set_baseline(calm_70());
  for (int i = 0; i < 1800; ++i, ++t) {
    const double hr = 70 + (i > 600 ? 15 : 0) + 0.01 * (i % 5);
    const auto& a = old.add(second_of(t, hr));
    const auto& b = young.add(second_of(i, hr));
    if (i < 60) continue;
    ASSERT_NEAR(*a.expected_bpm, *b.expected_bpm, 1e-4);
    ASSERT_NEAR(*a.index, *b.index, 1e-4);
    ASSERT_EQ(a.level, b.level);
  }
}

TEST(ArousalStream, AnHourTakesFarLessThanATenthOfASecond) {
  const auto seconds = test::life(
      3600, [](double) { return 75; }, [](double) { return 0.01; });
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t before = test::allocations();
  ArousalPipeline pipeline(SensorPlace::chest, false);
  pipeline.begin_baseline(BaselineMeasurement::Ends::by_itself);
  std::size_t levels = 0;
  for (const auto& second : seconds) {
    for (const auto& beat : second.beats) pipeline.beat(*beat.t_s, beat.rr_ms);
    for (const auto& a : second.acceleration) pipeline.acceleration(a.t_s, a.ax_g, a.ay_g, a.az_g);
    levels += pipeline.tick(second.t_s).level ? 1U : 0U;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_GT(levels, 3000U);
  EXPECT_LT(took.count(), 5.0) << "sanitizers and a busy machine included; the figure is in the benchmark";
}

}  // namespace
}  // namespace rytme::signals
