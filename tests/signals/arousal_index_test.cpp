// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_index.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "controller/signals/arousal_text.hpp"
#include "tests/signals/arousal_life.hpp"

namespace rytme::signals {
namespace {

using test::calm_70;
using test::second_of;

class Arousal : public testing::Test {
 protected:
  Arousal() { index_.set_baseline(calm_70()); }

  // Seconds of one kind; the last result.
  const ArousalNowResult& go(int seconds, double hr_bpm, double mad_g = 0.01) {
    for (int i = 0; i < seconds; ++i) {
      // A pulse is never the same to the last bit.
      index_.add(second_of(t_s_, hr_bpm + (i % 2 == 0 ? 0.01 : -0.01), mad_g));
      t_s_ += 1;
    }
    return index_.now();
  }
  std::string line(ArousalLanguage language) {
    ArousalLine line;
    return std::string(line.write(index_.now(), index_.baseline(), language));
  }

  ArousalIndex index_;
  double t_s_{};
};

TEST_F(Arousal, AtRestTheLevelIsZeroAndSure) {
  const auto& now = go(60, 71);
  EXPECT_EQ(now.level, 0);
  EXPECT_NEAR(*now.index, 0.9 / std::hypot(3, 2), 0.02);
  EXPECT_GT(now.confidence, 0.9);
  EXPECT_TRUE(now.may_act());
}

TEST_F(Arousal, APulseThatMovementDoesNotExplainRaisesIt) {
  go(60, 70);
  EXPECT_EQ(go(60, 86).level, 4 - 1) << "z is above 3.6, but 16 bpm are no level 4";
  EXPECT_EQ(go(60, 100).level, 4);
}

TEST_F(Arousal, WalkingIsNotTakenForArousal) {
  go(60, 70);
  for (int i = 0; i < 300; ++i) {
    // The prior's own pulse of a walk.
    const double expected = 70 + index_.movement().elevation_bpm(prior_gains(SensorPlace::chest));
    const auto& now = go(1, expected + 3, 0.25);
    EXPECT_LE(now.level.value_or(0), 1) << i;
  }
  EXPECT_GT(*index_.now().expected_bpm, 85);
}

TEST_F(Arousal, AfterHardMovementItSaysThatItCannotTell) {
  go(60, 70);
  go(180, 125, 1.0);
  EXPECT_EQ(index_.now().unknown, ArousalUnknown::moving);
  int unknown = 0;
  for (int i = 0; i < 600 && !go(1, 70 + 50 * std::exp(-i / 60.0)).level; ++i) {
    ++unknown;
    if (i > 60) {
      EXPECT_EQ(index_.now().unknown, ArousalUnknown::recovering) << i;
    }
  }
  EXPECT_GE(unknown, 180) << "three minutes";
  EXPECT_LE(unknown, 360);
}

TEST_F(Arousal, WithoutACalmPulseThereIsHeartRateOnly) {
  ArousalIndex fresh;
  const auto& now = fresh.add(second_of(1, 98));
  EXPECT_EQ(now.hr_bpm, 98);
  EXPECT_FALSE(now.level);
  EXPECT_FALSE(now.index);
  EXPECT_EQ(now.confidence, 0);
  EXPECT_EQ(now.unknown, ArousalUnknown::no_baseline);
  ArousalLine line;
  EXPECT_EQ(line.write(now, fresh.baseline(), ArousalLanguage::nb), "Puls 98. Ingen hvilepuls tatt.");
}

TEST_F(Arousal, AHighPulseWithoutKnownMovementIsUnknownAndNeverActedOn) {
  for (int t = 0; t < 200; ++t) {
    auto second = second_of(t, t < 100 ? 71 + 0.01 * (t % 2) : 95 + t % 2);
    second.body_mad_g.reset();
    const auto& now = index_.add(second);
    EXPECT_FALSE(now.may_act());
    if (t == 50) {
      EXPECT_EQ(now.level, 0);
    }
    if (t > 130) {
      EXPECT_FALSE(now.level);
      EXPECT_EQ(now.unknown, ArousalUnknown::movement_unseen);
    }
  }
}

TEST_F(Arousal, VeryQuietIsAQuestionAndNoState) {
  go(60, 70);
  auto now = go(200, 60, 0.002);
  EXPECT_TRUE(now.low_side);
  EXPECT_LE(now.confidence, 0.4);
  EXPECT_FALSE(now.may_act());
  EXPECT_EQ(now.level, 0);
  EXPECT_NE(line(ArousalLanguage::nb).find("hviler, eller frakoblet? Se etter."), std::string::npos);
  now = go(1, 60, 0.02);
  EXPECT_FALSE(now.low_side) << "moves";
}

TEST_F(Arousal, DoubtInTheCalmPulseLowersTheConfidence) {
  const double sure = go(60, 71).confidence;
  ArousalIndex doubtful;
  auto baseline = calm_70();
  baseline.doubts = static_cast<std::uint8_t>(BaselineDoubt::drifting);
  doubtful.set_baseline(baseline);
  for (int t = 0; t < 60; ++t) doubtful.add(second_of(t, t % 2 == 0 ? 71.01 : 70.99));
  EXPECT_LT(doubtful.now().confidence, sure - 0.15);
}

TEST_F(Arousal, AnOpticalSourceIsDoubtedMore) {
  auto second = second_of(0, 90);
  const double strap = *index_.add(second).index;
  ArousalIndex watch;
  watch.set_baseline(calm_70());
  second.optical = true;
  EXPECT_LT(*watch.add(second).index, strap);
}

TEST_F(Arousal, ASuddenRiseCountsALittleMore) {
  go(60, 80);
  const double steady = *index_.now().index;
  go(60, 70);
  go(15, 80);
  EXPECT_GT(*index_.now().index, steady + 0.03);
}

TEST_F(Arousal, LearnsMovementOnlyWhileCalmAndForTheNextSession) {
  go(60, 70);
  const auto prior = prior_gains(SensorPlace::chest);
  for (int i = 0; i < 1200; ++i) go(1, 70 + 45 * index_.movement().quick(), 0.16);
  const auto learnt = index_.learner().gains(prior);
  EXPECT_LT(learnt.quick_bpm, prior.quick_bpm - 3);
  EXPECT_NEAR(*index_.now().expected_bpm, 70 + index_.movement().elevation_bpm(prior), 1e-9)
      << "not within this one";

  ArousalIndex upset;
  upset.set_baseline(calm_70());
  for (int t = 0; t < 600; ++t) upset.add(second_of(t, 130 + t % 2, 0.1));
  EXPECT_NEAR(upset.learner().gains(prior).quick_bpm, prior.quick_bpm, 10)
      << "arousal is not learnt as movement";
}

TEST_F(Arousal, ExplainsItselfInOneLine) {
  Baseline baseline = calm_70();
  baseline.calm_bpm = 76;
  baseline.rest_mad_g = 0.01;
  ArousalNowResult now{.hr_bpm = 98.3,
                       .expected_bpm = 84.2,
                       .sigma_bpm = 6.1,
                       .index = 2.1,
                       .level = 2,
                       .confidence = 0.553,
                       .low_side = false,
                       .unknown = ArousalUnknown::no,
                       .side_s = 40};
  ArousalLine line;
  EXPECT_EQ(line.write(now, baseline, ArousalLanguage::nb),
            "Puls 98. Ventet for denne bevegelsen 84 ± 6. 14 over i 40 s. Egen rolig verdi i dag 76 (3 min). "
            "Tillit 0,55.");
  EXPECT_EQ(
      line.write(now, baseline, ArousalLanguage::en),
      "Pulse 98. Expected for this movement 84 ± 6. 14 above for 40 s. Own calm value today 76 (3 min). "
      "Confidence 0.55.");
  now.hr_bpm = 80;
  now.confidence = 0.3;
  now.level.reset();
  now.unknown = ArousalUnknown::unsure;
  baseline.history_won = true;
  EXPECT_EQ(line.write(now, baseline, ArousalLanguage::nb),
            "Puls 80. Ventet for denne bevegelsen 84 ± 6. 4 under i 40 s. Egen rolig verdi fra før 76. "
            "Tillit 0,30. For usikkert: vet ikke.");
}

TEST_F(Arousal, TheLineSaysForHowLong) {
  go(60, 65);
  go(41, 90);
  EXPECT_NE(line(ArousalLanguage::nb).find("20 over i 40 s."), std::string::npos)
      << line(ArousalLanguage::nb);
}

TEST_F(Arousal, AStepOfTheClockIsDoubtedForAWhileAndMovesNothing) {
  go(120, 86);
  const auto level = index_.now().level;
  ASSERT_TRUE(level);
  for (const double step_s : {3600.0, -7200.0}) {
    t_s_ += step_s;
    const auto& now = go(1, 86);
    EXPECT_LE(now.confidence, 0.5);
    EXPECT_FALSE(now.may_act());
    EXPECT_EQ(now.level.value_or(*level), *level);
    EXPECT_EQ(go(60, 86).level, level);
    EXPECT_GT(index_.now().confidence, 0.8);
  }
  EXPECT_EQ(index_.counters().clock_steps, 2U);
}

TEST_F(Arousal, AMinuteWithoutAPulseBeginsAnew) {
  go(120, 95);
  ASSERT_GE(index_.now().level.value_or(0), 3);
  for (int i = 0; i < 70; ++i) {
    auto second = second_of(t_s_, 0);
    second.hr10_bpm.reset();
    const auto& now = index_.add(second);
    EXPECT_FALSE(now.level);
    EXPECT_FALSE(now.hr_bpm);
    EXPECT_EQ(now.confidence, 0);
    t_s_ += 1;
  }
  EXPECT_EQ(go(40, 70).level, 0);
}

}  // namespace
}  // namespace rytme::signals
