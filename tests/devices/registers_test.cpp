// SPDX-License-Identifier: Apache-2.0
// The WB-MDM3 dimmer over registers, and the types of registers.
#include "controller/devices/registers.hpp"

#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using settings::PointKind;
using settings::PointType;

PointType type_of(PointKind kind, bool big_word_first = true, bool big_byte_first = true) {
  return {kind, big_word_first, big_byte_first, 0, 15, 0};
}

std::string dimmer(int channel) {
  return "[[device]]\nid = \"wall" + std::to_string(channel) + "\"\nplace = \"light.wall" +
         std::to_string(channel) +
         "\"\nprofile = \"wirenboard-wb-mdm3\"\nbus = \"tcp1\"\nparams = { unit = 41, channel = " +
         std::to_string(channel) + " }\n";
}
const std::string bus = "[[bus]]\nid = \"tcp1\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:1502\"\n";

RegisterBlock block(RegisterArea area, std::uint16_t address, std::vector<std::uint16_t> values,
                    BusOutcome outcome = BusOutcome::ok) {
  RegisterBlock result;
  result.read = {
      0, 41, area, address, static_cast<std::uint16_t>(values.size()), std::chrono::milliseconds(500)};
  result.outcome = outcome;
  if (outcome == BusOutcome::ok) result.values = std::move(values);
  return result;
}

// Bytes of the fixture's frame `id`, key request or response.
std::vector<int> frame(const std::string& id, const std::string& key) {
  std::ifstream file(shared("devices/modbus/wirenboard_wb_mdm3.toml"));
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  std::smatch found;
  const std::regex pattern("id = \"" + id + "\"[^\\[]*?" + key + " = \"([0-9A-F ]+)\"");
  if (!std::regex_search(all, found, pattern)) throw std::runtime_error("no frame " + id);
  std::vector<int> bytes;
  std::istringstream hex(found[1].str());
  for (int byte{}; hex >> std::hex >> byte;) bytes.push_back(byte);
  return bytes;
}

TEST(Dimmer, BeingOnAsBeforeIsNoNewsOfItsLevel) {
  Bench bench(bus + dimmer(1) + dimmer(2) + dimmer(3));
  bench.say(block(RegisterArea::holding, 0, {97, 50, 50}));
  bench.say(block(RegisterArea::coil, 0, {1, 1, 1}));
  EXPECT_EQ(bench.last(Capability::light_level), 0.97);
  for (const Decoded& said : bench.say(block(RegisterArea::coil, 0, {1, 1, 1}))) {
    EXPECT_NE(std::get<Reading>(said).capability, Capability::light_level)
        << "it may have moved since it was read";
  }
  bench.say(block(RegisterArea::coil, 0, {0, 1, 1}));
  EXPECT_EQ(bench.last(Capability::light_level), 0);
  for (const Decoded& said : bench.say(block(RegisterArea::holding, 0, {14, 50, 50}))) {
    const auto& reading = std::get<Reading>(said);
    EXPECT_TRUE(reading.capability != Capability::light_level || reading.device != 0)
        << "it may have been turned on since it was asked";
  }
  for (const Decoded& said : bench.say(block(RegisterArea::coil, 0, {1, 1, 1}))) {
    EXPECT_NE(std::get<Reading>(said).capability, Capability::light_level) << "its own poll comes soon";
  }
}

TEST(Dimmer, FixtureLevelsAreRead) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  Bench bench(bus + dimmer(1) + dimmer(2) + dimmer(3));
  bench.say(block(RegisterArea::coil, 0, {1, 1, 1}));
  const auto bytes = frame("read_levels", "response");  // unit, function, length, 3 words, crc
  std::vector<std::uint16_t> words;
  for (std::size_t i = 3; i + 1 < 9; i += 2)
    words.push_back(static_cast<std::uint16_t>(bytes.at(i) * 256 + bytes.at(i + 1)));
  bench.say(block(RegisterArea::holding, 0, words));
  EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level, 0), 0.6);
  EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level, 1), 0.0);
  EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level, 2), 1.0);
}

TEST(Dimmer, FixtureLevelIsWrittenThenTheCoil) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  Bench bench(bus + dimmer(1));
  Command command;
  command.settings = {{Capability::light_level, 0.6, {}}};
  command.generation = 4;
  command.expires = Instant(std::chrono::seconds(9));
  const auto writes = bench.devices().encode(command).writes;
  const auto bytes = frame("set60", "request");  // unit, function, address, value, crc
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].area, RegisterArea::holding);
  EXPECT_EQ(writes[0].address, bytes.at(2) * 256 + bytes.at(3));
  EXPECT_EQ(writes[0].values.at(0), bytes.at(4) * 256 + bytes.at(5));
  EXPECT_EQ(writes[1].area, RegisterArea::coil);
  EXPECT_EQ(writes[1].values.at(0), 1);
  for (const auto& write : writes) {
    EXPECT_EQ(write.unit, 41);
    EXPECT_EQ(write.generation, 4U);
    EXPECT_EQ(write.expires, command.expires);
    EXPECT_EQ(write.priority, WriteClass::command);
  }
}

TEST(Dimmer, StopGoesBeforeOtherWrites) {
  Bench bench(bus + dimmer(1));
  Command command;
  command.settings = {{Capability::light_level, 0.4, {}}};
  command.origin = "stop";
  EXPECT_EQ(bench.devices().encode(command).writes.at(0).priority, WriteClass::stop);
}

TEST(Dimmer, LevelWithTheCoilOffIsDark) {
  Bench bench(bus + dimmer(1));
  bench.say(block(RegisterArea::coil, 0, {0}));
  bench.say(block(RegisterArea::holding, 0, {60}));
  EXPECT_EQ(bench.last(Capability::light_level), 0.0);
  bench.say(block(RegisterArea::coil, 0, {1}));
  bench.say(block(RegisterArea::holding, 0, {60}));
  EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level), 0.6);
}

TEST(Dimmer, OffIsLevelZeroAndCoilOff) {
  Bench bench(bus + dimmer(2));
  Command command;
  command.settings = {{Capability::light_level, 0, {}}};
  const auto writes = bench.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].address, 1);
  EXPECT_EQ(writes[0].values.at(0), 0);
  EXPECT_EQ(writes[1].values.at(0), 0);
}

TEST(Dimmer, RawBeyondItsRangeChangesNothing) {
  Bench bench(bus + dimmer(1));
  bench.say(block(RegisterArea::coil, 0, {1}));
  bench.say(block(RegisterArea::holding, 0, {40}));
  bench.say(block(RegisterArea::holding, 0, {65535}));
  EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level), 0.4);
  EXPECT_EQ(bench.devices().refused(devices::Refusal::out_of_range), 1U);
}

TEST(Dimmer, BlockOfTheWrongLengthIsRefused) {
  Bench bench(bus + dimmer(1));
  auto wrong = block(RegisterArea::holding, 0, {40});
  wrong.read.count = 2;
  EXPECT_TRUE(bench.say(wrong).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::malformed), 1U);
}

TEST(Dimmer, SlowRegistersAreDecoded) {
  Bench bench(bus + dimmer(1));
  bench.say(block(RegisterArea::input, 104, {1, 2}));
  bench.say(block(RegisterArea::input, 121, {23950}));
  bench.say(block(RegisterArea::input, 124, {static_cast<std::uint16_t>(-55)}));
  bench.say(block(RegisterArea::input, 97, {1}));
  EXPECT_EQ(bench.last(Capability::device_uptime_s), 65538.0);
  EXPECT_DOUBLE_EQ(*bench.last(Capability::device_voltage_v), 23.95);
  EXPECT_DOUBLE_EQ(*bench.last(Capability::device_temperature_c), -5.5);
  EXPECT_EQ(bench.last(Capability::power_ac_present), 1.0);
}

TEST(Dimmer, OneLateAnswerIsNoLossTwoAre) {
  Bench bench(bus + dimmer(1));
  bench.say(block(RegisterArea::coil, 0, {1}));
  EXPECT_EQ(bench.last(Capability::availability_online), 1.0);
  EXPECT_TRUE(bench.say(block(RegisterArea::coil, 0, {1}, BusOutcome::stale)).empty());
  bench.say(block(RegisterArea::coil, 0, {1}, BusOutcome::stale));
  EXPECT_EQ(bench.last(Capability::availability_online), 0.0);
  bench.say(block(RegisterArea::coil, 0, {1}));
  EXPECT_EQ(bench.last(Capability::availability_online), 1.0);
  bench.say(block(RegisterArea::coil, 0, {1}, BusOutcome::gone));
  EXPECT_EQ(bench.last(Capability::availability_online), 0.0);
}

TEST(Dimmer, ChannelsOfOneModuleArePolledTogether) {
  Bench bench(bus + dimmer(1) + dimmer(2) + dimmer(3));
  int fast = 0;
  for (const RegisterRead& run : bench.devices().polls()) {
    if (run.period != std::chrono::milliseconds(500)) continue;
    EXPECT_EQ(run.address, 0);
    EXPECT_EQ(run.count, 3);
    ++fast;
  }
  EXPECT_EQ(fast, 2);  // coils and holding registers
}

TEST(Registers, RunsAreSplitAtWhatARequestCarries) {
  std::vector<RegisterRead> runs;
  for (std::uint16_t i = 0; i < 100; ++i)
    runs.push_back(
        {0, 1, RegisterArea::holding, static_cast<std::uint16_t>(2 * i), 2, std::chrono::milliseconds(500)});
  const auto plan = devices::merged(runs);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].count, 124);  // no two-word value is cut in half
  EXPECT_EQ(plan[1].count, 76);
}

TEST(Registers, GapsAreNotRead) {
  const auto plan = devices::merged({{0, 1, RegisterArea::input, 5, 1, std::chrono::milliseconds(500)},
                                     {0, 1, RegisterArea::input, 7, 1, std::chrono::milliseconds(500)}});
  EXPECT_EQ(plan.size(), 2U);
}

TEST(Registers, WordOrderOfTheSharedFloat) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const auto faults = shared_json("devices/faults/faults_open.json");
  for (const auto& fault : faults.at("faults").as_array()) {
    if (text_of(fault.at("id")) != "float_word_order") continue;
    std::istringstream hex(text_of(fault.at("stimulus").at(0).at(2)));
    unsigned high{};
    unsigned low{};
    hex >> std::hex >> high >> low;
    const std::array<std::uint16_t, 2> words{static_cast<std::uint16_t>(high),
                                             static_cast<std::uint16_t>(low)};
    const std::array<std::uint16_t, 2> swapped{words[1], words[0]};
    EXPECT_EQ(devices::raw_of(words.data(), type_of(PointKind::f32, true)), 123456.0);
    EXPECT_EQ(devices::raw_of(swapped.data(), type_of(PointKind::f32, false)), 123456.0);
    return;
  }
  FAIL() << "the fixture has no float_word_order";
}

TEST(Registers, TypesSurviveTheWayThereAndBack) {
  const auto there_and_back = [](double value, const PointType& type) {
    return devices::raw_of(devices::words_of(value, type).data(), type);
  };
  for (const bool words : {true, false})
    for (const bool bytes : {true, false}) {
      EXPECT_EQ(there_and_back(-70000, type_of(PointKind::s32, words, bytes)), -70000);
      EXPECT_EQ(there_and_back(4e9, type_of(PointKind::u32, words, bytes)), 4e9);
      EXPECT_EQ(there_and_back(-3, type_of(PointKind::s16, words, bytes)), -3);
      EXPECT_EQ(there_and_back(1.5, type_of(PointKind::f32, words, bytes)), 1.5);
      EXPECT_EQ(there_and_back(-1e-200, type_of(PointKind::f64, words, bytes)), -1e-200);
      EXPECT_EQ(there_and_back(9e15, type_of(PointKind::u64, words, bytes)), 9e15);
      EXPECT_EQ(there_and_back(-9e15, type_of(PointKind::s64, words, bytes)), -9e15);
      EXPECT_EQ(there_and_back(70000, type_of(PointKind::u16, words, bytes)), 65535);
      EXPECT_EQ(there_and_back(1e30, type_of(PointKind::s64, words, bytes)), 9223372036854775807.0);
      EXPECT_EQ(there_and_back(-1e30, type_of(PointKind::u64, words, bytes)), 0);
    }
}

TEST(Registers, OrdersOfWordsAndBytes) {
  const std::array<std::uint16_t, 2> words{0x1234, 0x5678};
  EXPECT_EQ(devices::bits_of(words.data(), type_of(PointKind::u32)), 0x12345678U);
  EXPECT_EQ(devices::bits_of(words.data(), type_of(PointKind::u32, false)), 0x56781234U);
  EXPECT_EQ(devices::bits_of(words.data(), type_of(PointKind::u32, true, false)), 0x34127856U);
  EXPECT_EQ(devices::bits_of(words.data(), type_of(PointKind::u32, false, false)), 0x78563412U);
}

TEST(Registers, BitsAndTexts) {
  const std::uint16_t word = 0x0A5C;
  EXPECT_EQ(devices::raw_of(&word, {PointKind::bits, true, true, 4, 7, 0}), 5);
  EXPECT_EQ(devices::raw_of(&word, {PointKind::bool_u16, true, true, 2, 2, 0}), 1);
  EXPECT_EQ(devices::raw_of(&word, {PointKind::bool_u16, true, true, 0, 0, 0}), 0);
  const std::array<std::uint16_t, 3> name{0x4142, 0x4320, 0x0000};
  EXPECT_EQ(devices::text_of(name.data(), {PointKind::ascii, true, true, 0, 15, 6}), "ABC");
  const std::uint16_t no_text = 0x41FF;
  EXPECT_EQ(devices::text_of(&no_text, {PointKind::ascii, true, true, 0, 15, 2}), std::nullopt);
}

}  // namespace
}  // namespace rytme::test
