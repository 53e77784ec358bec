// SPDX-License-Identifier: Apache-2.0
#include "controller/room/light_curve.hpp"

#include <gtest/gtest.h>

namespace rytme {
namespace {

class Curve : public testing::TestWithParam<LightCurve> {};

TEST_P(Curve, EndsAreTheSameLightAndInBetweenItRises) {
  EXPECT_NEAR(linear_from_level(GetParam(), 0), 0, 1e-9);
  EXPECT_NEAR(linear_from_level(GetParam(), 1), 1, 1e-3);
  double before = -1;
  for (int i = 0; i <= 254; ++i) {
    const double linear = linear_from_level(GetParam(), i / 254.0);
    EXPECT_GT(linear, before);
    before = linear;
  }
}

TEST_P(Curve, ThereAndBackIsTheSameLight) {
  for (double linear = 0; linear <= 1; linear += 0.01)
    EXPECT_NEAR(linear_from_level(GetParam(), level_from_linear(GetParam(), linear)), linear, 2e-3);
}

TEST_P(Curve, SlopeIsTheDerivative) {
  for (double level = 0.05; level < 0.95; level += 0.05) {
    const double step = 1e-6;
    const double measured =
        (linear_from_level(GetParam(), level + step) - linear_from_level(GetParam(), level - step)) /
        (2 * step);
    EXPECT_NEAR(slope_at_level(GetParam(), level), measured, 1e-4 * (1 + measured));
  }
}

TEST_P(Curve, NameLeadsBack) { EXPECT_EQ(light_curve_from(name_of(GetParam())), GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, Curve,
                         testing::Values(LightCurve::linear, LightCurve::gamma22, LightCurve::dali));

TEST(Curve, DaliFollowsTheStandard) {
  // IEC 62386-102: level 229 is 50.53 %, 170 is 10.09 %, 85 is 0.99 %.
  EXPECT_NEAR(linear_from_level(LightCurve::dali, 229 / 254.0), 0.5053, 1e-3);
  EXPECT_NEAR(linear_from_level(LightCurve::dali, 170 / 254.0), 0.1009, 1e-3);
  EXPECT_NEAR(linear_from_level(LightCurve::dali, 85 / 254.0), 0.0099, 1e-4);
}

}  // namespace
}  // namespace rytme
