// SPDX-License-Identifier: Apache-2.0
// What Modbus profiles can say, by shipped profiles: modes, groups, positions, frames, error words, holes,
// setup.
#include <cmath>

#include <gtest/gtest.h>

#include "controller/devices/point_value.hpp"
#include "controller/devices/registers.hpp"
#include "controller/room/light_curve.hpp"
#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

const std::string bus = "[[bus]]\nid = \"b\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:1502\"\n";

std::string device(const std::string& profile, const std::string& place, const std::string& params,
                   const std::string& more = "") {
  return "[[device]]\nid = \"d\"\nplace = \"" + place + "\"\nprofile = \"" + profile +
         "\"\nbus = \"b\"\nparams = { " + params + " }\n" + more;
}

RegisterBlock block(std::uint8_t unit, RegisterArea area, std::uint16_t address,
                    std::vector<std::uint16_t> values, Instant received = {}) {
  RegisterBlock result;
  result.read = {
      0, unit, area, address, static_cast<std::uint16_t>(values.size()), std::chrono::milliseconds(50)};
  result.values = std::move(values);
  result.received = received;
  return result;
}

std::optional<Reading> reading_in(const std::vector<Decoded>& decoded, Capability capability) {
  for (const auto& item : decoded)
    if (const auto* reading = std::get_if<Reading>(&item);
        reading != nullptr && reading->capability == capability)
      return *reading;
  return std::nullopt;
}

class Led : public testing::Test {
 protected:
  Bench rgb_{bus + device("wirenboard-wb-led", "light.led", R"(unit = 5, output = "rgb")")};
  Bench cct_{bus + device("wirenboard-wb-led", "light.led",
                          R"(unit = 5, output = "cct1", k_warm = 2700, k_cold = 6500)")};
  static void mode(Bench& bench, std::uint16_t value) {
    bench.say(block(5, RegisterArea::holding, 4000, {value}));
  }
};

TEST_F(Led, InAnotherModeNothingIsKnownAndNothingIsWritten) {
  Command command;
  command.settings = {{Capability::light_level, 0.5, {}}};
  EXPECT_EQ(rgb_.devices().encode(command).writes.size(),
            2U);  // before the mode is known the settings are believed
  mode(rgb_, 34);
  EXPECT_TRUE(rgb_.devices().encode(command).writes.empty());
  const auto hue =
      reading_in(rgb_.say(block(5, RegisterArea::holding, 2014, {30, 80, 50})), Capability::light_hue_deg);
  ASSERT_TRUE(hue);
  EXPECT_EQ(hue->quality, Quality::unknown);
  mode(rgb_, 256);
  rgb_.say(block(5, RegisterArea::holding, 2014, {30, 80, 50}));
  EXPECT_EQ(rgb_.last(Capability::light_hue_deg), 30);
  EXPECT_EQ(rgb_.devices().encode(command).writes.size(), 2U);
}

TEST_F(Led, AColourChangesInOneWrite) {
  Command command;
  command.settings = {{Capability::light_level, 0.5, {}},
                      {Capability::light_hue_deg, 30, {}},
                      {Capability::light_sat, 0.8, {}}};
  const auto writes = rgb_.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 2U);  // and the switch
  EXPECT_EQ(writes[0].address, 2014);
  EXPECT_EQ(writes[0].values, (std::vector<std::uint16_t>{30, 80, 50}));
}

TEST_F(Led, WhatLiesBetweenTwoCommandedRegistersKeepsItsValueOrIsNotTouched) {
  Command command;
  command.settings = {{Capability::light_level, 0.5, {}}, {Capability::light_hue_deg, 30, {}}};
  auto writes = rgb_.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 3U);  // hue, level, switch: saturation has not been read yet
  EXPECT_EQ(writes[0].values.size(), 1U);
  rgb_.say(block(5, RegisterArea::holding, 2014, {10, 77, 20}));
  writes = rgb_.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].values, (std::vector<std::uint16_t>{30, 77, 50}));
}

TEST_F(Led, AColourTemperatureIsAPositionBetweenTheStrips) {
  const auto position = [&](double kelvin) {
    Command command;
    command.settings = {{Capability::light_cct_k, kelvin, {}}};
    return cct_.devices().encode(command).writes.at(0).values.at(0);
  };
  EXPECT_EQ(position(2700), 0);
  EXPECT_EQ(position(6500), 100);
  EXPECT_EQ(position(1000), 0);
  EXPECT_EQ(position(3815), 50);  // the mean of both in mired
  cct_.say(block(5, RegisterArea::holding, 2007, {50, 40}));
  EXPECT_NEAR(*cct_.last(Capability::light_cct_k), 3815, 1);
  for (const double kelvin : {2700.0, 3000.0, 4000.0, 6500.0})
    EXPECT_NEAR(devices::kelvin_of_position(devices::position_of_kelvin(kelvin, {2700, 6500}), {2700, 6500}),
                kelvin, 1e-6);
}

TEST_F(Led, TheErrorWordIsNoValue) {
  cct_.say(block(5, RegisterArea::holding, 2007, {50, 40}));
  const auto said = cct_.say(block(5, RegisterArea::holding, 2007, {0xFFFF, 0xFFFF}));
  EXPECT_EQ(reading_in(said, Capability::light_cct_k)->quality, Quality::unknown);
  EXPECT_EQ(cct_.refused(), 0U);
}

TEST_F(Led, TheAutomaticColourChangeIsKeptOff) {
  const auto setup = rgb_.devices().setup(0);
  ASSERT_EQ(setup.size(), 1U);
  EXPECT_TRUE(setup[0].setup->keep);
  EXPECT_EQ(setup[0].write.area, RegisterArea::coil);
  EXPECT_EQ(setup[0].write.values, std::vector<std::uint16_t>{0});
}

TEST(ModbusProfile, APolledImuIsAStreamOfFramesWithOurTime) {
  Bench bench(bus + device("witmotion-wt901c485", "hammock.motion", "unit = 80"));
  const auto frame_in = [](const std::vector<Decoded>& decoded) -> std::optional<MotionFrame> {
    for (const auto& item : decoded)
      if (const auto* frame = std::get_if<MotionFrame>(&item)) return *frame;
    return std::nullopt;
  };
  const Instant first = Instant{} + std::chrono::seconds(100);
  const auto one = bench.say(block(80, RegisterArea::holding, 52, {0, 0, 2048, 0, 327, 0}, first));
  const auto frame = frame_in(one);
  ASSERT_TRUE(frame);
  EXPECT_NEAR(frame->az.at(0), 9.80665, 1e-4);
  EXPECT_NEAR(frame->gy.at(0), 327 * 2000.0 / 32768 * M_PI / 180, 1e-5);
  EXPECT_EQ(frame->stamp.t_us, 100'000'000);
  EXPECT_FALSE(reading_in(one, Capability::motion_accel_z_mps2));  // an axis is no reading of its own
  const auto next = frame_in(bench.say(
      block(80, RegisterArea::holding, 52, {0, 0, 2048, 0, 0, 0}, first + std::chrono::milliseconds(50))));
  EXPECT_EQ(next->stamp.seq, frame->stamp.seq + 1);
  EXPECT_EQ(next->stamp.t_us, frame->stamp.t_us + 50'000);
  EXPECT_EQ(next->stamp.boot, frame->stamp.boot);
  auto lost = block(80, RegisterArea::holding, 52, {0, 0, 0, 0, 0, 0});
  lost.outcome = BusOutcome::stale;
  lost.values.clear();
  bench.say(lost);
  const auto after = frame_in(bench.say(block(80, RegisterArea::holding, 52, {0, 0, 2048, 0, 0, 0}, first)));
  EXPECT_EQ(after->stamp.seq, next->stamp.seq + 2);  // the loss shows
  EXPECT_FALSE(frame_in(bench.say(block(80, RegisterArea::holding, 61, {0xF000}))));
  EXPECT_NEAR(*bench.last(Capability::motion_angle_x_deg), -22.5, 1e-9);
}

TEST(ModbusProfile, AxesArePolledAsOneBlockAtStreamPace) {
  Bench bench(bus + device("witmotion-wt901c485", "swing.motion", "unit = 80"));
  int streams = 0;
  for (const auto& run : bench.devices().polls()) {
    if (run.period != std::chrono::milliseconds(50)) continue;
    ++streams;
    EXPECT_EQ(run.address, 52);
    EXPECT_EQ(run.count, 6);
  }
  EXPECT_EQ(streams, 1);
}

TEST(ModbusProfile, DaliIsReadElsewhereThanItIsWrittenAndGroupsAreNotPolled) {
  Bench lamp(bus + device("ecodim-dali-gw2", "light.dali", "unit = 3, channel = 2"));
  Command command;
  command.settings = {{Capability::light_level, 0.5, {}}, {Capability::light_cct_k, 3000, {}}};
  auto writes = lamp.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].address, 3010);
  EXPECT_EQ(writes[1].address, 3330);
  lamp.say(block(3, RegisterArea::holding, 3014, {127}));
  EXPECT_NEAR(*lamp.last(Capability::light_level), 0.5, 1e-3);
  EXPECT_TRUE(lamp.say(block(3, RegisterArea::holding, 3010, {127})).empty());

  Bench group(bus + device("ecodim-dali-gw2", "light.dali", R"(unit = 3, target = "group", channel = 1)"));
  writes = group.devices().encode(command).writes;
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].address, 2005);
  for (const auto& run : group.devices().polls()) EXPECT_LT(run.address, 1000);
}

TEST(ModbusProfile, NanAndErrorWordsAreUnknownNotANumber) {
  Bench meter(bus + device("eastron-sdm120", "environment.meter", "unit = 4"));
  meter.say(block(4, RegisterArea::input, 0, {0x4366, 0x8000}));
  EXPECT_DOUBLE_EQ(*meter.last(Capability::power_voltage_v), 230.5);
  const auto said = meter.say(block(4, RegisterArea::input, 0, {0x7FC0, 0}));
  EXPECT_EQ(reading_in(said, Capability::power_voltage_v)->quality, Quality::unknown);
  Bench air(bus + device("wirenboard-wb-msw-v4", "environment.air", "unit = 4"));
  const auto humidity = air.say(block(4, RegisterArea::input, 4, {0xFE0C, 0xFFFF}));
  EXPECT_DOUBLE_EQ(*air.last(Capability::env_temperature_c), -5.0);
  EXPECT_EQ(reading_in(humidity, Capability::env_humidity)->quality, Quality::unknown);
  EXPECT_EQ(reading_in(air.say(block(4, RegisterArea::input, 3, {100})), Capability::env_sound_db)->quality,
            Quality::unknown);  // 1 dB: implausible
}

TEST(ModbusProfile, SetupCarriesTheRoomsSafeLight) {
  Bench bench(bus + device("wirenboard-wb-mdm3", "light.wall", "unit = 41, channel = 2, watchdog_s = 20",
                           "safe = { level = 0.3 }\ncurve = \"gamma2.2\"\n"));
  std::map<std::string, RegisterWrite> writes;
  for (const auto& step : bench.devices().setup(0)) writes[step.setup->id] = step.write;
  EXPECT_EQ(writes.at("safety_timeout").values.at(0), 20);
  EXPECT_EQ(writes.at("safety_level").address, 657);
  EXPECT_EQ(writes.at("safety_level").values.at(0),
            std::lround(100 * level_from_linear(LightCurve::gamma22, 0.3)));
}

TEST(Registers, HolesAreReadOverOnlyWhereTheProfileAllows) {
  const std::vector<RegisterRead> runs{{0, 1, RegisterArea::input, 0, 2, std::chrono::milliseconds(500)},
                                       {0, 1, RegisterArea::input, 3, 1, std::chrono::milliseconds(500)},
                                       {0, 1, RegisterArea::input, 9, 2, std::chrono::milliseconds(500)}};
  EXPECT_EQ(devices::merged(runs).size(), 3U);
  EXPECT_EQ(devices::merged(runs, {0, 1}).size(), 2U);
  const auto all = devices::merged(runs, {0, 5});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].count, 11);
  EXPECT_EQ(devices::merged(runs, {8, 5}).size(), 2U);
}

}  // namespace
}  // namespace rytme::test
