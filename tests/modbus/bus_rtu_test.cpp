// SPDX-License-Identifier: Apache-2.0
// A serial bus over a pty against a real libmodbus slave. Baud, parity and the silence between frames are not
// modelled by a pty; line_test.cpp has their arithmetic.
#include <gmock/gmock.h>

#include "tests/modbus/peers.hpp"
#include "tests/support/serial_wire.hpp"

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

bool answered(const RegisterBlock& block) { return block.outcome == BusOutcome::ok; }

TEST(BusRtu, ReadsAndWrites) {
  RtuSlave slave;
  TestBus bus(rtu_settings(slave.path()), {read_of(RegisterArea::input, 7, 3)});
  const auto block = bus.wait_block(answered);
  ASSERT_TRUE(block);
  EXPECT_THAT(block->values, ElementsAre(1007, 1008, 1009));
  ASSERT_TRUE(bus.bus().write(write_of(10, 4711, 1)));
  const auto result = bus.wait_write(1);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, BusOutcome::ok);
  EXPECT_EQ(slave.registers().holding(10), 4711);
}

TEST(BusRtu, ADeadSlaveIsToldAndTheOthersGoOn) {
  RtuSlave slave;  // unit 1 only
  auto settings = rtu_settings(slave.path());
  settings.response_timeout = 50ms;
  TestBus bus(settings, {read_of(RegisterArea::input, 1, 1, 9), read_of(RegisterArea::input, 2, 1, 1)});
  const auto dead = bus.wait_block([](const RegisterBlock& block) { return block.read.unit == 9; });
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->outcome, BusOutcome::stale);
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(bus.wait_block(answered));
  EXPECT_LE(bus.bus().counters().timeouts, 6u);
}

// After a request without an answer nothing is said on the line for 200 ms.
TEST(BusRtu, KeepsTheLineQuietAfterAnError) {
  std::mutex mutex;
  std::vector<Instant> requests;
  RtuSlave slave([&](modbus_t*, const std::vector<std::uint8_t>&, int n) {
    const std::lock_guard lock(mutex);
    requests.push_back(now());
    return n == 3 ? Manner::silent : Manner::reply;
  });
  auto settings = rtu_settings(slave.path());
  settings.response_timeout = 50ms;
  TestBus bus(settings, {read_of(RegisterArea::input, 2, 1)});
  ASSERT_TRUE(bus.wait_block([](const RegisterBlock& block) { return block.outcome == BusOutcome::stale; }));
  ASSERT_TRUE(bus.wait_block([&](const RegisterBlock& block) {
    const std::lock_guard lock(mutex);
    return answered(block) && requests.size() > 3 && block.received > requests[3];
  }));
  const std::lock_guard lock(mutex);
  EXPECT_GE(requests[3] - requests[2], 240ms);
}

TEST(BusRtu, APortThatIsPulledOutIsGoneAndTheBusSurvives) {
  auto slave = std::make_unique<RtuSlave>();
  TestBus bus(rtu_settings(slave->path()), {read_of(RegisterArea::input, 2, 1)});
  ASSERT_TRUE(bus.wait_block(answered));
  slave.reset();
  ASSERT_TRUE(bus.wait_block([](const RegisterBlock& block) { return block.outcome == BusOutcome::gone; }));
  EXPECT_FALSE(bus.bus().up());
}

// On a line that is never idle: between a stop's arrival and its request goes at most the transaction that
// was running, or just chosen.
TEST(BusRtu, AStopWaitsForOneTransactionAtMost) {
  using rytme::test::SerialWire;
  std::vector<std::unique_ptr<rytme::test::TruthSlave>> slaves;
  slaves.push_back(std::make_unique<rytme::test::TruthSlave>(std::uint8_t{1}));
  SerialWire wire({}, std::move(slaves));
  std::mutex mutex;
  std::vector<std::pair<Instant, int>> requests;
  wire.script([&](const rytme::test::Bytes& request, std::uint64_t) {
    const std::lock_guard lock(mutex);
    requests.emplace_back(now(), request[1]);
    return std::nullopt;
  });
  RegisterRead busy = read_of(RegisterArea::holding, 0, 20);
  busy.period = 1ms;
  TestBus bus(rtu_settings(wire.path()), {busy});
  ASSERT_TRUE(bus.wait_block(answered));
  for (std::uint64_t tag = 1; tag <= 20; ++tag) {
    RegisterWrite stop = write_of(rytme::test::first_written, static_cast<std::uint16_t>(tag), tag);
    stop.priority = WriteClass::stop;
    const Instant asked = now();
    ASSERT_TRUE(bus.bus().write(stop));
    ASSERT_EQ(bus.wait_write(tag).value().outcome, BusOutcome::ok);
    const std::lock_guard lock(mutex);
    int before = 0;
    for (auto at = requests.rbegin(); at != requests.rend() && at->first > asked; ++at)
      before = at->second == 6 ? 0 : before + 1;
    EXPECT_LE(before, 1) << tag;
    requests.clear();
  }
}

}  // namespace
}  // namespace rytme::modbus::test
