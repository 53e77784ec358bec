// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_window.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "tests/signals/recordings.hpp"

namespace rytme::signals {
namespace {

using testing::ElementsAre;

HeartAnalysis analysed(const std::vector<double>& rr_ms) { return analyse_heart(test::without_times(rr_ms)); }

TEST(HeartStatistics, TextbookByHand) {
  const auto raw = analysed({800, 860, 800, 780}).record.raw;
  EXPECT_EQ(raw.n, 4U);
  EXPECT_DOUBLE_EQ(*raw.hr_bpm, 60'000 / 810.0);
  EXPECT_DOUBLE_EQ(*raw.rmssd_ms, std::sqrt((3600 + 3600 + 400) / 3.0));
  EXPECT_DOUBLE_EQ(*raw.ln_rmssd, std::log(std::sqrt(7600 / 3.0)));
  EXPECT_NEAR(*raw.sdnn_ms, std::sqrt((100 + 2500 + 100 + 900) / 3.0), 1e-9);
  EXPECT_DOUBLE_EQ(*raw.pnn50_pct, 200.0 / 3);
}

TEST(HeartStatistics, UnknownIsNotZero) {
  const auto none = analysed({}).record;
  EXPECT_EQ(none.raw.n, 0U);
  EXPECT_FALSE(none.raw.hr_bpm);
  EXPECT_FALSE(none.valid);
  EXPECT_EQ(none.reason, "no beats");
  const auto one = analysed({800}).record.raw;
  EXPECT_DOUBLE_EQ(*one.hr_bpm, 75);
  EXPECT_FALSE(one.rmssd_ms);
  EXPECT_FALSE(one.sdnn_ms);
  EXPECT_FALSE(one.pnn50_pct);
  const auto constant = analysed({800, 800}).record.raw;
  EXPECT_DOUBLE_EQ(*constant.rmssd_ms, 0);
  EXPECT_FALSE(constant.ln_rmssd) << "there is no logarithm of 0";
}

TEST(HeartWindows, HoldTheBeatsAfterFromUpToAndWithTo) {
  const auto analysis = analysed(std::vector<double>(181, 1000));  // 181 s, every 60th beat on a boundary
  ASSERT_EQ(analysis.windows_60s.size(), 3U);
  for (const auto& window : analysis.windows_60s) {
    EXPECT_EQ(window.raw.n, 60U);
    EXPECT_EQ(window.clean.n, 60U);
    EXPECT_DOUBLE_EQ(window.pairs_share, 1);
    EXPECT_TRUE(window.valid);
  }
  EXPECT_EQ(analysis.windows_60s[1].from_s, 60);
  EXPECT_EQ(analysis.windows_60s[1].to_s, 120);
  EXPECT_TRUE(analysis.windows_300s.empty());
  EXPECT_EQ(analysis.record.to_s, 181);
}

TEST(HeartWindows, OnlyWholeOnes) {
  EXPECT_TRUE(analysed(std::vector<double>(59, 1000)).windows_60s.empty());
  EXPECT_EQ(analysed(std::vector<double>(60, 1000)).windows_60s.size(), 1U);
}

TEST(HeartWindows, AnIntervalOverTheBoundaryBelongsToTheLaterWindow) {
  auto rr_ms = std::vector<double>(59, 1000);
  rr_ms.push_back(1400);  // 59.0 -> 60.4 s
  rr_ms.insert(rr_ms.end(), 60, 1000);
  const auto windows = analysed(rr_ms).windows_60s;
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].raw.n, 59U);
  EXPECT_EQ(windows[1].raw.n, 60U);
  EXPECT_DOUBLE_EQ(*windows[0].raw.rmssd_ms, 0) << "no difference to a beat outside";
}

TEST(HeartWindows, RefusesWhatHasTooManyRejectedBeats) {
  auto rr_ms = test::calm_rr(200, 800, 10);
  for (std::size_t i = 3; i + 1 < rr_ms.size(); i += 6) {
    rr_ms[i] = 500;
    rr_ms[i + 1] = 1100;
  }
  const auto analysis = analysed(rr_ms);
  for (const auto& window : analysis.windows_60s) {
    EXPECT_FALSE(window.valid);
    EXPECT_EQ(window.reason, "over 20 % of the beats rejected");
    EXPECT_LT(window.accepted_share, 0.8);
    EXPECT_FALSE(window.clean.rmssd_ms);
    EXPECT_FALSE(window.clean.sdnn_ms);
    EXPECT_NEAR(*window.clean.hr_bpm, 75, 3) << "heart rate from the median";
  }
}

TEST(HeartWindows, RefusesWhatHasTooFewPairs) {
  auto rr_ms = test::calm_rr(200, 800, 10);
  for (std::size_t i = 3; i < rr_ms.size(); i += 8) {
    rr_ms[i] = 1400;  // 1 of 8 beats, but 2 of 8 pairs
  }
  const auto analysis = analysed(rr_ms);
  EXPECT_GT(analysis.record.accepted_share, 0.8);
  EXPECT_EQ(analysis.record.reason, "under 80 % of the pairs kept");
}

TEST(HeartWindows, RefusesFewerThanThirtyPairs) {
  const auto slow = analysed(std::vector<double>(30, 2000));
  ASSERT_EQ(slow.windows_60s.size(), 1U);
  EXPECT_EQ(slow.windows_60s[0].reason, "fewer than 30 pairs");
  EXPECT_DOUBLE_EQ(*slow.windows_60s[0].clean.hr_bpm, 30);
}

TEST(HeartWindows, CleanLeavesOutWhatTheGateRefused) {
  auto rr_ms = test::calm_rr(100, 800, 15);
  const double calm_ms = *analysed(rr_ms).record.clean.rmssd_ms;
  rr_ms[40] = 500;
  rr_ms[41] = 1100;
  const auto analysis = analysed(rr_ms);
  EXPECT_THAT(analysis.gate, ElementsAre(41U, 42U)) << "counted from 1";
  EXPECT_EQ(analysis.record.clean.n, 98U);
  EXPECT_DOUBLE_EQ(analysis.record.pairs_share, 96.0 / 99);
  EXPECT_GT(*analysis.record.raw.rmssd_ms, 3 * calm_ms);
  EXPECT_NEAR(*analysis.record.clean.rmssd_ms, calm_ms, 0.05 * calm_ms);
}

TEST(HeartWindows, WithdrawnBeatIsInNoStatistic) {
  auto rr_ms = std::vector<double>(100, 850);
  rr_ms[40] = 730;
  rr_ms[41] = 990;
  const auto analysis = analysed(rr_ms);
  EXPECT_THAT(analysis.gate, ElementsAre(41U, 42U));
  EXPECT_EQ(analysis.record.clean.n, 98U);
  EXPECT_DOUBLE_EQ(*analysis.record.clean.rmssd_ms, 0);
  EXPECT_NEAR(*analysis.record.clean.sdnn_ms, 0, 1e-9);
}

TEST(HeartWindows, GapsInTheTimesBreakPairs) {
  std::vector<Beat> beats;
  double t_s = 0;
  for (int i = 0; i < 100; ++i) {
    t_s += 0.8 + (i == 50 ? 7.0 : 0.0);
    beats.push_back({.rr_ms = i < 50 ? 800.0 : 820.0, .t_s = t_s});
  }
  const auto with_gap = analyse_heart(beats).record;
  EXPECT_DOUBLE_EQ(*with_gap.clean.rmssd_ms, 0) << "the step lies in the gap";
  EXPECT_DOUBLE_EQ(with_gap.pairs_share, 98.0 / 99);
  EXPECT_DOUBLE_EQ(with_gap.to_s, 81) << "time is the sum of the intervals, gaps take none";
  EXPECT_GT(*with_gap.raw.rmssd_ms, 0);
}

}  // namespace
}  // namespace rytme::signals
