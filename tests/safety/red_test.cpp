// SPDX-License-Identifier: Apache-2.0
// Saturated red: where it begins, and how seldom a lamp may go in and out of it.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "controller/room/light_colour.hpp"
#include "controller/safety/last_stage.hpp"
#include "controller/safety/red_gate.hpp"

namespace rytme::safety {
namespace {

using std::chrono::milliseconds;

Instant at(double s) { return Instant{} + seconds(1000 + s); }

// R/(R+G+B) of linear sRGB on the Planckian locus by Kim et al. 2002; what is outside the gamut is cut off.
double red_share(double cct_k) {
  const double t = 1e3 / cct_k;
  const double x = -0.2661239 * t * t * t - 0.2343589 * t * t + 0.8776956 * t + 0.179910;
  const double y = cct_k < 2222 ? -1.1063814 * x * x * x - 1.34811020 * x * x + 2.18555832 * x - 0.20219683
                                : -0.9549476 * x * x * x - 1.37418593 * x * x + 2.09137015 * x - 0.16748867;
  const double large_x = x / y, large_z = (1 - x - y) / y;
  const double red = std::max(0.0, 3.2406 * large_x - 1.5372 - 0.4986 * large_z);
  const double green = std::max(0.0, -0.9689 * large_x + 1.8758 + 0.0415 * large_z);
  const double blue = std::max(0.0, 0.0557 * large_x - 0.2040 + 1.0570 * large_z);
  return red / (red + green + blue);
}

TEST(Red, BeginsWhereTheFormulaSaysTo1Percent) {
  EXPECT_LT(red_share(red_below_cct_k), 0.8);
  EXPECT_GE(red_share(red_below_cct_k - 20), 0.8);
  EXPECT_TRUE(is_saturated_red(1800));
  EXPECT_FALSE(is_saturated_red(red_below_cct_k));
  EXPECT_FALSE(is_saturated_red(0)) << "no colour asked for";
}

TEST(Red, TheGateOpensTenSecondsAfterTheFade) {
  RedGate gate;
  EXPECT_EQ(gate.pass(3000, 1500, milliseconds{500}, at(0)), 1500);
  EXPECT_EQ(gate.opens(), at(10.5));
  EXPECT_EQ(gate.pass(1500, 3000, milliseconds{500}, at(10.4)), red_below_cct_k - 10) << "to the border";
  EXPECT_EQ(gate.pass(red_below_cct_k - 5, 3000, milliseconds{500}, at(10.4)), red_below_cct_k - 5)
      << "and not back from it";
  EXPECT_EQ(gate.pass(1500, 3000, milliseconds{500}, at(10.5)), 3000);
}

class RedLamp : public testing::TestWithParam<bool> {  // whether it fades by itself
 protected:
  RedLamp() : stage({lamp()}) {
    stage.observed_light(3, 0.4, at(0));
    ask(3000);
    run(20);
    crossings.clear();
  }
  static Fixture lamp() {
    Fixture fixture;
    fixture.device = 3;
    fixture.is_light = fixture.has_cct = true;
    fixture.fades_itself = GetParam();
    return fixture;
  }
  void ask(double cct_k) {
    Aim aim;
    aim.light = LightScene{0.4, cct_k};
    stage.aim(aim, at(t_s));
  }
  // To end_s; notes each change in or out of red that the lamp is told.
  void run(double end_s) {
    for (Instant now = at(t_s); now <= at(end_s); now = std::max(now + milliseconds{1}, stage.next_wake())) {
      for (const Sent& sent : stage.due(now)) {
        ++sends;
        for (const Setting& one : sent.command.settings) {
          if (one.capability != Capability::light_cct_k) continue;
          if (told && is_saturated_red(*told) != is_saturated_red(one.value))
            crossings.push_back(seconds_between(at(0), now));
          told = one.value;
        }
      }
    }
    t_s = end_s;
  }

  LastStage stage;
  double t_s{};
  std::optional<double> told;
  std::vector<double> crossings;
  int sends{};
};

TEST_P(RedLamp, GoesInAndOutAtMostOncePerTenSecondsHoweverItIsAsked) {
  for (int i = 0; i < 200; ++i) {
    ask(i % 2 == 0 ? 1600 : 3000);
    run(t_s + (i % 20 < 10 ? 0.7 : 2.5) + 0.05 * (i % 13));
  }
  ASSERT_GE(crossings.size(), 5U) << "it does go into red";
  for (std::size_t i = 1; i < crossings.size(); ++i) EXPECT_GE(crossings[i] - crossings[i - 1], 10 - 1e-6);
}

TEST_P(RedLamp, GetsThereInTheEndAndIsNotToldTheSameOverAndOver) {
  ask(1600);
  run(t_s + 6);
  ask(3000);
  const int before = sends;
  run(t_s + 30);
  EXPECT_EQ(told, 3000);
  EXPECT_LT(sends - before, 30);
}

TEST_P(RedLamp, AStopOutOfRedKeepsTheRuleAndStillGivesSafeLightAtOnce) {
  ask(1600);
  run(t_s + 4);
  ASSERT_TRUE(is_saturated_red(*told));
  stage.stop(at(t_s), "http:tablet-1");
  run(t_s + 3);
  EXPECT_NEAR(stage.light_now(at(t_s)), Fixture{}.safe.level, 1e-3);
  run(t_s + 30);
  EXPECT_EQ(told, Fixture{}.safe.cct_k);
  for (std::size_t i = 1; i < crossings.size(); ++i) EXPECT_GE(crossings[i] - crossings[i - 1], 10 - 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Lamps, RedLamp, testing::Bool(),
                         [](const auto& of) { return of.param ? "FadesItself" : "IsStepped"; });

}  // namespace
}  // namespace rytme::safety
