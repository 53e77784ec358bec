// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_tracker.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "tests/signals/recordings.hpp"

namespace rytme::signals {
namespace {

class TrackedHeart : public testing::Test {
 protected:
  void play(const HeartSample& sample) { tracker_.add(sample, readings_); }
  void play(const std::vector<double>& rr_ms) {
    for (const double rr : rr_ms) {
      play(strap_.beat(rr));
    }
  }
  // Beats of 800 and 800 + step ms in turn: RMSSD is the step, nearly (1/1024 s).
  void play_in_turn(double seconds, double step_ms) {
    const auto pairs = std::lround(seconds / (1.6 + step_ms / 1000));
    for (auto pair = 0L; pair < pairs; ++pair) {
      play({800, 800 + step_ms});
    }
  }
  std::optional<Reading> last(Capability capability) const {
    for (auto reading = readings_.rbegin(); reading != readings_.rend(); ++reading) {
      if (reading->capability == capability) {
        return *reading;
      }
    }
    return std::nullopt;
  }
  HeartNow after(double seconds_later) const {
    return tracker_.at(strap_.received() + seconds(seconds_later));
  }

  HeartTracker tracker_;
  test::Strap strap_;
  std::vector<Reading> readings_;
};

TEST_F(TrackedHeart, NothingIsKnownBeforeTheFirstBeat) {
  const auto now = after(0);
  EXPECT_FALSE(now.bpm);
  EXPECT_FALSE(now.age_s);
  EXPECT_EQ(now.quality, Quality::unknown);
}

TEST_F(TrackedHeart, HeartRateIsThatOfTheLastTenSeconds) {
  play(std::vector<double>(60, 1000));
  play(std::vector<double>(11, 920));
  const auto rate = last(Capability::hr_mean10_bpm);
  ASSERT_TRUE(rate);
  EXPECT_NEAR(rate->value, 60'000 / 920.0, 0.1);
  EXPECT_EQ(rate->quality, Quality::good);
  EXPECT_EQ(rate->device, 3);
  EXPECT_EQ(rate->received, strap_.received());
  EXPECT_TRUE(rate->live);
}

TEST_F(TrackedHeart, FirstSecondsAreDoubtful) {
  play({800, 800, 800});
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::doubtful);
  play(std::vector<double>(5, 800));
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::good);
}

TEST_F(TrackedHeart, AtMostOneReadingPerSecond) {
  play(std::vector<double>(100, 400));  // 40 s
  std::size_t rates = 0;
  for (const auto& reading : readings_) {
    rates += reading.capability == Capability::hr_mean10_bpm ? 1U : 0U;
  }
  EXPECT_GE(rates, 39U);
  EXPECT_LE(rates, 41U);
}

TEST_F(TrackedHeart, VariabilityComesProvisionallyAfterHalfAMinute) {
  play_in_turn(28, 20);
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::unknown);
  EXPECT_TRUE(std::isnan(last(Capability::hr_rmssd60_ms).value().value));
  play_in_turn(8, 20);
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::doubtful);
  EXPECT_NEAR(last(Capability::hr_rmssd60_ms).value().value, 20, 1);
  play_in_turn(30, 20);
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::good);
}

TEST_F(TrackedHeart, VariabilityForgetsWhatIsOverAMinuteOld) {
  play_in_turn(120, 60);
  EXPECT_NEAR(last(Capability::hr_rmssd60_ms).value().value, 60, 1);
  play_in_turn(62, 10);
  EXPECT_NEAR(last(Capability::hr_rmssd60_ms).value().value, 10, 1);
}

TEST_F(TrackedHeart, IrregularRhythmIsRefused) {
  std::vector<double> rr_ms;
  rr_ms.reserve(200);
  for (int i = 0; i < 200; ++i) {
    rr_ms.push_back(400 + (i * 7919 % 600));
  }
  play(rr_ms);
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::unknown);
  EXPECT_TRUE(std::isnan(last(Capability::hr_rmssd60_ms).value().value));
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::doubtful);
  EXPECT_NEAR(last(Capability::hr_mean10_bpm).value().value, 86, 15);
  EXPECT_EQ(last(Capability::hr_window60_rmssd_ms).value().quality, Quality::unknown);
  EXPECT_EQ(last(Capability::hr_window60_bpm).value().quality, Quality::doubtful);
  EXPECT_LT(last(Capability::hr_window60_accepted).value().value, 0.8);
  EXPECT_EQ(after(0).quality, Quality::doubtful);
}

TEST_F(TrackedHeart, ValueOlderThanTenSecondsIsUnknownNeverTheLast) {
  play(std::vector<double>(20, 800));
  EXPECT_NEAR(after(9.9).bpm.value_or(0), 75, 0.1);
  EXPECT_NEAR(*after(9.9).age_s, 9.9, 1e-6);
  const auto late = after(10.1);
  EXPECT_FALSE(late.bpm);
  EXPECT_EQ(late.quality, Quality::unknown);
  EXPECT_NEAR(*late.age_s, 10.1, 1e-6);
}

TEST_F(TrackedHeart, FramesWithoutBeatsDoNotKeepAnOldValueAlive) {
  play(std::vector<double>(20, 800));
  for (int i = 0; i < 11; ++i) {
    play(strap_.rate(75));  // a strap that has sent RR goes on with its own average
  }
  EXPECT_FALSE(after(0).bpm);
}

TEST_F(TrackedHeart, SeveralIntervalsInOneFrameEndAtItsArrival) {
  for (int i = 0; i < 24; ++i) {
    play(strap_.beats({800, 820, 800, 820, 800}));
  }
  EXPECT_EQ(tracker_.counters().beats, 120U);
  EXPECT_EQ(tracker_.counters().gaps, 0U);
  EXPECT_NEAR(last(Capability::hr_mean10_bpm).value().value, 60'000 / 808.0, 1.0);
  EXPECT_NEAR(last(Capability::hr_window60_bpm).value().value, 60'000 / 808.0, 0.5);
}

TEST_F(TrackedHeart, GapIsCountedAndNoDifferenceIsTakenAcross) {
  play(std::vector<double>(40, 800));
  strap_.wait(5);
  play(std::vector<double>(40, 850));
  EXPECT_EQ(tracker_.counters().gaps, 1U);
  EXPECT_NEAR(last(Capability::hr_rmssd60_ms).value().value, 0, 1e-9);
}

TEST_F(TrackedHeart, LostFrameIsCountedAndNoDifferenceIsTakenAcross) {
  play(std::vector<double>(40, 800));
  strap_.wait(0.85, 1);
  play(std::vector<double>(40, 850));
  EXPECT_EQ(tracker_.counters().lost_frames, 1U);
  EXPECT_EQ(tracker_.counters().gaps, 0U);
  EXPECT_NEAR(last(Capability::hr_rmssd60_ms).value().value, 0, 1e-9);
}

TEST_F(TrackedHeart, DuplicatesAndLateFramesCountOnce) {
  std::vector<HeartSample> frames;
  for (int i = 0; i < 50; ++i) {
    frames.push_back(strap_.beat(800));
    play(frames.back());
    play(frames.back());
    play(frames[frames.size() / 2]);
  }
  EXPECT_EQ(tracker_.counters().beats, 50U);
  EXPECT_EQ(tracker_.counters().duplicates, 100U);
  EXPECT_EQ(tracker_.counters().lost_frames, 0U);
}

TEST_F(TrackedHeart, RestartedNodeBeginsANewChain) {
  play(std::vector<double>(100, 800));
  strap_.restart("77aa");
  play(std::vector<double>(8, 700));
  EXPECT_NEAR(last(Capability::hr_mean10_bpm).value().value, 60'000 / 700.0, 0.1)
      << "another clock, nothing old in it";
  EXPECT_EQ(tracker_.counters().duplicates, 0U);
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::unknown);
}

TEST_F(TrackedHeart, WithoutContactThereIsNoData) {
  play(std::vector<double>(50, 800));
  for (int i = 0; i < 12; ++i) {
    auto sample = strap_.beat(400);
    sample.contact = Contact::no;
    strap_.wait(0.6);
    play(sample);
  }
  EXPECT_EQ(tracker_.counters().beats, 50U);
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::unknown);
  EXPECT_TRUE(std::isnan(last(Capability::hr_mean10_bpm).value().value));
  EXPECT_EQ(last(Capability::hr_rmssd60_ms).value().quality, Quality::unknown);
  EXPECT_FALSE(after(0).bpm);
}

TEST_F(TrackedHeart, WatchGivesHeartRateAndNeverVariability) {
  for (int i = 0; i < 200; ++i) {
    play(strap_.rate(70 + i % 3));
  }
  EXPECT_NEAR(last(Capability::hr_mean10_bpm).value().value, 71, 0.5);
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::good);
  EXPECT_FALSE(last(Capability::hr_rmssd60_ms));
  EXPECT_FALSE(last(Capability::hr_window60_rmssd_ms));
  EXPECT_NEAR(after(1).bpm.value_or(0), 71, 0.5);
}

TEST_F(TrackedHeart, FrozenWatchIsNotLive) {
  for (int i = 0; i < 30; ++i) {
    play(strap_.rate(72));
  }
  EXPECT_EQ(after(0).bpm, 72);
  for (int i = 0; i < 2; ++i) {
    play(strap_.rate(72));
  }
  EXPECT_FALSE(after(0).bpm);
  EXPECT_EQ(last(Capability::hr_mean10_bpm).value().quality, Quality::unknown);
  play(strap_.rate(73));
  EXPECT_TRUE(after(0).bpm) << "it moves again";
}

TEST_F(TrackedHeart, NoValueOfAWatchIsUnknownNotZero) {
  play(strap_.rate(72));
  play(strap_.rate(std::nullopt));
  EXPECT_TRUE(std::isnan(last(Capability::hr_mean10_bpm).value().value));
  play(strap_.rate(0.0));
  play(strap_.rate(-3.0));
  play(strap_.rate(std::numeric_limits<double>::quiet_NaN()));
  play(strap_.rate(400.0));
  EXPECT_TRUE(std::isnan(last(Capability::hr_mean10_bpm).value().value));
  EXPECT_EQ(tracker_.counters().implausible, 4U);
}

TEST_F(TrackedHeart, WholeMinutesAreReportedAsTheyEnd) {
  play(std::vector<double>(75, 800));  // 59.99 s, in 1/1024 s
  EXPECT_FALSE(last(Capability::hr_window60_bpm));
  play(std::vector<double>{800});
  EXPECT_NEAR(last(Capability::hr_window60_bpm).value().value, 75, 0.1);
  EXPECT_DOUBLE_EQ(last(Capability::hr_window60_accepted).value().value, 1);
  EXPECT_EQ(last(Capability::hr_window60_rmssd_ms).value().quality, Quality::good);
}

TEST_F(TrackedHeart, RestartingTheWindowsKeepsThePresentHeartRate) {
  play(std::vector<double>(50, 800));
  tracker_.restart_windows();
  play(std::vector<double>(30, 800));
  EXPECT_FALSE(last(Capability::hr_window60_bpm)) << "24 s into the new window";
  EXPECT_NEAR(after(0).bpm.value_or(0), 75, 0.1);
  play(std::vector<double>(46, 800));
  EXPECT_TRUE(last(Capability::hr_window60_bpm));
}

TEST_F(TrackedHeart, VariabilityIsOfItsOwnWindows) {
  const auto rr_ms = test::calm_rr(60, 800, 30);
  play(rr_ms);
  EXPECT_TRUE(tracker_.variability(strap_.received()).rmssd_ms);
  EXPECT_EQ(tracker_.variability(strap_.received()).rmssd_quality, Quality::doubtful) << "provisional";
  EXPECT_FALSE(tracker_.variability(strap_.received()).sdnn_ms);
  play(test::calm_rr(100, 800, 30));
  const auto now = tracker_.variability(strap_.received());
  EXPECT_EQ(now.rmssd_quality, Quality::good);
  EXPECT_NEAR(*now.rmssd_ms, last(Capability::hr_rmssd60_ms)->value, 0.5) << "a beat older";
  EXPECT_NEAR(*now.sdnn_ms, 22, 3) << "30 / sqrt(2) and the noise of 5";
  EXPECT_GE(*now.pnn50_pct, 0);
  EXPECT_FALSE(tracker_.variability(strap_.received() + seconds(10.5)).rmssd_ms) << "old";
}

TEST_F(TrackedHeart, ARateAloneHasNoVariabilityAndNoBreath) {
  for (int i = 0; i < 200; ++i) {
    play(strap_.rate(70 + i % 3));
  }
  EXPECT_FALSE(tracker_.sends_rr());
  EXPECT_TRUE(tracker_.at(strap_.received()).bpm);
  EXPECT_FALSE(tracker_.variability(strap_.received()).rmssd_ms);
  EXPECT_FALSE(tracker_.variability(strap_.received()).sdnn_ms);
  EXPECT_FALSE(tracker_.respiration_per_min(strap_.received(), std::nullopt));
}

TEST_F(TrackedHeart, TheBreathIsUnknownInASwingOfItsFrequency) {
  play(test::calm_rr(120, 800, 30));
  const auto now = strap_.received();
  ASSERT_TRUE(tracker_.respiration_per_min(now, std::nullopt));
  EXPECT_NEAR(*tracker_.respiration_per_min(now, std::nullopt), 15, 0.5);
  EXPECT_TRUE(tracker_.respiration_per_min(now, 0.40));
  EXPECT_FALSE(tracker_.respiration_per_min(now, 0.26));
  EXPECT_FALSE(tracker_.respiration_per_min(now, 0.12));
  EXPECT_FALSE(tracker_.respiration_per_min(now + seconds(11), std::nullopt));
}

TEST_F(TrackedHeart, BegunAnewItKnowsNothingButItsCounters) {
  play(test::calm_rr(200, 800, 30));
  const auto beats = tracker_.counters().beats;
  tracker_.begin_anew();
  EXPECT_FALSE(after(0).bpm);
  EXPECT_FALSE(after(0).age_s);
  EXPECT_FALSE(tracker_.variability(strap_.received()).rmssd_ms);
  EXPECT_FALSE(tracker_.respiration_per_min(strap_.received(), std::nullopt));
  EXPECT_EQ(tracker_.counters().beats, beats);
  play(test::calm_rr(20, 500, 10));
  EXPECT_NEAR(*after(0).bpm, 120, 3);
}

TEST_F(TrackedHeart, SaysBeforehandWhatItWouldTake) {
  const auto first = strap_.beat(800);
  EXPECT_TRUE(tracker_.would_take(first));
  play(first);
  EXPECT_FALSE(tracker_.would_take(first));
  auto impossible = strap_.beat(800);
  impossible.stamp.t_us = -1;
  EXPECT_FALSE(tracker_.would_take(impossible));
  EXPECT_TRUE(tracker_.would_take(strap_.beat(800)));
}

}  // namespace
}  // namespace rytme::signals
