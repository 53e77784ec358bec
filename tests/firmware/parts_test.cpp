// SPDX-License-Identifier: Apache-2.0
// The small parts: samples that come over a serial port, and what a start without loss of power finds again.
#include <cstring>
#include <new>

#include <gmock/gmock.h>

#include "firmware/boards/mps2_an385/injected_imu.hpp"
#include "firmware/core/crc.hpp"
#include "firmware/core/retained.hpp"
#include "tests/firmware/bench.hpp"

namespace rytme::firmware::test {
namespace {

namespace injected = injected_sample;
using namespace std::chrono_literals;

injected::Frame frame(std::uint16_t number, std::int16_t value = 5) {
  auto out = injected::frame_of(number, {{value, 2, 3, -4, 5, 6}}, 2150);
  injected::put(out, injected::checksum_at, crc16(std::span(out).first(injected::checksum_at)));
  return out;
}

class Injected : public testing::Test {
 protected:
  std::optional<ImuSource::Taken> say(const injected::Frame& bytes) {
    for (const auto byte : bytes) imu.take(byte, now);
    return imu.poll(now += 10ms);
  }
  Instant now{1s};
  mps2::InjectedImu imu;
};

TEST_F(Injected, ASampleIsTakenOnce) {
  EXPECT_FALSE(imu.is_present());
  const auto taken = say(frame(7));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->sample, (Sample{{5, 2, 3, -4, 5, 6}}));
  EXPECT_EQ(taken->missed, 0u);
  EXPECT_FALSE(imu.poll(now));
  EXPECT_TRUE(imu.is_present());
  EXPECT_EQ(imu.temperature(), 2150);
}

TEST_F(Injected, WhatIsMissingIsCountedAlsoWhereNumbersWrap) {
  say(frame(65'534));
  EXPECT_EQ(say(frame(65'535))->missed, 0u);
  EXPECT_EQ(say(frame(2))->missed, 2u);
}

TEST_F(Injected, BrokenFramesAndNoiseAreLeftOut) {
  auto broken = frame(1);
  broken[9] ^= 1;
  EXPECT_FALSE(say(broken));
  for (const std::uint8_t noise : Bytes{0xA5, 0x00, 0xA5, 0xA5, 0x17}) imu.take(noise, now);
  EXPECT_TRUE(say(frame(2)) || say(frame(3))) << "found again within one frame";
  EXPECT_TRUE(say(frame(4)));
}

TEST_F(Injected, HalfASecondWithoutASampleIsNoSensor) {
  say(frame(1));
  now += 600ms;
  EXPECT_FALSE(imu.poll(now));
  EXPECT_FALSE(imu.is_present());
  EXPECT_FALSE(imu.temperature());
}

// Memory as it is after a loss of power: anything.
class Memory : public testing::Test {
 protected:
  explicit Memory(int fill = 0xA7) { std::memset(bytes.data(), fill, bytes.size()); }
  // A start: the same memory, nothing written into it.
  Retained& start() {
    auto* retained = std::launder(reinterpret_cast<Retained*>(bytes.data()));
    retained->begin();
    return *retained;
  }
  alignas(Retained) std::array<std::uint8_t, sizeof(Retained)> bytes{};
};

TEST_F(Memory, ALossOfPowerIsADarkFirstStart) {
  const auto& retained = start();
  EXPECT_EQ(retained.starts(), 0);
  EXPECT_EQ(retained.levels(), Levels{});
}

TEST_F(Memory, AStartWithoutFindsTheLightAgain) {
  start().keep({1, 2, 3, 4});
  EXPECT_EQ(start().starts(), 1);
  EXPECT_EQ(start().starts(), 2);
  EXPECT_EQ(start().levels(), (Levels{1, 2, 3, 4}));
}

TEST_F(Memory, WhatChangedMeanwhileIsNotBelieved) {
  start().keep({1, 2, 3, 4});
  bytes[6] ^= 1;
  EXPECT_EQ(start().levels(), Levels{});
}

TEST_F(Memory, TwoLossesOfPowerGiveTwoNumbers) {
  const auto one = start().chance();
  std::memset(bytes.data(), 0x3C, bytes.size());
  EXPECT_NE(start().chance(), one);
}

}  // namespace
}  // namespace rytme::firmware::test
