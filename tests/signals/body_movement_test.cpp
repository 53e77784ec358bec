// SPDX-License-Identifier: Apache-2.0
// Which sensor may speak for the body: the one that is worn, and of a seat only what a seat can know.
#include "controller/signals/body_movement.hpp"

#include <array>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/signals/swing_recordings.hpp"

namespace rytme::signals {
namespace {

constexpr DeviceIndex seat = 1, strap = 2;

class Moving : public testing::Test {
 protected:
  void send(DeviceIndex device, test::Pendulum& pendulum, double seconds) {
    for (const auto end_us = pendulum.t_us() + std::llround(seconds * 1e6); pendulum.t_us() < end_us;) {
      MotionFrame frame;
      frame.device = device;
      frame.stamp = {.boot = "1", .seq = seq_[device]++, .t_us = pendulum.t_us() + pendulum.step_us};
      frame.step_us = {static_cast<std::int32_t>(pendulum.step_us)};
      for (int i = 0; i < 10; ++i) {
        const auto sample = pendulum.next();
        frame.ax.push_back(static_cast<float>(sample.acceleration[0]));
        frame.ay.push_back(static_cast<float>(sample.acceleration[1]));
        frame.az.push_back(static_cast<float>(sample.acceleration[2]));
        frame.gx.push_back(static_cast<float>((*sample.rate)[0]));
        frame.gy.push_back(static_cast<float>((*sample.rate)[1]));
        frame.gz.push_back(static_cast<float>((*sample.rate)[2]));
      }
      now_ = Instant{} + std::chrono::hours(1) + std::chrono::microseconds(pendulum.t_us());
      frame.received = now_;
      if (movement.add(frame)) ++told_;
    }
  }

  BodyMovement movement{std::array{strap}};
  Instant now_{};
  int told_{};

 private:
  std::map<DeviceIndex, std::uint64_t> seq_;
};

TEST_F(Moving, NothingHasMovedThatNobodyHears) {
  EXPECT_FALSE(movement.mad_g(now_));
  EXPECT_FALSE(movement.swing_hz(now_));
}

TEST_F(Moving, AStillSeatSaysNothingOfAPersonWhoMayHaveLeftIt) {
  test::Pendulum still(1.8, 0, 1);
  send(seat, still, 90);
  EXPECT_FALSE(movement.mad_g(now_));
}

TEST_F(Moving, ABodyThatMovesOnASeatIsSeen) {
  test::Pendulum fidget(1.8, 0, 2);
  fidget.fidget_mps2 = 1;
  send(seat, fidget, 20);
  ASSERT_TRUE(movement.mad_g(now_));
  EXPECT_GT(*movement.mad_g(now_), 0.03);
  EXPECT_NEAR(told_, 20, 1) << "once a second";
}

TEST_F(Moving, WhoPumpsMovesMoreThanTheSeatShows) {
  test::Pendulum swing(1.8, 0.3, 3);
  swing.growth_per_s = 0.02;
  swing.fidget_mps2 = 0.6;
  send(seat, swing, 40);
  ASSERT_TRUE(movement.swing_hz(now_));
  EXPECT_NEAR(*movement.swing_hz(now_), swing.frequency_hz(), 0.01);
  EXPECT_FALSE(movement.mad_g(now_));
}

TEST_F(Moving, TheWornSensorIsBelievedBeforeTheSeat) {
  test::Pendulum fidget(1.8, 0, 4);
  fidget.fidget_mps2 = 1;
  test::Pendulum body(1.8, 0, 5);
  for (int s = 0; s < 20; ++s) {
    send(seat, fidget, 1);
    send(strap, body, 1);
  }
  ASSERT_TRUE(movement.mad_g(now_));
  EXPECT_LT(*movement.mad_g(now_), 0.03);
  EXPECT_FALSE(movement.swing_hz(now_));
}

TEST_F(Moving, ASensorThatHasFallenSilentSaysNothing) {
  test::Pendulum fidget(1.8, 0, 6);
  fidget.fidget_mps2 = 1;
  send(seat, fidget, 20);
  EXPECT_TRUE(movement.mad_g(now_));
  EXPECT_FALSE(movement.mad_g(now_ + std::chrono::seconds(4)));
}

}  // namespace
}  // namespace rytme::signals
