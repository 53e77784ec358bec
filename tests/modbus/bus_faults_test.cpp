// SPDX-License-Identifier: Apache-2.0
// A bus on which things go wrong: dead slaves, late and foreign replies, servers that leave and come back.
#include <array>
#include <iostream>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "tests/modbus/peers.hpp"

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;

bool answered(const RegisterBlock& block) { return block.outcome == BusOutcome::ok; }

Script dead_unit(std::uint8_t unit) {
  return [unit](modbus_t*, const std::vector<std::uint8_t>& request, int) {
    return request[6] == unit ? Manner::silent : Manner::reply;
  };
}

TEST(BusFaults, ADeadSlaveIsToldAndTheOthersGoOn) {
  TcpSlave slave(0, dead_unit(9));
  auto settings = tcp_settings(slave.port());
  settings.response_timeout = 50ms;
  TestBus bus(settings, {read_of(RegisterArea::input, 1, 1, 9), read_of(RegisterArea::input, 2, 1, 1)});
  const auto dead = bus.wait_block([](const RegisterBlock& block) { return block.read.unit == 9; });
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->outcome, BusOutcome::stale);
  Instant last = now();
  auto longest = 0ns;
  for (int i = 0; i < 60; ++i) {
    const auto block = bus.wait_block([](const RegisterBlock& one) { return one.read.unit == 1; });
    ASSERT_TRUE(block && answered(*block));
    longest = std::max<std::chrono::nanoseconds>(longest, block->received - last);
    last = block->received;
  }
  EXPECT_LT(longest, 500ms);
  EXPECT_LE(bus.bus().counters().timeouts, 6u);
  EXPECT_TRUE(bus.bus().up());
}

TEST(BusFaults, IsThereAgainAfterTheServerCameBack) {
  auto slave = std::make_unique<TcpSlave>();
  const int port = slave->port();
  TestBus bus(tcp_settings(port), {read_of(RegisterArea::input, 2, 1)});
  ASSERT_TRUE(bus.wait_block(answered));
  slave.reset();
  const auto gone =
      bus.wait_block([](const RegisterBlock& block) { return block.outcome == BusOutcome::gone; });
  ASSERT_TRUE(gone);
  EXPECT_FALSE(bus.bus().up());
  RegisterWrite brief = write_of(10, 4711, 1);
  brief.expires = now() + 50ms;
  ASSERT_TRUE(bus.bus().write(brief));
  ASSERT_TRUE(bus.bus().write(write_of(11, 4712, 2)));
  const auto late = bus.wait_write(1);
  ASSERT_TRUE(late);
  EXPECT_FALSE(late->done) << "carried out late";
  slave = std::make_unique<TcpSlave>(port);
  const Instant back = now();
  ASSERT_TRUE(
      bus.wait_block([&](const RegisterBlock& block) { return answered(block) && block.received > back; }));
  const double ms = std::chrono::duration<double, std::milli>(now() - back).count();
  std::cout << "return after the server: " << ms << " ms\n";
  EXPECT_LT(ms, 2500.0);
  const auto kept = bus.wait_write(2);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->outcome, BusOutcome::ok);
  EXPECT_EQ(slave->registers().holding(10), 10);
  EXPECT_EQ(slave->registers().holding(11), 4712);
  EXPECT_GE(bus.bus().counters().reopens, 1u);
}

TEST(BusFaults, AServerThatHangsUpIsReopenedWithBackoff) {
  TcpSlave slave(0, [](modbus_t*, const std::vector<std::uint8_t>&, int) { return Manner::hang_up; });
  TestBus bus(tcp_settings(slave.port()), {read_of(RegisterArea::input, 2, 1)});
  const Instant began = now();
  while (slave.connections() < 4) {
    ASSERT_TRUE(bus.wait_block([](const RegisterBlock& block) { return block.outcome == BusOutcome::gone; }));
  }
  EXPECT_GE(now() - began, 600ms) << "100 + 200 + 400 ms";
}

// Every answer carries the transaction number of the request before, as some gateways do.
TEST(BusFaults, AReplyToAnotherTransactionIsNeverTaken) {
  TcpSlave slave(0, [](modbus_t* context, const std::vector<std::uint8_t>& request, int) {
    const int id = request[0] * 256 + request[1] - 1;
    const std::array<std::uint8_t, 11> reply{static_cast<std::uint8_t>(id >> 8),
                                             static_cast<std::uint8_t>(id),
                                             0,
                                             0,
                                             0,
                                             5,
                                             request[6],
                                             request[7],
                                             2,
                                             0x12,
                                             0x34};
    send(modbus_get_socket(context), reply.data(), reply.size(), MSG_NOSIGNAL);
    return Manner::silent;
  });
  TestBus bus(tcp_settings(slave.port()), {read_of(RegisterArea::input, 2, 1)});
  for (int i = 0; i < 3; ++i) {
    const auto block = bus.wait_block([](const RegisterBlock&) { return true; });
    ASSERT_TRUE(block);
    EXPECT_EQ(block->outcome, BusOutcome::retry);
    EXPECT_TRUE(block->values.empty());
  }
  EXPECT_GE(bus.bus().counters().garbled, 3u);
}

// A slave that answers every fourth request only after the master has given it up: its reply must not pass
// for the answer to the next request, which has the same length.
Manner sometimes_late(modbus_t*, const std::vector<std::uint8_t>&, int n) {
  if (n % 4 == 0) std::this_thread::sleep_for(90ms);
  return Manner::reply;
}

void expect_only_true_values(TestBus& bus) {
  int good = 0;
  while (good < 40) {
    const auto block = bus.wait_block([](const RegisterBlock&) { return true; });
    ASSERT_TRUE(block);
    if (!answered(*block)) continue;
    ++good;
    ASSERT_EQ(block->values.at(0), 1000 + block->read.address);
  }
  EXPECT_GE(bus.bus().counters().timeouts, 3u) << "the test did not make it late";
}

const std::vector<RegisterRead> two_alike{read_of(RegisterArea::input, 40, 1),
                                          read_of(RegisterArea::input, 41, 1)};

TEST(BusFaults, ALateReplyOverTcpIsNeverTaken) {
  TcpSlave slave(0, sometimes_late);
  auto settings = tcp_settings(slave.port());
  settings.response_timeout = 50ms;
  TestBus bus(settings, two_alike);
  expect_only_true_values(bus);
}

TEST(BusFaults, ALateReplyOnALineIsNeverTaken) {
  RtuSlave slave(sometimes_late);
  auto settings = rtu_settings(slave.path());
  settings.response_timeout = 50ms;
  TestBus bus(settings, two_alike);
  expect_only_true_values(bus);
}

TEST(BusFaults, StopsWithinOneTransaction) {
  TcpSlave slave(0, [](modbus_t*, const std::vector<std::uint8_t>&, int) { return Manner::silent; });
  TestBus bus(tcp_settings(slave.port()), {read_of(RegisterArea::input, 2, 1)});
  ASSERT_TRUE(bus.wait_block([](const RegisterBlock&) { return true; }));
  ASSERT_TRUE(bus.bus().write(write_of(10, 1, 1)));
  const Instant began = now();
  bus.bus().stop();
  EXPECT_LT(now() - began, 400ms);
}

}  // namespace
}  // namespace rytme::modbus::test
