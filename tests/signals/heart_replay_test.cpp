// SPDX-License-Identifier: Apache-2.0
// A recording played as notifications gives the same numbers, to the last bit, as the recording analysed at
// once.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iostream>
#include <span>

#include <gtest/gtest.h>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/heart_tracker.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

// One frame per beat at the beat's own time. Exact for intervals that are multiples of 1/1024 s.
std::vector<HeartSample> frames_of(std::span<const Beat> beats, std::int64_t clock_offset_us = 0) {
  std::vector<HeartSample> frames;
  for (const auto& beat : beats) {
    HeartSample sample;
    sample.stamp = {
        .boot = "1", .seq = frames.size(), .t_us = std::llround(*beat.t_s * 1e6) + clock_offset_us};
    sample.bpm = std::round(60'000 / beat.rr_ms);
    sample.rr_count = 1;
    sample.rr_1024[0] = static_cast<std::uint16_t>(std::lround(beat.rr_ms * 1.024));
    sample.received = Instant{} + std::chrono::microseconds(sample.stamp.t_us);
    frames.push_back(sample);
  }
  return frames;
}

std::vector<Reading> played(HeartTracker& tracker, std::span<const HeartSample> frames) {
  std::vector<Reading> readings;
  for (const auto& frame : frames) {
    tracker.add(frame, readings);
  }
  return readings;
}

std::vector<double> values(const std::vector<Reading>& readings, Capability capability) {
  std::vector<double> result;
  for (const auto& reading : readings) {
    if (reading.capability == capability) {
      result.push_back(reading.value);
    }
  }
  return result;
}

bool same(double live, const std::optional<double>& recorded) {
  return recorded ? live == *recorded : std::isnan(live);
}

void expect_same_windows(const std::vector<Reading>& readings, const std::vector<HeartWindow>& windows) {
  const auto bpm = values(readings, Capability::hr_window60_bpm);
  const auto rmssd = values(readings, Capability::hr_window60_rmssd_ms);
  const auto accepted = values(readings, Capability::hr_window60_accepted);
  ASSERT_EQ(bpm.size(), windows.size());
  ASSERT_EQ(rmssd.size(), windows.size());
  ASSERT_EQ(accepted.size(), windows.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    EXPECT_TRUE(same(bpm[w], windows[w].clean.hr_bpm)) << w;
    EXPECT_TRUE(same(rmssd[w], windows[w].clean.rmssd_ms)) << w;
    EXPECT_EQ(accepted[w], windows[w].accepted_share) << w;
  }
}

class HeartReplay : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::shared_available()) {
      GTEST_SKIP() << "no reference data";
    }
    beats_ = test::recorded_beats("stress_predict/S01/ibi.csv");
  }
  std::vector<Beat> beats_;
};

TEST_F(HeartReplay, StreamedEqualsAnalysed) {
  for (const auto& beat : beats_) {
    ASSERT_EQ(std::round(beat.rr_ms * 1.024) * 1000 / 1024, beat.rr_ms);
  }
  HeartTracker tracker;
  const auto readings = played(tracker, frames_of(beats_));
  const auto analysis = analyse_heart(beats_);
  EXPECT_GE(analysis.windows_60s.size(), 10U);
  expect_same_windows(readings, analysis.windows_60s);
  EXPECT_EQ(tracker.counters().beats, beats_.size());
  EXPECT_EQ(tracker.counters().accepted, beats_.size() - analysis.gate.size());
  EXPECT_GT(tracker.counters().gaps, 10U) << "this recording has many";
}

TEST_F(HeartReplay, WhereTheClockBeganDoesNotMatter) {
  HeartTracker tracker;
  const auto readings = played(tracker, frames_of(beats_, 86'400'000'000 * 365));
  expect_same_windows(readings, analyse_heart(beats_).windows_60s);
}

TEST_F(HeartReplay, WindowsBeginAnewWhenAsked) {
  const auto frames = frames_of(beats_);
  for (std::size_t before = 50; before < 650; before += 37) {
    SCOPED_TRACE(before);
    HeartTracker tracker;
    played(tracker, std::span{frames}.first(before));
    tracker.restart_windows();
    const auto readings = played(tracker, std::span{frames}.subspan(before));
    expect_same_windows(readings, analyse_heart(std::span{beats_}.subspan(before)).windows_60s);
  }
}

// However the beats are packed into notifications: the same windows, the same verdicts, the same variability.
TEST(HeartChunks, DoNotMatter) {
  auto rr_ms = test::calm_rr(2000, 800, 30);
  for (std::size_t at = 60; at + 2 < rr_ms.size(); at += 71) {
    rr_ms[at] = 520;
    rr_ms[at + 1] = 1100;
  }
  for (auto& rr : rr_ms) {
    rr = std::round(rr / 125) * 125;  // exact in 1/1024 s and in µs
  }
  std::vector<Reading> whole;
  HeartTracker reference;
  test::Strap reference_strap;
  for (const double rr : rr_ms) {
    reference.add(reference_strap.beat(rr), whole);
  }
  const Instant end = reference_strap.received();
  EXPECT_GT(reference.counters().flagged[0], 10U);
  for (const std::size_t chunk : {2U, 3U, 7U, 16U}) {
    SCOPED_TRACE(chunk);
    std::vector<Reading> readings;
    HeartTracker tracker;
    test::Strap strap;
    for (std::size_t at = 0; at < rr_ms.size(); at += chunk) {
      const auto from = rr_ms.begin() + static_cast<std::ptrdiff_t>(at);
      const auto count = static_cast<std::ptrdiff_t>(std::min(chunk, rr_ms.size() - at));
      tracker.add(strap.beats({from, from + count}), readings);
    }
    for (const auto capability :
         {Capability::hr_window60_bpm, Capability::hr_window60_rmssd_ms, Capability::hr_window60_accepted}) {
      EXPECT_EQ(values(readings, capability), values(whole, capability));
    }
    EXPECT_EQ(tracker.counters().flagged, reference.counters().flagged);
    EXPECT_EQ(tracker.counters().accepted, reference.counters().accepted);
    EXPECT_EQ(tracker.at(end).bpm, reference.at(end).bpm);
    EXPECT_EQ(tracker.variability(end).rmssd_ms, reference.variability(end).rmssd_ms);
    EXPECT_EQ(tracker.variability(end).sdnn_ms, reference.variability(end).sdnn_ms);
    EXPECT_EQ(tracker.variability(end).pnn50_pct, reference.variability(end).pnn50_pct);
  }
}

// The settled lane of the live path and of the analysis are one.
TEST_F(HeartReplay, StreamedFlagsAreTheAnalysedOnes) {
  HeartTracker tracker;
  played(tracker, frames_of(beats_));
  std::array<std::uint64_t, 4> analysed{};
  for (const auto& flag : analyse_heart(beats_).flags) {
    analysed.at(static_cast<std::size_t>(flag.kind)) += flag.i + 51 <= beats_.size() ? 1U : 0U;
  }
  EXPECT_EQ(tracker.counters().flagged, analysed);
  EXPECT_GT(analysed[0], 10U);
}

TEST_F(HeartReplay, AnHourOfBeatsTakesLessThanATenthOfASecond) {
  const auto rr_ms = test::calm_rr(4500, 800, 30);
  test::Strap strap;
  std::vector<HeartSample> frames;
  frames.reserve(rr_ms.size());
  for (const double rr : rr_ms) {
    frames.push_back(strap.beat(rr));
  }
  HeartTracker tracker;
  const auto start = std::chrono::steady_clock::now();
  const auto readings = played(tracker, frames);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << "one hour of beats: " << took.count() * 1000 << " ms, " << readings.size() << " readings\n";
  EXPECT_GT(readings.size(), 6000U);
  RecordProperty("seconds_per_hour", std::to_string(took.count()));
#if defined(NDEBUG)
  EXPECT_LT(took.count(), 0.1);
#endif
}

}  // namespace
}  // namespace rytme::signals
