// SPDX-License-Identifier: Apache-2.0
// Faults that others met in the field, as the reference data describe them, against a bus.
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/simulator/rtu_frame.hpp"
#include "tests/modbus/peers.hpp"
#include "tests/support/serial_wire.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tcp_wire.hpp"

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::first_written;
using rytme::test::identity;
using rytme::test::SerialWire;
using rytme::test::TcpWire;
using rytme::test::TruthSlave;
using rytme::test::WireFault;

bool answered(const RegisterBlock& block) { return block.outcome == BusOutcome::ok; }
bool any(const RegisterBlock&) { return true; }

std::vector<std::unique_ptr<TruthSlave>> slaves(std::initializer_list<std::uint8_t> units) {
  std::vector<std::unique_ptr<TruthSlave>> out;
  for (const auto unit : units) out.push_back(std::make_unique<TruthSlave>(unit));
  return out;
}

settings::BusSettings serial(const SerialWire& wire) {
  auto settings = rtu_settings(wire.path());
  settings.response_timeout = 30ms;
  settings.quiet = 50ms;
  return settings;
}

settings::BusSettings tcp(const TcpWire& wire) {
  auto settings = tcp_settings(0);
  settings.address = wire.address();
  settings.response_timeout = 50ms;
  return settings;
}

class KnownFaults : public testing::Test {
 protected:
  void SetUp() override {
    if (!rytme::test::shared_available()) GTEST_SKIP() << "no reference data";
    std::ifstream file(rytme::test::shared("devices/faults/faults_open.json"));
    std::stringstream text;
    text << file.rdbuf();
    faults_ = boost::json::parse(text.str()).as_object().at("faults").as_array();
  }
  // The n-th bytes of a fault's stimulus.
  rytme::test::Bytes bytes(const char* fault, std::size_t n) const {
    for (const auto& one : faults_) {
      if (one.at("id").as_string() != fault) continue;
      std::istringstream text(std::string(one.at("stimulus").as_array().at(n).as_array().at(2).as_string()));
      rytme::test::Bytes out;
      for (unsigned byte{}; text >> std::hex >> byte;) out.push_back(static_cast<std::uint8_t>(byte));
      return out;
    }
    throw std::runtime_error(std::string("no fault ") + fault);
  }

 private:
  boost::json::array faults_;
};

TEST_F(KnownFaults, RtuLateReply) {
  SerialWire::Settings settings;
  settings.faults = {0.3, 7, {WireFault::late}, 30ms, 25ms};
  SerialWire wire(settings, slaves({1}));
  TestBus bus(serial(wire), {read_of(RegisterArea::holding, 0, 2), read_of(RegisterArea::holding, 20, 2)});
  for (int good = 0; good < 40;) {
    const auto block = bus.wait_block(any);
    ASSERT_TRUE(block);
    if (!answered(*block)) continue;
    ++good;
    EXPECT_EQ(block->values.at(0), identity(1, RegisterArea::holding, block->read.address));
    EXPECT_TRUE(wire.log().was_last(block->values.at(1), block->received));
  }
  EXPECT_GE(bus.bus().counters().timeouts, 3u);
}

TEST_F(KnownFaults, GatewayFixedTid) {
  const auto reply = bytes("gateway_fixed_tid", 1);
  TcpWire wire({}, {});
  wire.script([&](const auto&, std::uint64_t) { return std::vector<rytme::test::Bytes>{reply}; });
  const RegisterRead read = read_of(RegisterArea::holding, 5, 8);
  {
    TestBus strict(tcp(wire), {read});
    int accepted = 0;
    for (int i = 0; i < 6; ++i) accepted += answered(strict.wait_block(any).value()) ? 1 : 0;
    EXPECT_LE(accepted, 1) << "of the attempts one has that number";
    EXPECT_GE(strict.bus().counters().foreign, 5u);
    EXPECT_GE(wire.connections(), 2) << "a new connection after three";
  }
  auto settings = tcp(wire);
  settings.tid_strict = false;
  TestBus lenient(settings, {read});
  const auto block = lenient.wait_block(any);
  ASSERT_TRUE(block && answered(*block));
  EXPECT_THAT(block->values, testing::ElementsAre(5, 1, 0x0104, 0x3232, 0x3130, 0x3234, 0x3931, 0x3331));
}

// A gateway that loses one answer's place: from then on each request gets the answer to the one before.
TEST_F(KnownFaults, TidOneBehind) {
  const auto reply_to = [](const rytme::test::Bytes& request) {
    return rytme::test::Bytes{request[0], request[1], 0, 0, 0, 5, request[6], 3, 2, 0, request[9]};
  };
  TcpWire wire({}, {});
  rytme::test::Bytes before;
  wire.script([&](const rytme::test::Bytes& request, std::uint64_t) {
    std::vector<rytme::test::Bytes> frames;
    if (wire.connections() > 1) {
      frames.push_back(reply_to(request));
    } else if (!before.empty()) {
      frames.push_back(reply_to(before));
    }
    before = request;
    return frames;
  });
  TestBus bus(tcp(wire), {read_of(RegisterArea::holding, 10, 1), read_of(RegisterArea::holding, 11, 1)});
  for (int good = 0; good < 10;) {
    const auto block = bus.wait_block(any);
    ASSERT_TRUE(block);
    if (!answered(*block)) continue;
    ++good;
    EXPECT_EQ(block->values.at(0), block->read.address);
  }
  EXPECT_EQ(wire.connections(), 2) << "after three answers to others it connects anew";
  EXPECT_EQ(bus.bus().counters().foreign, 2u) << "the first got nothing at all";
}

// Without tid_strict a late answer could pass for the next: then no connection outlives a request without an
// answer.
TEST_F(KnownFaults, WithoutNumbersAConnectionEndsWithItsFirstSilence) {
  TcpWire::Settings settings;
  settings.faults = {0.3, 3, {WireFault::late}, 50ms, 30ms};
  TcpWire wire(settings, slaves({1}));
  auto lenient = tcp(wire);
  lenient.tid_strict = false;
  TestBus bus(lenient, {read_of(RegisterArea::holding, 0, 2), read_of(RegisterArea::holding, 20, 2)});
  for (int good = 0; good < 40;) {
    const auto block = bus.wait_block(any);
    ASSERT_TRUE(block);
    if (!answered(*block)) continue;
    ++good;
    EXPECT_EQ(block->values.at(0), identity(1, RegisterArea::holding, block->read.address));
    EXPECT_TRUE(wire.log().was_last(block->values.at(1), block->received));
  }
  EXPECT_GE(wire.connections(), 5);
}

RegisterWrite relay_on(std::uint64_t tag) {
  RegisterWrite write = write_of(0, 1, tag);
  write.area = RegisterArea::coil;
  return write;
}

// The echo of a write looks like its reply, and there is nobody.
TEST_F(KnownFaults, Rs485EchoIsFoundAndNoReply) {
  const auto both = bytes("rs485_echo", 1);
  ASSERT_EQ(both.size(), 16u);
  SerialWire::Settings settings;
  settings.echo = true;
  SerialWire wire(settings, {});
  TestBus bus(serial(wire), {});
  ASSERT_TRUE(bus.bus().write(relay_on(1)));
  const auto result = bus.wait_write(1);
  ASSERT_TRUE(result);
  EXPECT_NE(result->outcome, BusOutcome::ok) << "an echo was taken for the relay's reply";
  EXPECT_TRUE(bus.bus().counters().hears_itself) << "and nobody was told";
}

TEST_F(KnownFaults, Rs485EchoIsTakenOff) {
  for (const bool told : {true, false}) {
    SerialWire::Settings settings;
    settings.echo = true;
    SerialWire wire(settings, slaves({1}));
    auto suppressing = serial(wire);
    suppressing.echo_suppress = told;
    TestBus bus(suppressing, {read_of(RegisterArea::holding, 20, 2)});
    const auto block = bus.wait_block(any);
    ASSERT_TRUE(block && answered(*block));
    EXPECT_EQ(block->values.at(0), identity(1, RegisterArea::holding, 20));
    ASSERT_TRUE(bus.bus().write(relay_on(1)));
    EXPECT_EQ(bus.wait_write(1).value().outcome, BusOutcome::ok);
    wire.with_slave(1, [](TruthSlave& slave) { EXPECT_TRUE(slave.has_carried_out(0, 1)); });
    EXPECT_EQ(bus.bus().counters().hears_itself, !told);
  }
}

// An adapter that returns what is sent only now and then; behind the echo the relay refuses.
TEST_F(KnownFaults, AnEchoWithAnotherFrameBehindItIsNoReply) {
  SerialWire::Settings at_once;
  at_once.piece = 64;
  SerialWire wire(at_once, slaves({1}));
  wire.script([](const rytme::test::Bytes& request, std::uint64_t) -> std::optional<rytme::test::Bytes> {
    if (request[1] != 5) return std::nullopt;
    rytme::test::Bytes both = request;
    for (const auto byte : simulator::rtu_frame(1, rytme::test::Bytes{0x85, 2})) both.push_back(byte);
    return both;
  });
  TestBus bus(serial(wire), {});
  ASSERT_TRUE(bus.bus().write(relay_on(1)));
  EXPECT_NE(bus.wait_write(1).value().outcome, BusOutcome::ok);
}

TEST_F(KnownFaults, CrcNoise) {
  const std::array noise{bytes("crc_noise", 1), bytes("crc_noise", 2)};
  SerialWire wire({}, slaves({5, 6}));
  std::atomic<int> asked = 0;
  wire.script([&](const rytme::test::Bytes& request, std::uint64_t) -> std::optional<rytme::test::Bytes> {
    if (request[0] != 5) return std::nullopt;
    const int n = asked++;
    return n < 2 ? std::optional(noise.at(static_cast<std::size_t>(n))) : std::nullopt;
  });
  TestBus bus(serial(wire),
              {read_of(RegisterArea::holding, 0x1399, 1, 5), read_of(RegisterArea::input, 0, 2, 6)});
  const auto of_five = [](const RegisterBlock& block) { return block.read.unit == 5; };
  for (int i = 0; i < 2; ++i) EXPECT_EQ(bus.wait_block(of_five).value().outcome, BusOutcome::retry);
  EXPECT_TRUE(answered(bus.wait_block(of_five).value())) << "asked again, and answered";
  const auto garbled = bus.bus().counters().garbled_by_unit;
  EXPECT_EQ(garbled.at(5), 2u) << "counted for the device that it comes from";
  EXPECT_FALSE(garbled.contains(6));
}

// What could not be delivered is told, and not carried out when the device comes back.
TEST_F(KnownFaults, WriteWhileOffline) {
  SerialWire wire({}, slaves({1}));
  TestBus bus(serial(wire), {read_of(RegisterArea::holding, 20, 2)});
  ASSERT_TRUE(bus.wait_block(answered));
  wire.silence(1);
  RegisterWrite brief = write_of(first_written, 11, 1);
  brief.expires = now() + 40ms;
  ASSERT_TRUE(bus.bus().write(brief));
  ASSERT_TRUE(bus.bus().write(write_of(first_written + 1, 12, 2)));
  EXPECT_NE(bus.wait_write(1).value().outcome, BusOutcome::ok);
  EXPECT_NE(bus.wait_write(2).value().outcome, BusOutcome::ok);
  wire.silence(0);
  ASSERT_TRUE(bus.bus().write(write_of(first_written + 2, 13, 3)));
  EXPECT_EQ(bus.wait_write(3).value().outcome, BusOutcome::ok);
  wire.with_slave(1, [](TruthSlave& slave) {
    EXPECT_EQ(slave.kept(first_written), 0);
    EXPECT_EQ(slave.kept(first_written + 1), 0);
    EXPECT_EQ(slave.kept(first_written + 2), 13);
  });
}

}  // namespace
}  // namespace rytme::modbus::test
