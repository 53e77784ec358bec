// SPDX-License-Identifier: Apache-2.0
// The motion node as a master sees it, with the registers of its sensor behind it.
#include "firmware/core/motion_node.hpp"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "firmware/core/lsm6dso.hpp"
#include "tests/firmware/bench.hpp"
#include "tests/firmware/lsm6dso_model.hpp"

namespace rytme::firmware::test {
namespace {

namespace at = motion_registers;
namespace set = settings_registers;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr std::uint8_t unit = 30;

struct Lamp final : firmware::Light {
  bool lit{};
  void set(bool on) override { lit = on; }
};

class SwingOnTheBus : public testing::Test {
 protected:
  SwingOnTheBus() { run(300ms); }
  // The sensor swings while the time goes on.
  void run(Micros time) {
    for (const Instant end = board.clock + time; board.clock < end; master.run(1ms, 500us)) swing();
  }
  void swing() {
    if (still) return;
    const double phase = 2 * std::numbers::pi * 0.5 * std::chrono::duration<double>(board.clock).count();
    sensor.measured.axes = {static_cast<std::int16_t>(board.clock / 10ms % 1000),           5, 4098,
                            static_cast<std::int16_t>(std::lround(1800 * std::cos(phase))), 0, 0};
  }
  Words status() { return master.read(unit, 4, status_registers::base, at::status_words); }
  bool discrete(unsigned which) { return master.ask(unit, pdu_of(2, {which, 1})).at(2) == 1; }

  bool still{};
  BenchBoard board;
  Lsm6dsoModel sensor{board.clock};
  Lsm6dso driver{sensor, board.clock};
  Lamp lamp;
  MotionNode node{board, driver, lamp};
  Master<MotionNode> master{board, node};
};

struct Shown {
  std::uint32_t first{};
  std::uint32_t count{};
};
Shown shown(const Words& block) { return {(std::uint32_t{block[3]} << 16U) | block[4], block[2] & 0xFFU}; }

// As a controller does: both blocks, ten times a second, and what is new by its number.
TEST_F(SwingOnTheBus, TenReadingsASecondLoseNothingOfAHundredSamples) {
  std::uint32_t expected = shown(master.read(unit, 4, at::newest, at::newest_words)).first;
  std::uint32_t lost = 0, taken = 0;
  for (int i = 0; i < 600; ++i) {
    const Instant next = board.clock + 100ms;
    for (const bool newest : {false, true}) {
      const auto block = newest ? master.read(unit, 4, at::newest, at::newest_words)
                                : master.read(unit, 4, at::earlier, at::earlier_words);
      ASSERT_EQ(block[0], newest ? 0x4D4E : 0x4D45);
      ASSERT_EQ(block[1], 0x1234 + 7) << "boot";
      const auto [first, count] = shown(block);
      for (std::uint32_t k = 0; k < count; ++k) {
        if (first + k < expected) continue;
        lost += first + k - expected;
        expected = first + k + 1;
        ++taken;
      }
    }
    run(next - board.clock);
  }
  EXPECT_EQ(lost, 0u);
  EXPECT_NEAR(taken, 6000, 30);
}

TEST_F(SwingOnTheBus, AMasterThatWasAwayForThirdOfASecondMissesNothing) {
  const auto before = shown(master.read(unit, 4, at::newest, at::newest_words));
  run(300ms);
  const auto earlier = shown(master.read(unit, 4, at::earlier, at::earlier_words));
  EXPECT_LE(earlier.first, before.first + before.count);
}

TEST_F(SwingOnTheBus, ABlockIsReadFromItsFirstRegisterOn) {
  EXPECT_EQ(master.read(unit, 4, at::newest, 11).size(), 11u) << "or only its first samples";
  EXPECT_THAT(master.ask(unit, pdu_of(4, {at::newest + 1, 10})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {at::earlier, at::earlier_words + 1})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {at::earlier + 5, 6})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {status_registers::base + at::samples_taken + 1, 1})),
              ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {status_registers::base, at::status_words + 1})),
              ElementsAre(0x84, 2));
}

TEST_F(SwingOnTheBus, TellsOfItselfAndOfItsOwnViewOfTheSwing) {
  sensor.temperature_raw = 256;
  run(20s);
  const auto words = status();
  EXPECT_EQ(words[0], 0x4D53);
  EXPECT_EQ(words[1], (1U << at::sensor_present) | (1U << at::forgotten));
  EXPECT_NEAR(words[3], 20, 1) << "uptime";
  EXPECT_EQ(words[at::temperature], 2600);
  EXPECT_NEAR(words[at::frequency], 500, 10);
  EXPECT_NEAR(words[at::amplitude], 100 * 1800 * 0.035 / std::numbers::pi, 40);
  EXPECT_EQ(words[at::axis], 0);
  EXPECT_NEAR(words[at::samples_taken + 1], 2010, 25);
  EXPECT_EQ(words[at::samples_missed + 1], 0);
}

TEST_F(SwingOnTheBus, WithoutASensorEverythingIsUnknown) {
  sensor.connected = false;
  run(2s);
  const auto words = status();
  EXPECT_FALSE(discrete(at::sensor_present));
  EXPECT_EQ(words[at::temperature], at::unknown_temperature);
  EXPECT_EQ(words[at::frequency], at::unknown);
  EXPECT_EQ(words[at::amplitude], at::unknown);
}

TEST_F(SwingOnTheBus, AStuckSensorGivesNothingAndIsStartedAnew) {
  run(1s);
  still = true;
  run(2s);
  EXPECT_TRUE(discrete(at::stuck));
  EXPECT_GE(sensor.resets, 2);
  const auto before = shown(master.read(unit, 4, at::newest, at::newest_words));
  run(500ms);
  const auto stuck = shown(master.read(unit, 4, at::newest, at::newest_words));
  EXPECT_EQ(stuck.first + stuck.count, before.first + before.count) << "nothing new";
  still = false;
  run(1s);
  EXPECT_FALSE(discrete(at::stuck));
  const auto after = shown(master.read(unit, 4, at::newest, at::newest_words));
  EXPECT_NEAR(after.first + after.count - before.first - before.count, 300, 20)
      << "its numbers went on with the time";
  EXPECT_EQ(status()[at::times_stuck + 1], 1);
}

TEST_F(SwingOnTheBus, AnOverRangeIsSaid) {
  still = true;
  sensor.measured = {{0, 0, 32'767, 0, 0, 0}};
  run(30ms);
  EXPECT_TRUE(discrete(at::over_range));
  EXPECT_NE(master.read(unit, 4, at::newest, at::newest_words)[2] & at::over_range_bit, 0);
  EXPECT_GE(status()[at::samples_over + 1], 2);
}

TEST_F(SwingOnTheBus, HasSettingsBehindALock) {
  EXPECT_THAT(master.read(unit, 3, set::base, 8), ElementsAre(0x5352, 0, 0, 30, 1152, 0, 1, 0));
  EXPECT_THAT(master.ask(unit, pdu_of(6, {set::baud, 576})), ElementsAre(0x86, 4));
  master.ask(unit, pdu_of(6, {set::unlock, set::key}));
  EXPECT_TRUE(discrete(at::unlocked));
  EXPECT_EQ(master.ask(unit, pdu_of(6, {set::baud, 576})), pdu_of(6, {set::baud, 576}));
  EXPECT_TRUE(discrete(at::unsaved));
  master.ask(unit, pdu_of(6, {set::order, 1}));
  EXPECT_FALSE(discrete(at::forgotten));
  BenchBoard again;
  again.memory = board.memory;
  MotionNode next(again, driver, lamp);
  EXPECT_EQ(again.format.baud, 57'600u);
  EXPECT_THAT(master.ask(unit, pdu_of(3, {set::base, 9})), ElementsAre(0x83, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(6, {set::base + 8, 1})), ElementsAre(0x86, 2));
}

TEST_F(SwingOnTheBus, CanBeFoundByItsLight) {
  EXPECT_EQ(master.ask(unit, pdu_of(5, {at::locate, 0xFF00})), pdu_of(5, {at::locate, 0xFF00}));
  EXPECT_TRUE(lamp.lit);
  EXPECT_THAT(master.ask(unit, pdu_of(1, {at::locate, 1})), ElementsAre(1, 1, 1));
  EXPECT_THAT(master.ask(unit, pdu_of(1, {1, 1})), ElementsAre(0x81, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(5, {1, 0})), ElementsAre(0x85, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(2, {0, at::input_count + 1})), ElementsAre(0x82, 2));
}

TEST_F(SwingOnTheBus, SaysWhatItIs) {
  const auto reply = master.ask(unit, {43, 14, 4, 1});
  EXPECT_EQ(std::string(reply.begin() + 9, reply.end()), "RYTME-MOTION-1");
}

}  // namespace
}  // namespace rytme::firmware::test
