// SPDX-License-Identifier: Apache-2.0
// The running sums against the plain formulas over the same beats.
#include "controller/signals/recent_beats.hpp"

#include <cmath>
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "tests/signals/recordings.hpp"

namespace rytme::signals {
namespace {

struct Timed {
  std::int64_t beat_us{};
  CleanBeat beat;
};

// All beats are kept and everything is computed anew.
class Plain {
 public:
  void add(std::int64_t beat_us, const CleanBeat& beat) {
    if (beat.withdraws_previous && !beats_.empty()) {
      beats_.back().beat.accepted = false;
      beats_.back().beat.difference_ms.reset();
    }
    beats_.push_back({beat_us, beat});
    while (beats_.front().beat_us <= beat_us - 200'000'000) {
      beats_.pop_front();
    }
  }

  double bpm() const {
    double sum_ms = 0;
    int beats = 0;
    for (const auto& [beat_us, beat] : last(10)) {
      sum_ms += beat.accepted ? beat.rr_ms : 0;
      beats += beat.accepted ? 1 : 0;
    }
    return 60'000 * beats / sum_ms;
  }
  BeatStatistics statistics(int seconds) const {
    BeatStatistics statistics;
    bool first = true;
    for (const auto& [beat_us, beat] : last(seconds)) {
      if (beat.accepted) {
        statistics.add_beat(beat.rr_ms);
      }
      if (beat.difference_ms && !first) {
        statistics.add_difference(*beat.difference_ms);
      }
      first = false;
    }
    return statistics;
  }

 private:
  std::vector<Timed> last(int seconds) const {
    std::vector<Timed> kept;
    for (const auto& timed : beats_) {
      if (timed.beat_us > beats_.back().beat_us - 1'000'000LL * seconds) {
        kept.push_back(timed);
      }
    }
    return kept;
  }
  std::deque<Timed> beats_;
};

// With an early beat now and then, some of which the gate takes back.
std::vector<double> calm_with_early_beats(std::size_t beats) {
  auto rr_ms = test::calm_rr(beats, 850, 30);
  for (std::size_t at = 20; at + 1 < beats; at += 37) {
    rr_ms[at] = at % 2 == 0 ? 730 : 520;
    rr_ms[at + 1] = at % 2 == 0 ? 990 : 1180;
  }
  return rr_ms;
}

void expect_near(const Estimate& estimate, const std::optional<double>& plain) {
  ASSERT_EQ(estimate.quality == Quality::unknown, std::isnan(estimate.value));
  if (estimate.quality != Quality::unknown) {
    ASSERT_TRUE(plain);
    EXPECT_NEAR(estimate.value, *plain, 1e-4 * *plain + 1e-9);
  }
}

TEST(RecentBeats, AreThePlainFormulasAtEveryBeat) {
  BeatCleaner cleaner;
  RecentBeats recent;
  Plain plain;
  std::int64_t t_us = 0;
  std::size_t known = 0;
  for (const double rr : calm_with_early_beats(2000)) {
    t_us += std::llround(rr * 1e3);
    const auto beat = cleaner.add(rr, t_us);
    ASSERT_TRUE(beat);
    recent.add(t_us, *beat);
    plain.add(t_us, *beat);
    expect_near(recent.heart_rate(), plain.bpm());
    expect_near(recent.rmssd(), plain.statistics(60).result().rmssd_ms);
    expect_near(recent.sdnn(), plain.statistics(120).result().sdnn_ms);
    expect_near(recent.pnn50(), plain.statistics(120).result().pnn50_pct);
    known += recent.sdnn().quality == Quality::good ? 1U : 0U;
  }
  EXPECT_GT(known, 1500U);
}

TEST(RecentBeats, SdnnIsOfTwoWholeMinutesOrUnknown) {
  RecentBeats recent;
  BeatCleaner cleaner;
  std::int64_t t_us = 0;
  for (const double rr : test::calm_rr(200, 800, 30)) {
    t_us += std::llround(rr * 1e3);
    recent.add(t_us, *cleaner.add(rr, t_us));
    EXPECT_EQ(recent.sdnn().quality, t_us < 108'000'000 ? Quality::unknown : Quality::good) << t_us;
    EXPECT_EQ(recent.pnn50().quality, recent.sdnn().quality);
  }
}

// A day later every number is, to the last bit, what it is after three minutes.
TEST(RecentBeats, DoNotDriftOverADay) {
  const auto rr_ms = calm_with_early_beats(102'000);
  BeatCleaner cleaner;
  RecentBeats all, late;
  std::int64_t t_us = 0;
  for (std::size_t i = 0; i < rr_ms.size(); ++i) {
    t_us += std::llround(rr_ms[i] * 1e3);
    const auto beat = *cleaner.add(rr_ms[i], t_us);
    all.add(t_us, beat);
    if (i + 300 >= rr_ms.size()) {
      late.add(t_us, beat);
    }
  }
  EXPECT_GT(t_us, 86'000'000'000);
  EXPECT_EQ(all.heart_rate().value, late.heart_rate().value);
  EXPECT_EQ(all.rmssd().value, late.rmssd().value);
  EXPECT_EQ(all.sdnn().value, late.sdnn().value);
  EXPECT_EQ(all.pnn50().value, late.pnn50().value);
}

TEST(RecentBeats, MoreThanFitsMakesRoom) {
  RecentBeats recent;
  for (int i = 0; i < 5000; ++i) {
    recent.add(i, {.rr_ms = 1, .difference_ms = {}});
  }
  EXPECT_EQ(recent.heart_rate().quality, Quality::unknown);
  BeatCleaner cleaner;
  std::int64_t t_us = 0;
  for (const double rr : test::calm_rr(300, 800, 30)) {
    t_us += std::llround(rr * 1e3);
    recent.add(t_us, *cleaner.add(rr, t_us));
  }
  EXPECT_EQ(recent.sdnn().quality, Quality::good);
}

}  // namespace
}  // namespace rytme::signals
