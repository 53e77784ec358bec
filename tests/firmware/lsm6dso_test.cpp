// SPDX-License-Identifier: Apache-2.0
// The driver of the LSM6DSO against its registers.
#include "firmware/core/lsm6dso.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "tests/firmware/lsm6dso_model.hpp"

namespace rytme::firmware::test {
namespace {

using namespace std::chrono_literals;

class Imu : public testing::Test {
 protected:
  std::vector<ImuSource::Taken> run(Micros time, Micros step = 1ms) {
    std::vector<ImuSource::Taken> all;
    for (const Instant end = now + time; now < end;) {
      now += step;
      if (const auto taken = driver.poll(now)) all.push_back(*taken);
    }
    return all;
  }
  static std::uint32_t missed(const std::vector<ImuSource::Taken>& all) {
    std::uint32_t sum = 0;
    for (const auto& one : all) sum += one.missed;
    return sum;
  }

  Instant now{1s};
  Lsm6dsoModel sensor{now};
  Lsm6dso driver{sensor, now};
};

TEST_F(Imu, IsSetUpAsTheDataSheetSays) {
  run(200ms);
  EXPECT_TRUE(driver.is_present());
  EXPECT_EQ(sensor.resets, 1);
  EXPECT_EQ(sensor.at(0x10), 0x7E) << "833 Hz, 8 g, second filter";
  EXPECT_EQ(sensor.at(0x11), 0x78) << "833 Hz, 1000 deg/s";
  EXPECT_EQ(sensor.at(0x12), 0x44) << "whole values, addresses that go on";
}

TEST_F(Imu, GivesOneSampleEveryTenMilliseconds) {
  run(200ms);
  sensor.measured = {{1, -2, 3, -400, 500, -32768}};
  const auto all = run(10s);
  EXPECT_EQ(all.size(), 1000u);
  EXPECT_EQ(missed(all), 0u);
  EXPECT_EQ(all.front().sample, sensor.measured) << "acceleration first, signed";
}

TEST_F(Imu, TellsTheTemperature) {
  EXPECT_FALSE(driver.temperature());
  run(200ms);
  sensor.temperature_raw = -1280;
  run(20ms);
  EXPECT_EQ(driver.temperature(), 2000);
  sensor.temperature_raw = 128;
  run(20ms);
  EXPECT_EQ(driver.temperature(), 2550);
}

TEST_F(Imu, TimesThatWentByAreCountedAndNotMadeUpFor) {
  run(200ms);
  now += 55ms;
  const auto first = driver.poll(now);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->missed, 5u);
  EXPECT_FALSE(driver.poll(now));
  EXPECT_EQ(missed(run(1s)), 0u);
}

TEST_F(Imu, IsLookedForUntilItIsThere) {
  sensor.connected = false;
  EXPECT_TRUE(run(3s).empty());
  EXPECT_FALSE(driver.is_present());
  EXPECT_LE(sensor.calls, 4) << "once a second: a dead bus costs time";
  sensor.connected = true;
  EXPECT_GT(run(1200ms).size(), 5u);
}

TEST_F(Imu, AnotherSensorIsNotTaken) {
  sensor.id = 0x6A;  // LSM6DSL
  EXPECT_TRUE(run(3s).empty());
  EXPECT_EQ(sensor.resets, 0);
}

TEST_F(Imu, OneThatForgetsItsRangeIsNotBelieved) {
  sensor.forgets = 0x10;
  EXPECT_TRUE(run(3s).empty());
}

TEST_F(Imu, AShortSilenceIsAGapOfKnownLength) {
  run(200ms);
  sensor.answers = false;
  EXPECT_TRUE(run(40ms).empty());
  sensor.answers = true;
  const auto all = run(100ms);
  ASSERT_EQ(all.size(), 10u);
  EXPECT_EQ(all.front().missed, 4u);
  EXPECT_EQ(sensor.resets, 1) << "for so little it is not started anew";
}

TEST_F(Imu, OneWithoutNewValuesIsGivenUpAndSetUpAnew) {
  run(200ms);
  sensor.has_new = false;
  run(1s);
  EXPECT_FALSE(driver.is_present());
  sensor.has_new = true;
  const auto all = run(2s);
  EXPECT_EQ(sensor.resets, 2);
  EXPECT_NEAR(missed(all) + static_cast<double>(all.size()), 300, 3)
      << "every 10 ms of the time is accounted for";
}

TEST_F(Imu, CanBeStartedAnew) {
  run(200ms);
  driver.restart(now);
  EXPECT_FALSE(driver.is_present());
  const auto all = run(200ms);
  EXPECT_EQ(sensor.resets, 2);
  EXPECT_NEAR(all.front().missed, 11, 1);
}

TEST_F(Imu, LostBetweenItsResetAndItsSettingsItIsLookedForAgain) {
  run(5ms);
  sensor.connected = false;
  run(100ms);
  sensor.connected = true;
  EXPECT_FALSE(run(2s).empty());
}

}  // namespace
}  // namespace rytme::firmware::test
