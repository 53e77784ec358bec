// SPDX-License-Identifier: Apache-2.0
// The node's own frequency and amplitude, against pendulums whose own are known.
#include "firmware/core/swing_meter.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include <gmock/gmock.h>

namespace rytme::firmware::test {
namespace {

constexpr double pi = std::numbers::pi;

struct Pendulum {
  double hz{0.4};
  double degrees{20};
  int axis{};
  double error_dps{};  // of the gyroscope at rest
  double noise_dps{};
};

std::optional<Swinging> after(double seconds, const Pendulum& swing, SwingMeter meter = {}) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 1);
  for (int i = 0; i < static_cast<int>(seconds * 100); ++i) {
    Sample sample;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool swings = static_cast<int>(axis) == swing.axis;
      const double rate =
          swings ? swing.degrees * 2 * pi * swing.hz * std::cos(2 * pi * swing.hz * i / 100) : 0;
      const double said = rate + swing.error_dps + swing.noise_dps * noise(random);
      sample.axes.at(3 + axis) =
          static_cast<std::int16_t>(std::lround(said / motion_registers::dps_per_count));
    }
    meter.take(sample);
  }
  return meter.swinging();
}

TEST(SwingMeter, FindsFrequencyAmplitudeAndAxis) {
  for (const double hz : {0.2, 0.4, 0.6, 1.0})
    for (const double degrees : {5.0, 20.0, 45.0})
      for (const int axis : {0, 1, 2}) {
        const auto found = after(20, {hz, degrees, axis});
        ASSERT_TRUE(found) << hz << ' ' << degrees;
        EXPECT_NEAR(found->millihertz, 1000 * hz, 20 * hz) << degrees;
        EXPECT_NEAR(found->amplitude_centideg, 100 * degrees, 2 * degrees) << hz;
        EXPECT_EQ(found->axis, axis);
      }
}

TEST(SwingMeter, AnErrorOfTheGyroscopeAndItsNoiseDoNoHarm) {
  const auto found = after(20, {0.4, 10, 1, 1.0, 0.3});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->millihertz, 400, 12);
  EXPECT_NEAR(found->amplitude_centideg, 1000, 30);
}

TEST(SwingMeter, WhatDoesNotSwingHasNone) {
  EXPECT_FALSE(after(20, {0.4, 0, 0, 1.0, 0.3}));
  EXPECT_FALSE(after(20, {0.4, 0.5, 0})) << "half a degree";
  EXPECT_FALSE(after(30, {0.1, 40, 0})) << "slower than any swing";
  EXPECT_FALSE(after(1.0, {0.4, 20, 0})) << "not two half swings yet";
}

TEST(SwingMeter, AVeryLargeSwingIsHeldWithinItsRegister) {
  const auto found = after(20, {0.13, 700, 0});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->amplitude_centideg, 0xFFFE);
}

TEST(SwingMeter, AShakeIsNoHalfSwing) { EXPECT_FALSE(after(10, {5, 2, 0})); }

TEST(SwingMeter, WhatStopsIsForgotten) {
  SwingMeter meter;
  for (int i = 0; i < 1000; ++i)
    meter.take(
        {{0, 0, 0, 0, static_cast<std::int16_t>(std::lround(1400 * std::sin(2 * pi * 0.4 * i / 100))), 0}});
  ASSERT_TRUE(meter.swinging());
  EXPECT_FALSE(after(5, {0.4, 0, 0}, meter));
  meter.restart();
  EXPECT_FALSE(meter.swinging());
}

}  // namespace
}  // namespace rytme::firmware::test
