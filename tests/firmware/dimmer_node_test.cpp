// SPDX-License-Identifier: Apache-2.0
// The dimmer as a master sees it.
#include "firmware/core/dimmer_node.hpp"

#include <gmock/gmock.h>

#include "tests/firmware/bench.hpp"

namespace rytme::firmware::test {
namespace {

namespace at = dimmer_registers;
namespace set = settings_registers;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr std::uint8_t unit = 40;
constexpr std::uint16_t safe = 26'214;

struct BenchOutputs final : DimmerOutputs {
  Levels pins{};
  Levels before{};
  DimmerInputs wires;
  bool broken{};
  void set(const Levels& levels, Instant) override {
    if (!broken) pins = levels;
  }
  Levels read_back() override { return pins; }
  DimmerInputs inputs() override { return wires; }
  Levels before_start() override { return before; }
};

class DimmerOnTheBus : public testing::Test {
 protected:
  Words channels() { return master.read(unit, 3, 0, at::channels_words); }
  Words discretes() {
    const auto reply = master.ask(unit, pdu_of(2, {0, at::input_count}));
    Words bits;
    for (unsigned bit = 0; bit < at::input_count; ++bit) bits.push_back((unsigned{reply.at(2)} >> bit) & 1U);
    return bits;
  }
  void write(std::uint16_t address, std::uint16_t value) {
    ASSERT_EQ(master.ask(unit, pdu_of(6, {address, value})), pdu_of(6, {address, value})) << address;
  }
  void unlock() { write(set::unlock, set::key); }
  void run_asked(std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 1s) {
      channels();
      master.run(994ms);
    }
  }

  BenchBoard board;
  BenchOutputs outputs;
  DimmerNode node{board, outputs};
  Master<DimmerNode> master{board, node};
};

TEST_F(DimmerOnTheBus, ShowsAimAndRealOutputInOneBlock) {
  run_asked(2s);
  const auto block = channels();
  EXPECT_THAT(block,
              ElementsAre(0x4443, safe, safe, safe, safe, safe, safe, safe, safe, 1U << at::forgotten));
  write(at::level + 1, 65'535);
  EXPECT_EQ(channels()[at::level + 1], 65'535) << "where it goes";
  EXPECT_LT(channels()[at::output + 1], 27'500) << "where it is";
  run_asked(2s);
  EXPECT_EQ(outputs.pins, (Levels{safe, 65'535, safe, safe}));
  EXPECT_EQ(channels()[at::output + 1], 65'535);
  EXPECT_GT(board.fed, 1000) << "the processor's watchdog is fed";
}

TEST_F(DimmerOnTheBus, SeveralLevelsAreWrittenAtOnce) {
  EXPECT_EQ(master.ask(unit, write_pdu(at::level, {1, 2, 3, 4})), pdu_of(16, {at::level, 4}));
  const auto block = channels();
  EXPECT_THAT(Words(block.begin() + 1, block.begin() + 5), ElementsAre(1, 2, 3, 4));
}

TEST_F(DimmerOnTheBus, AnOutputThatDoesNotFollowIsSaid) {
  run_asked(1s);
  EXPECT_EQ(discretes()[at::output_fault], 0);
  outputs.broken = true;
  write(at::level, 0);
  run_asked(1s);
  EXPECT_EQ(discretes()[at::output_fault], 1);
  EXPECT_NE(channels()[at::output], 0) << "the real one";
}

TEST_F(DimmerOnTheBus, MutesByCoilAndByWire) {
  run_asked(1s);
  EXPECT_EQ(master.ask(unit, pdu_of(5, {1, 0xFF00})), pdu_of(5, {1, 0xFF00}));
  EXPECT_THAT(master.ask(unit, pdu_of(1, {0, 4})), ElementsAre(1, 1, 0b0010));
  run_asked(1s);
  EXPECT_EQ(outputs.pins, (Levels{safe, 0, safe, safe}));
  EXPECT_EQ(master.ask(unit, {15, 0, 0, 0, 4, 1, 0b0000}), pdu_of(15, {0, 4}));
  outputs.wires.mute = true;
  run_asked(1s);
  EXPECT_EQ(outputs.pins, (Levels{}));
  EXPECT_EQ(discretes()[at::muted], 1);
}

TEST_F(DimmerOnTheBus, StopAndWatchdogAreSaidAndCounted) {
  outputs.wires.stop_open = true;
  run_asked(3s);
  write(at::level, 0);
  run_asked(1s);
  EXPECT_EQ(channels()[at::level], safe) << "not taken, and that can be read";
  EXPECT_EQ(discretes()[at::stop_open], 1);
  outputs.wires.stop_open = false;
  master.run(11s);
  EXPECT_EQ(discretes()[at::watchdog], 1);
  EXPECT_EQ(channels()[at::state], (1U << at::watchdog) | (1U << at::forgotten));
  const auto status = master.read(unit, 4, status_registers::base, at::status_words);
  EXPECT_EQ(status[0], 0x4453);
  EXPECT_EQ(status[at::watchdog_trips + 1], 1);
  EXPECT_EQ(status[at::stops + 1], 1);
  EXPECT_EQ(status[status_registers::starts], 7);
  write(at::level, 0);
  EXPECT_EQ(discretes()[at::watchdog], 0);
}

TEST_F(DimmerOnTheBus, OnlyQuestionsToItselfKeepItsWatchdogQuiet) {
  for (int i = 0; i < 12; ++i) {
    master.ask(41, pdu_of(3, {0, 10}));
    master.ask(0, pdu_of(6, {at::level, 60'000}));
    master.ask(unit, pdu_of(3, {999, 1}));
    master.run(900ms);
  }
  EXPECT_EQ(discretes()[at::watchdog], 1);
}

TEST_F(DimmerOnTheBus, ItsFailSafeIsSetReadBackAndKept) {
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::watchdog_time, 20})), ElementsAre(0x86, 4)) << "locked";
  unlock();
  EXPECT_EQ(discretes()[at::unlocked], 1);
  write(at::watchdog_time, 20);
  write(at::fade_time, 10);
  write(at::slew, 300);
  write(at::safe_level, 13'107);
  write(at::power_on_level, 0);
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::safe_level, 13'106})), ElementsAre(0x86, 3))
      << "darker than safe light is";
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::safe_level, 39'322})), ElementsAre(0x86, 3));
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::slew, 601})), ElementsAre(0x86, 3)) << "above the ceiling";
  EXPECT_EQ(discretes()[at::unsaved], 1);
  write(set::order, 1);
  EXPECT_EQ(discretes()[at::unsaved], 0);
  EXPECT_EQ(discretes()[at::forgotten], 0);
  EXPECT_THAT(master.read(unit, 3, at::watchdog_time, 4), ElementsAre(20, 10, 300, 13'107));
  write(at::level, 65'535);
  run_asked(4s);
  master.run(2100ms);
  EXPECT_EQ(discretes()[at::watchdog], 1) << "2 s, not 10";
  BenchOutputs fresh;
  BenchBoard again;
  again.memory = board.memory;
  DimmerNode next(again, fresh);
  Master<DimmerNode> other(again, next);
  other.run(2s);
  EXPECT_EQ(fresh.pins[0], 0) << "its own power-on level";
  EXPECT_EQ(fresh.pins[1], safe);
}

TEST_F(DimmerOnTheBus, AfterARestartItGoesOnFromWhereItWas) {
  unlock();
  EXPECT_EQ(master.ask(unit, pdu_of(6, {set::order, 2})), pdu_of(6, {set::order, 2})) << "answered first";
  EXPECT_THROW(master.run(1ms), BenchBoard::Restarted);
  BenchOutputs lit;
  lit.before = {60'000, 0, 0, 0};
  BenchBoard again;
  DimmerNode next(again, lit);
  again.clock += 1ms;
  next.turn();
  EXPECT_GT(lit.pins[0], 59'900);
}

TEST_F(DimmerOnTheBus, WhatIsNotThereIsSaidSo) {
  for (const auto& [function, address, count] :
       std::initializer_list<std::tuple<unsigned, unsigned, unsigned>>{{1, 3, 2},
                                                                       {1, 4, 1},
                                                                       {2, 6, 2},
                                                                       {3, 9, 2},
                                                                       {3, 10, 1},
                                                                       {3, 511, 1},
                                                                       {3, 512, 20},
                                                                       {4, 0, 1},
                                                                       {4, 256, 20},
                                                                       {4, 275, 1}})
    EXPECT_THAT(master.ask(unit, pdu_of(static_cast<std::uint8_t>(function), {address, count})),
                ElementsAre(0x80U | function, 2))
        << function << ' ' << address;
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::signature, 1})), ElementsAre(0x86, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(6, {at::output, 1})), ElementsAre(0x86, 2))
      << "an output is not written";
  EXPECT_THAT(master.ask(unit, pdu_of(5, {4, 0})), ElementsAre(0x85, 2));
}

// The halves of a number of 32 bits would be of two moments.
TEST_F(DimmerOnTheBus, NoLongNumberIsReadInTwo) {
  EXPECT_THAT(master.ask(unit, pdu_of(4, {256 + 2, 1})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {256 + 3, 1})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {256 + 3, 3})), ElementsAre(0x84, 2));
  EXPECT_THAT(master.ask(unit, pdu_of(4, {256 + 15, 3})), ElementsAre(0x84, 2));
  EXPECT_EQ(master.read(unit, 4, 256 + 2, 2).size(), 2u);
  EXPECT_EQ(master.read(unit, 4, 256 + 17, 2).size(), 2u);
}

TEST_F(DimmerOnTheBus, ItsUnitCanBeChanged) {
  unlock();
  write(set::unit, 41);
  EXPECT_TRUE(master.ask(unit, pdu_of(3, {0, 1})).empty());
  EXPECT_THAT(master.read(41, 3, 0, 1), ElementsAre(0x4443));
}

TEST_F(DimmerOnTheBus, SaysWhatItIs) {
  const auto reply = master.ask(unit, {43, 14, 4, 1});
  EXPECT_EQ(std::string(reply.begin() + 9, reply.end()), "RYTME-DIMMER-4");
}

}  // namespace
}  // namespace rytme::firmware::test
