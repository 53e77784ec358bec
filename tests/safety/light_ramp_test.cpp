// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/light_ramp.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/flash_analyser.hpp"

namespace rytme::safety {
namespace {

double steepest_of_fade(LightCurve curve, double from, double to, double seconds) {
  const auto linear = [curve](double level) { return linear_from_level(curve, level); };
  return test::analyse_light(test::trace_of({{0, to, seconds}}, linear, from, seconds)).slew_per_s;
}

class LightRamp : public testing::TestWithParam<LightCurve> {};

TEST_P(LightRamp, LastsAsLongAsTheSteepestPointAsks) {
  for (double from = 0; from <= 1; from += 0.1) {
    for (double to = 0; to <= 1; to += 0.1) {
      const double seconds = ramp_seconds(GetParam(), exactly(from), to, 0.2);
      if (seconds < 0.1) continue;
      const double steepest = steepest_of_fade(GetParam(), from, to, seconds);
      EXPECT_LE(steepest, 0.2 + 1e-9) << from << " to " << to;
      // (The dali curve is steep in its lowest 1/254 only; fades that dim are slower than they look.)
      EXPECT_GT(steepest, std::max(from, to) > 0.5 ? 0.1 : 0.0) << "much too slow: " << from << " to " << to;
    }
  }
}

TEST_P(LightRamp, FromAnywhereIsAsSlowAsFromTheWorstPlace) {
  for (double to = 0; to <= 1; to += 0.1) {
    const double anywhere = ramp_seconds(GetParam(), {0.0, 1.0, 0.5}, to, 0.2);
    for (double from = 0; from <= 1; from += 0.05)
      EXPECT_GE(anywhere + 1e-9, ramp_seconds(GetParam(), exactly(from), to, 0.2));
  }
}

TEST_P(LightRamp, GoesAsFarAsTheTimeAllows) {
  EXPECT_EQ(farthest_level(GetParam(), 0.5, 0.51, 0.2, 10.0), 0.51);
  const double reached = farthest_level(GetParam(), 1.0, 0.0, 0.2, 1.0);
  EXPECT_NEAR(ramp_seconds(GetParam(), exactly(1.0), reached, 0.2), 1.0, 1e-6);
  EXPECT_LT(reached, 1.0);
}

INSTANTIATE_TEST_SUITE_P(Curves, LightRamp,
                         testing::Values(LightCurve::linear, LightCurve::gamma22, LightCurve::dali));

}  // namespace
}  // namespace rytme::safety
