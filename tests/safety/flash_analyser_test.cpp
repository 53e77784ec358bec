// SPDX-License-Identifier: Apache-2.0
// The analyser itself: it must find what is known to be bad and pass what is known to be good.
#include "tests/support/flash_analyser.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace rytme::test {
namespace {

LightTrace square(double hertz, double low, double high, double seconds) {
  LightTrace trace;
  const double half_s = 0.5 / hertz;
  double value = low;
  for (int i = 0; i * half_s < seconds; ++i) {
    trace.push_back({i * half_s, value});
    value = value == low ? high : low;
    trace.push_back({i * half_s, value});
  }
  return trace;
}

LightTrace triangle(double period_s, double low, double high, double seconds) {
  LightTrace trace;
  for (int i = 0; i * period_s / 2 <= seconds; ++i)
    trace.push_back({i * period_s / 2, i % 2 == 0 ? low : high});
  return trace;
}

TEST(FlashAnalyser, CountsSquareWavesOfKnownRate) {
  // A closed window of one second can hold the change at both its ends.
  EXPECT_EQ(analyse_light(square(4, 0.1, 0.9, 10)).flashes_in_1s, 4);
  EXPECT_EQ(analyse_light(square(10, 0.1, 0.9, 10)).flashes_in_1s, 10);
  EXPECT_EQ(analyse_light(square(25, 0.1, 0.9, 10)).flashes_in_1s, 25);
  EXPECT_NEAR(analyse_light(square(4, 0.1, 0.9, 10)).largest_step, 0.8, 1e-12);
}

TEST(FlashAnalyser, CountsFlashesThatAreRamps) {
  EXPECT_EQ(analyse_light(triangle(0.25, 0.2, 0.5, 10)).flashes_in_1s, 4);
  EXPECT_EQ(analyse_light(triangle(1.0, 0.2, 0.5, 10)).flashes_in_1s, 1);
}

TEST(FlashAnalyser, FindsTheWindowThatBeginsInMidRamp) {
  // Long rise, then down and up and down within 0.9 s: two flashes need the last tenth of the rise.
  const LightTrace trace{{0, 0.1}, {3, 0.7}, {3.15, 0.5}, {3.3, 0.7}, {3.45, 0.5}, {6, 0.5}};
  EXPECT_EQ(analyse_light(trace).flashes_in_1s, 2);
}

TEST(FlashAnalyser, SmallAndBrightChangesAreNoFlashes) {
  EXPECT_EQ(analyse_light(square(10, 0.40, 0.49, 5)).flashes_in_1s, 0);
  EXPECT_EQ(analyse_light(square(10, 0.82, 1.00, 5)).flashes_in_1s, 0);
  EXPECT_GT(analyse_light(square(10, 0.79, 0.90, 5)).flashes_in_1s, 3);
}

TEST(FlashAnalyser, ABreathOfTenSecondsIsGood) {
  const LightReport report = analyse_light(triangle(10, 0.0, 1.0, 100));
  EXPECT_LE(report.flashes_in_1s, 1);  // a tenth down and a tenth up around the trough
  EXPECT_NEAR(report.slew_per_s, 0.2, 1e-12);
  EXPECT_NEAR(report.change_in_1s, 0.2, 1e-12);
}

TEST(FlashAnalyser, MeasuresTheLightMovedInASecond) {
  EXPECT_NEAR(analyse_light({{0, 0.0}, {0, 0.5}, {0.5, 0.5}, {0.5, 0.2}, {9, 0.2}}).change_in_1s, 0.8, 1e-12);
  EXPECT_NEAR(analyse_light({{0, 0.0}, {10, 1.0}, {12, 0.0}}).change_in_1s, 0.5, 1e-12);
}

TEST(FlashAnalyser, CountsRedAndBlue) {
  std::vector<ColourPoint> trace;
  for (int i = 0; i < 240; ++i)
    trace.push_back(i % 2 == 0 ? ColourPoint{i / 24.0, 1, 0, 0} : ColourPoint{i / 24.0, 0, 0, 1});
  EXPECT_GE(red_transitions(trace, 1.0), 24);
  EXPECT_EQ(red_transitions({{0, 1, 1, 1}, {1, 0.9, 0.8, 0.6}, {2, 0.2, 0.2, 1}}, 10), 0);
  EXPECT_EQ(red_transitions({{0, 1, 1, 1}, {5, 1, 0, 0}, {20, 1, 1, 1}}, 10), 1);
  // Hardly any light, but far apart in colour.
  EXPECT_EQ(red_transitions({{0, 0.02, 0, 0}, {1, 0.007, 0.007, 0.007}}, 10), 1);
}

TEST(FlashAnalyser, DrawsWhatALampShows) {
  const auto square_law = [](double level) { return level * level; };
  const LightTrace trace =
      trace_of({{0, 1.0, 2.0}, {1, 0.0, 1.0}, {4, 1.0, 0.0}, {5, 1.0, 0.0, false}}, square_law, 0, 6);
  const LightReport report = analyse_light(trace);
  EXPECT_NEAR(report.largest_step, 1.0, 1e-12);
  EXPECT_NEAR(trace.back().linear, 0.0, 1e-12);
  double highest_before_turn = 0;
  for (const LightPoint& point : trace)
    if (point.t_s < 3.9) highest_before_turn = std::max(highest_before_turn, point.linear);
  EXPECT_NEAR(highest_before_turn, 0.25, 1e-9);  // turned round half way: level 0.5
}

TEST(FlashAnalyser, FindsALampThatIsToldToBlink) {
  std::vector<LightCommandSeen> commands;
  for (int i = 0; i < 40; ++i) commands.push_back({i * 0.125, i % 2 == 0 ? 1.0 : 0.2, 0.1});
  EXPECT_EQ(analyse_light(trace_of(
                              commands, [](double level) { return level; }, 0.2, 6))
                .flashes_in_1s,
            4);
}

}  // namespace
}  // namespace rytme::test
