// SPDX-License-Identifier: Apache-2.0
// Tempo that follows a swing, from the sensor's frames to the player's beat: recorded swings with their exact
// truth through the whole core, the player modelled as one that bends its beat and never jumps.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/app/swing_room.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

void expect_no_jump(const std::vector<std::pair<double, double>>& tempi) {
  for (std::size_t i = 1; i < tempi.size(); ++i) {
    const double share = std::abs(tempi[i].second / tempi[i - 1].second - 1);
    const double time_s = tempi[i].first - tempi[i - 1].first;
    EXPECT_LE(share, 0.01 * std::max(time_s, 1.0) + 1e-6) << tempi[i - 1].second << " to " << tempi[i].second;
  }
}

class SwingFollow : public testing::TestWithParam<std::pair<std::string, double>> {};

TEST_P(SwingFollow, EightPeriodsAfterItLockedTheBeatIsWithin10DegreesOfTheSwing) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const auto& [name, bpm] = GetParam();
  SwingRoom swing(name, bpm);
  while (!swing.over() && swing.beats() == 0) swing.step();
  ASSERT_GT(swing.beats(), 0) << "it never locked";
  const double locked_s = swing.t_s();
  double worst = 0, sum = 0;
  int count = 0;
  int beats = swing.beats();
  while (!swing.over()) {
    swing.step();
    if (swing.beats() == 0) break;
    beats = swing.beats();
    if ((swing.t_s() - locked_s) * swing.truth().hz < 8) continue;
    const double error = std::abs(swing.error_deg(beats));
    worst = std::max(worst, error);
    sum += error;
    ++count;
  }
  ASSERT_GT(count, 100) << swing.last_decision() << "; locked at " << locked_s
                        << " s, it did not stay so after " << swing.t_s() << " s";
  std::printf("%-20s n %d, locked at %.1f s, mean %.1f deg, worst %.1f deg of the swing\n", name.c_str(),
              beats, locked_s, sum / count, worst);
  EXPECT_LE(worst, 10);
  expect_no_jump(swing.tempi());
}

INSTANTIATE_TEST_SUITE_P(Recorded, SwingFollow,
                         testing::Values(std::pair{std::string("swing_pumped"), 84.0},
                                         std::pair{std::string("swing_free_decay"), 66.0},
                                         std::pair{std::string("hammock_gentle"), 77.0},
                                         std::pair{std::string("nest_swing_elliptic"), 84.0}),
                         [](const auto& of) { return of.param.first; });

TEST(SwingFollow, RunsFreeWithinOneAndAHalfPeriodsOfAStop) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  SwingRoom swing("start_stop", 90);
  int stops = 0;
  bool was_swinging = false;
  double stopped_s = 0, hz = 0;
  while (!swing.over()) {
    swing.step();
    const bool swings = swing.truth().amplitude_deg > 5;
    if (was_swinging && !swings && swing.beats() > 0) {
      stopped_s = swing.t_s();
      while (!swing.over() && swing.beats() > 0) swing.step();
      const double periods = (swing.t_s() - stopped_s) * hz;
      std::printf("free after %.2f periods\n", periods);
      EXPECT_LE(periods, 1.5);
      ++stops;
    }
    was_swinging = swings;
    if (swings) hz = swing.truth().hz;
  }
  EXPECT_GT(stops, 0);
  expect_no_jump(swing.tempi());
}

}  // namespace
}  // namespace rytme::test
