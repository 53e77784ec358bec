// SPDX-License-Identifier: Apache-2.0
// Recorded adults: what must hold whatever the figures of the evaluation are.
#include <cmath>

#include <gtest/gtest.h>

#include "controller/signals/analyse_arousal.hpp"
#include "controller/simulator/table.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

struct Tally {
  int seconds{}, answered{}, high{}, acts{};
};

Tally tally(const ArousalRecording& recording) {
  Tally result;
  analyse_arousal(recording, [&](double t_s, const ArousalInput&, const ArousalNowResult& now,
                                 const std::optional<Baseline>&) {
    if (t_s <= recording.baseline_to_s) {
      EXPECT_FALSE(now.level) << "no level before a calm pulse is taken";
      return;
    }
    ++result.seconds;
    result.answered += now.level ? 1 : 0;
    result.high += now.level.value_or(0) >= 2 ? 1 : 0;
    result.acts += now.may_act() ? 1 : 0;
  });
  return result;
}

TEST(ArousalRecorded, WithoutAccelerationRunningIsUnknown) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  for (const auto* subject : {"gudb/subject_00.csv", "gudb/subject_12.csv", "gudb/subject_20.csv"}) {
    auto beats = test::recorded_beats(subject, "sitting");
    for (auto beat : test::recorded_beats(subject, "jogging")) {
      *beat.t_s += 120;
      beats.push_back(beat);
    }
    const auto result = tally({.rates = {},
                               .beats = beats,
                               .acceleration = {},
                               .baseline_from_s = 0,
                               .baseline_to_s = 120,
                               .place = SensorPlace::chest,
                               .optical = false});
    ASSERT_GT(result.seconds, 100);
    EXPECT_LE(result.high, result.seconds / 50) << subject;
    EXPECT_EQ(result.acts, 0) << subject;
  }
}

TEST(ArousalRecorded, AWatchThatSendsOnlyItsOwnRateIsAnsweredMostlyAndNeverActedOn) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto heart = simulator::read_table(test::shared("data/stress_predict/S05/hr_label.csv"));
  const auto acc = simulator::read_table(test::shared("data/stress_predict/S05/acc_32hz.csv.gz"));
  std::vector<TimedRate> rates;
  for (std::size_t i = 0; i < heart.columns.at("t_s").size(); ++i)
    rates.push_back({heart.columns.at("t_s")[i], heart.columns.at("hr_bpm")[i]});
  std::vector<Acceleration> acceleration;
  for (std::size_t i = 0; i < acc.columns.at("ax").size(); ++i)
    acceleration.push_back({.t_s = -10 + double(i) / 32,
                            .ax_g = acc.columns.at("ax")[i] / 64,
                            .ay_g = acc.columns.at("ay")[i] / 64,
                            .az_g = acc.columns.at("az")[i] / 64});
  const auto result = tally({.rates = rates,
                             .beats = {},
                             .acceleration = acceleration,
                             .baseline_from_s = 60,
                             .baseline_to_s = 360,
                             .place = SensorPlace::wrist,
                             .optical = true});
  EXPECT_GT(result.answered, result.seconds / 2);
  EXPECT_EQ(result.acts, 0);
}

}  // namespace
}  // namespace rytme::signals
