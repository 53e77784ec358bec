// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/beat_gate.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <gmock/gmock.h>

#include "controller/signals/beat_cleaner.hpp"
#include "tests/signals/recordings.hpp"

namespace rytme::signals {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Positions of the beats that are refused in the end, withdrawn ones included.
std::vector<std::size_t> refused(const std::vector<double>& rr_ms) {
  BeatGate gate;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < rr_ms.size(); ++i) {
    const auto verdict = gate.judge(rr_ms[i]);
    if (verdict.withdraws_previous) {
      positions.push_back(i - 1);
    }
    if (!verdict.accepted) {
      positions.push_back(i);
    }
  }
  return positions;
}

std::vector<double> calm_with(std::size_t at, const std::vector<double>& beats) {
  auto rr_ms = test::calm_rr(60, 850, 20);
  std::copy(beats.begin(), beats.end(), rr_ms.begin() + static_cast<std::ptrdiff_t>(at));
  return rr_ms;
}

// Respiratory arrhythmia of a child: 280 ms from the shortest to the longest interval.
std::vector<double> child_rr(std::size_t beats, double breath_s) {
  std::vector<double> rr_ms;
  double t_s = 0;
  for (std::size_t i = 0; i < beats; ++i) {
    rr_ms.push_back(750 + 140 * std::sin(2 * std::numbers::pi * t_s / breath_s));
    t_s += rr_ms.back() / 1000;
  }
  return rr_ms;
}

TEST(BeatGate, AcceptsACalmHeart) { EXPECT_THAT(refused(test::calm_rr(500, 850, 40)), IsEmpty()); }

TEST(BeatGate, RefusesAnEarlyBeatAndItsPauseOnly) {
  EXPECT_THAT(refused(calm_with(30, {520, 1180})), ElementsAre(30U, 31U));
}

TEST(BeatGate, WithdrawsAnEarlyBeatThatFittedWhenItsPauseComes) {
  EXPECT_THAT(refused(calm_with(30, {730, 990, 850})), ElementsAre(30U, 31U));
}

TEST(BeatGate, RefusesThePauseAfterARefusedBeatEvenIfItFits) {
  EXPECT_THAT(refused(calm_with(30, {660, 960, 850})), ElementsAre(30U, 31U));
}

TEST(BeatGate, RefusesAMissedAndAnExtraBeat) {
  EXPECT_THAT(refused(calm_with(30, {1700})), ElementsAre(30U));
  EXPECT_THAT(refused(calm_with(30, {400, 450})), ElementsAre(30U, 31U));
}

TEST(BeatGate, FollowsASuddenChangeFromTheFourthBeatOn) {
  auto rr_ms = test::calm_rr(30, 900, 10);
  const auto faster = test::calm_rr(30, 560, 10);
  rr_ms.insert(rr_ms.end(), faster.begin(), faster.end());
  EXPECT_THAT(refused(rr_ms), ElementsAre(30U, 31U, 32U));
}

TEST(BeatGate, RecoversFromABadFirstBeat) {
  auto rr_ms = test::calm_rr(30, 750, 10);
  rr_ms.insert(rr_ms.begin(), 1589);
  EXPECT_THAT(refused(rr_ms), ElementsAre(1U, 2U, 3U));
}

TEST(BeatGate, RangeIsClosed) {
  EXPECT_TRUE(BeatGate{}.judge(270).accepted);
  EXPECT_TRUE(BeatGate{}.judge(2000).accepted);
  const std::vector<double> outside{269.9,
                                    2000.1,
                                    0,
                                    -800,
                                    std::numeric_limits<double>::quiet_NaN(),
                                    std::numeric_limits<double>::infinity()};
  for (const double rr : outside) {
    EXPECT_FALSE(BeatGate{}.judge(rr).accepted) << rr;
  }
  EXPECT_THAT(refused(std::vector<double>(20, 2100)).size(), 20U) << "agreement does not help out of range";
}

TEST(BeatGate, WidensForTheRespirationOfAChild) {
  for (const double breath_s : {3.0, 4.0, 5.0, 6.0}) {
    BeatGate gate;
    std::size_t refusals = 0;
    const auto rr_ms = child_rr(300, breath_s);
    for (std::size_t i = 0; i < rr_ms.size(); ++i) {
      const bool accepted = gate.judge(rr_ms[i]).accepted;
      refusals += i >= 64 && !accepted ? 1U : 0U;
    }
    EXPECT_TRUE(gate.wide()) << breath_s;
    EXPECT_LE(refusals, 236U * 2 / 100) << "breath of " << breath_s << " s";
  }
}

TEST(BeatGate, StaysNarrowWhereShortIsFollowedByLong) {
  for (const int every : {2, 3, 5, 10}) {
    BeatGate gate;
    auto rr_ms = test::calm_rr(300, 850, 15);
    for (std::size_t i = 5; i + 1 < rr_ms.size(); i += static_cast<std::size_t>(every)) {
      rr_ms[i] = 600;
      rr_ms[i + 1] = 1100;
    }
    for (std::size_t i = 0; i < rr_ms.size(); ++i) {
      gate.judge(rr_ms[i]);
      EXPECT_FALSE(i >= 20 && gate.wide()) << "ectopic beat every " << every << ", beat " << i;
    }
  }
}

TEST(BeatGate, NarrowsAgainWhenTheBreathingCalms) {
  BeatGate gate;
  for (const double rr : child_rr(200, 4)) {
    gate.judge(rr);
  }
  EXPECT_TRUE(gate.wide());
  for (const double rr : test::calm_rr(200, 750, 15)) {
    gate.judge(rr);
  }
  EXPECT_FALSE(gate.wide());
}

TEST(BeatGate, AfterAnInterruptionOnlyTheMedianCounts) {
  BeatGate gate;
  for (const double rr : {800.0, 800.0, 800.0, 800.0, 900.0}) {
    gate.judge(rr);
  }
  BeatGate interrupted = gate;
  interrupted.interrupt();
  EXPECT_FALSE(gate.judge(700).accepted) << "a step of 200 ms";
  EXPECT_TRUE(interrupted.judge(700).accepted) << "unknown beats lie between";
}

TEST(BeatCleaner, NoDifferenceAcrossARefusedBeatOrAGap) {
  BeatCleaner cleaner;
  std::int64_t t_us = 0;
  const auto add = [&](double rr, std::int64_t late_us = 0) {
    t_us += std::llround(rr * 1e3) + late_us;
    return cleaner.add(rr, t_us);
  };
  EXPECT_FALSE(add(800)->difference_ms);
  EXPECT_EQ(add(810)->difference_ms, 10);
  EXPECT_FALSE(add(1500)->difference_ms) << "refused";
  EXPECT_FALSE(add(820)->difference_ms) << "its predecessor was refused";
  EXPECT_EQ(add(800)->difference_ms, -20);
  const auto after = add(805, 4'000'000);
  EXPECT_TRUE(after->gap);
  EXPECT_TRUE(after->accepted);
  EXPECT_FALSE(after->difference_ms);
  EXPECT_EQ(add(800)->difference_ms, -5);
  cleaner.interrupt();
  EXPECT_FALSE(add(800)->difference_ms);
  EXPECT_FALSE(cleaner.add(0, t_us).has_value());
  EXPECT_FALSE(add(800)->difference_ms) << "after what was no interval";
}

}  // namespace
}  // namespace rytme::signals
