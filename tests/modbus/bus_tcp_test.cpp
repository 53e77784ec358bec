// SPDX-License-Identifier: Apache-2.0
// A bus against a real libmodbus server: values, writes, order.
#include <ctime>

#include <gmock/gmock.h>

#include "tests/modbus/peers.hpp"

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::optional<RegisterBlock> good(TestBus& bus, RegisterArea area) {
  return bus.wait_block([area](const RegisterBlock& block) {
    return block.read.area == area && block.outcome == BusOutcome::ok;
  });
}

TEST(BusTcp, ReadsEveryArea) {
  TcpSlave slave;
  TestBus bus(tcp_settings(slave.port()),
              {read_of(RegisterArea::holding, 5, 3), read_of(RegisterArea::input, 7, 2),
               read_of(RegisterArea::discrete, 1, 10), read_of(RegisterArea::coil, 0, 2)});
  const Instant began = now();
  EXPECT_THAT(good(bus, RegisterArea::holding).value().values, ElementsAre(5, 6, 7));
  EXPECT_THAT(good(bus, RegisterArea::input).value().values, ElementsAre(1007, 1008));
  EXPECT_THAT(good(bus, RegisterArea::discrete).value().values, ElementsAre(1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
  const auto coils = good(bus, RegisterArea::coil);
  EXPECT_THAT(coils.value().values, ElementsAre(0, 0));
  EXPECT_GE(coils->received, began - 1s);
  EXPECT_LE(coils->received, now());
  EXPECT_TRUE(bus.bus().up());
}

TEST(BusTcp, WritesRegistersAndCoilsOneOrMany) {
  TcpSlave slave;
  TestBus bus(tcp_settings(slave.port()), {});
  RegisterWrite many = write_of(20, 7, 2);
  many.values = {7, 8, 9};
  RegisterWrite coil = write_of(30, 1, 3);
  coil.area = RegisterArea::coil;
  RegisterWrite coils = coil;
  coils.address = 40;
  coils.values = {1, 0, 5};
  coils.tag = 4;
  for (const auto& write : {write_of(10, 4711, 1), many, coil, coils}) EXPECT_TRUE(bus.bus().write(write));
  for (std::uint64_t tag = 1; tag <= 4; ++tag) {
    const auto result = bus.wait_write(tag);
    ASSERT_TRUE(result) << tag;
    EXPECT_EQ(result->outcome, BusOutcome::ok);
    EXPECT_TRUE(result->done);
    EXPECT_EQ(result->bus, 3);
  }
  EXPECT_EQ(slave.registers().holding(10), 4711);
  EXPECT_EQ(slave.registers().holding(22), 9);
  EXPECT_EQ(slave.registers().coil(30), 1);
  EXPECT_EQ(slave.registers().coil(40), 1);
  EXPECT_EQ(slave.registers().coil(41), 0);
  EXPECT_EQ(slave.registers().coil(42), 1);
  EXPECT_EQ(bus.bus().counters().writes, 4u);
}

// The writes are queued before the bus runs, so that their order is the bus's choice.
TEST(BusTcp, AStopOvertakesAndTheLatestValueWins) {
  TcpSlave slave;
  Bus bus(0, tcp_settings(slave.port()), {}, {});
  bus.write(write_of(10, 1, 1));
  bus.write(write_of(11, 1, 2));
  bus.write(write_of(10, 2, 3));
  RegisterWrite stop = write_of(12, 1, 4);
  stop.priority = WriteClass::stop;
  bus.write(stop);
  bus.start();
  std::vector<Result> results;
  while (slave.registers().writes().size() < 3) std::this_thread::yield();
  bus.stop();
  EXPECT_THAT(slave.registers().writes(), ElementsAre(12, 10, 11));
  EXPECT_EQ(slave.registers().holding(10), 2);
  EXPECT_EQ(bus.counters().superseded, 1u);
}

TEST(BusTcp, CarriesOutNothingLateOrOfBeforeAStop) {
  TcpSlave slave;
  Bus bus(0, tcp_settings(slave.port()), {}, {});
  RegisterWrite late = write_of(10, 4711, 1);
  late.expires = now() - 1ms;
  EXPECT_FALSE(bus.write(late));
  bus.write(write_of(11, 4711, 2));
  RegisterWrite after = write_of(12, 4711, 3);
  after.generation = 2;
  bus.write(after);
  bus.drop_before(2);
  EXPECT_FALSE(bus.write(write_of(13, 4711, 4)));
  bus.start();
  while (slave.registers().writes().empty()) std::this_thread::yield();
  bus.stop();
  EXPECT_THAT(slave.registers().writes(), ElementsAre(12));
  EXPECT_EQ(bus.counters().expired, 1u);
  EXPECT_EQ(bus.counters().dropped, 2u);
  std::vector<Result> results;
  bus.drain(results);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(std::get<WriteResult>(results[0]).tag, 2u);
  EXPECT_FALSE(std::get<WriteResult>(results[0]).done);
}

TEST(BusTcp, ARefusalIsToldAndTheBusGoesOn) {
  TcpSlave slave;
  TestBus bus(tcp_settings(slave.port()),
              {read_of(RegisterArea::holding, 999, 2), read_of(RegisterArea::input, 0, 1)});
  const auto refused = bus.wait_block([](const RegisterBlock& block) { return block.read.address == 999; });
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->outcome, BusOutcome::gone);
  EXPECT_TRUE(refused->values.empty());
  EXPECT_TRUE(good(bus, RegisterArea::input));
  EXPECT_GE(bus.bus().counters().exceptions, 1u);
  EXPECT_EQ(slave.connections(), 1) << "a refusal is a proper reply";
}

TEST(BusTcp, KeepsABoundedNumberOfResults) {
  TcpSlave slave;
  RegisterRead fast = read_of(RegisterArea::input, 0, 1);
  fast.period = 1ms;
  Bus bus(0, tcp_settings(slave.port()), std::vector<RegisterRead>(40, fast), {});
  bus.start();
  while (bus.counters().dropped < 10) std::this_thread::yield();
  bus.stop();
  std::vector<Result> results;
  bus.drain(results);
  EXPECT_EQ(results.size(), 4096u);
}

TEST(BusTcp, AnIdleBusUsesNoProcessor) {
  TcpSlave slave;
  RegisterRead slow = read_of(RegisterArea::input, 0, 1);
  slow.period = 500ms;
  TestBus bus(tcp_settings(slave.port()), {slow});
  ASSERT_TRUE(good(bus, RegisterArea::input));
  const std::clock_t before = std::clock();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(good(bus, RegisterArea::input));
  const double cpu_ms = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  EXPECT_LT(cpu_ms, 150.0) << "of 1500 ms";
}

}  // namespace
}  // namespace rytme::modbus::test
