// SPDX-License-Identifier: Apache-2.0
// Outputs that restart or that somebody else moves, as the room meets them under a simulated clock.
#include "controller/app/output_watch.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "controller/room/light_curve.hpp"
#include "tests/app/simulated_room.hpp"
#include "tests/support/flash_analyser.hpp"

namespace rytme::test {
namespace {

using app::OutputWatch;
using std::chrono::seconds;
using Finding = OutputWatch::Finding;

constexpr auto level = Capability::light_level;
const Instant start = Instant{} + std::chrono::hours{1};

TEST(OutputWatch, WhatWasSentIsFineAndSoIsOneStrayReport) {
  OutputWatch watch;
  EXPECT_EQ(watch.reported(0, level, 0.7, start), Finding::fine);  // nothing was sent
  watch.sent(0, level, 0.4, 0.01, start + seconds{2});
  EXPECT_EQ(watch.reported(0, level, 0.9, start + seconds{1}), Finding::fine);  // history
  EXPECT_EQ(watch.reported(0, level, 0.41, start + seconds{3}), Finding::fine);
  EXPECT_EQ(watch.reported(0, level, 0.9, start + seconds{4}), Finding::fine);
  EXPECT_EQ(watch.reported(0, level, 0.4, start + seconds{5}), Finding::fine);
  EXPECT_EQ(watch.reported(0, level, 0.9, start + seconds{6}), Finding::fine);
  EXPECT_EQ(watch.reported(0, level, std::numeric_limits<double>::quiet_NaN(), start + seconds{7}),
            Finding::fine);
}

TEST(OutputWatch, AnothersValueIsToldOnceAndLastsUntilItIsCommandedAnew) {
  OutputWatch watch;
  watch.sent(0, level, 0.4, 0.01, start);
  watch.reported(0, level, 0.9, start + seconds{1});
  EXPECT_EQ(watch.reported(0, level, 0.9, start + seconds{2}), Finding::changed);
  EXPECT_TRUE(watch.changed(0));
  for (int i = 3; i < 10; ++i) EXPECT_EQ(watch.reported(0, level, 0.9, start + seconds{i}), Finding::fine);
  watch.sent(0, level, 0.5, 0.01, start + seconds{20});
  EXPECT_FALSE(watch.changed(0));
}

TEST(OutputWatch, DarkIsAResetOnceThenNobodyFights) {
  OutputWatch watch;
  watch.sent(0, level, 0.4, 0.01, start);
  watch.reported(0, level, 0, start + seconds{1});
  EXPECT_EQ(watch.reported(0, level, 0, start + seconds{2}), Finding::reset);
  watch.sent(0, level, 0.4, 0.01, start + seconds{5});
  watch.reported(0, level, 0, start + seconds{6});
  EXPECT_EQ(watch.reported(0, level, 0, start + seconds{7}), Finding::changed);
}

// Light at 0.4 on the wall dimmer, all at rest.
void settle(SimulatedRoom& room) {
  room.run(seconds{5});
  ASSERT_EQ(room.ask(request::SetLight{0.4, std::nullopt}).verdict, Verdict::done);
  room.run(seconds{15});
  ASSERT_EQ(room.held("wall-dimmer", RegisterArea::coil, 0), 1);
}

TEST(Outputs, AfterAPowerCutALightIsBroughtBackByRampAndTheRestartIsRecorded) {
  SimulatedRoom room;
  settle(room);
  const auto before = room.held("wall-dimmer", RegisterArea::holding, 0);
  ASSERT_GT(before, 20);
  room.written.clear();
  const auto cut = room.now().steady;
  room.cut_power("wall-dimmer");
  LightTrace trace;
  room.run_until(seconds{15}, [&] {
    const double on = room.held("wall-dimmer", RegisterArea::coil, 0);
    const double raw = room.held("wall-dimmer", RegisterArea::holding, 0) / 100.0;
    trace.push_back(
        {seconds_between(cut, room.now().steady), linear_from_level(LightCurve::gamma22, on * raw)});
    return false;
  });
  EXPECT_EQ(room.held("wall-dimmer", RegisterArea::holding, 0), before);
  EXPECT_EQ(room.held("wall-dimmer", RegisterArea::coil, 0), 1);
  EXPECT_EQ(room.count_events("device_restarted"), 1U);
  EXPECT_GT(room.written.size(), 5U);  // steps, not a jump
  EXPECT_LT(analyse_light(trace).largest_step, 0.10);
}

TEST(Outputs, ALightThatSomebodyElseMovesIsAnAlarmAndIsLeftAlone) {
  SimulatedRoom room;
  settle(room);
  room.set_by_hand("wall-dimmer", RegisterArea::holding, 0, 90);
  room.run(seconds{10});
  EXPECT_EQ(room.count_events("output_changed"), 1U);
  EXPECT_EQ(room.count_events("output_reset"), 0U);
  EXPECT_EQ(room.held("wall-dimmer", RegisterArea::holding, 0), 90);
  EXPECT_TRUE(room.core.output_changed(2));
  // The next command starts from where the light really is.
  room.ask(request::SetLight{0.3, std::nullopt});
  room.run(seconds{15});
  EXPECT_FALSE(room.core.output_changed(2));
  EXPECT_NEAR(room.held("wall-dimmer", RegisterArea::holding, 0),
              100 * level_from_linear(LightCurve::gamma22, 0.3), 1);
}

TEST(Outputs, ALightThatGoesDarkByItselfIsBroughtBack) {
  SimulatedRoom room;
  settle(room);
  const auto before = room.held("wall-dimmer", RegisterArea::holding, 0);
  room.set_by_hand("wall-dimmer", RegisterArea::coil, 0, 0);
  room.run(seconds{10});
  EXPECT_EQ(room.count_events("output_reset"), 1U);
  EXPECT_EQ(room.held("wall-dimmer", RegisterArea::coil, 0), 1);
  EXPECT_EQ(room.held("wall-dimmer", RegisterArea::holding, 0), before);
}

TEST(Outputs, APresetsOwnRampIsNoAlarm) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.ask(request::StartSession{"regulate-down", std::nullopt, true});
  room.run(std::chrono::minutes{16});
  EXPECT_EQ(room.count_events("output_changed"), 0U);
  EXPECT_EQ(room.count_events("output_reset"), 0U);
}

// A device that answers polls and loses every write is asked again now and then, not for ever.
TEST(Outputs, WritesThatFailAreTakenUpWithAPause) {
  const auto house = settings::load("config");
  app::Core core(house, {1, "test", [] { return "s"; }});
  Now now{start, WallTime{seconds{1800000000}}};
  app::Effects effects;
  std::size_t written = 0;
  const auto pass = [&](seconds time, bool asked) {
    for (const auto end = now.steady + time; now.steady < end; now.steady += std::chrono::milliseconds{100}) {
      for (const auto& [area, value] : {std::pair{RegisterArea::coil, 1}, {RegisterArea::holding, 60}}) {
        RegisterBlock block{{0, 41, area, 0, 1, seconds{1}}, BusOutcome::ok, {}, now.steady};
        block.values = {static_cast<std::uint16_t>(value)};
        core.receive(block, now, effects);
      }
      if (asked)
        core.ask({request::SetLight{0.5, std::nullopt}, {}, "t", now.steady + seconds{2}}, now, effects);
      asked = false;
      core.wake(now, effects);
      const auto writes = std::exchange(effects.writes, {});
      written += writes.size();
      effects.clear();
      for (const auto& write : writes)
        core.receive(WriteResult{write.tag, 0, 41, BusOutcome::stale, now.steady}, now, effects);
    }
  };
  pass(seconds{5}, true);
  written = 0;
  pass(seconds{60}, false);
  EXPECT_GT(written, 0U);
  EXPECT_LT(written, 300U);
}

// What a profile wants kept off is written when the device is first heard, and again after it was away or
// restarted.
TEST(Outputs, WhatMustStayOffIsWrittenAgainWheneverTheDeviceMayHaveLostIt) {
  std::string name = (std::filesystem::temp_directory_path() / "rytme-keep-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  std::filesystem::copy("config/profiles", folder / "profiles");
  std::ofstream(folder / "room.toml") << R"([room]
id = "r"
[[bus]]
id = "b"
transport = "tcp"
address = "127.0.0.1:1502"
[[device]]
id = "led"
place = "light.led"
profile = "wirenboard-wb-led"
bus = "b"
params = { unit = 5, output = "rgb" }
)";
  const auto house = settings::load(folder);
  std::filesystem::remove_all(folder);
  app::Core core(house, {1, "test", [] { return "s"; }});
  Now now{start, WallTime{seconds{1800000000}}};
  const auto kept_after = [&](BusOutcome outcome) {
    app::Effects effects;
    for (int i = 0; i < 2; ++i) {
      now.steady += seconds{2};
      RegisterBlock block{{0, 5, RegisterArea::holding, 4000, 1, seconds{10}}, outcome, {}, now.steady};
      if (outcome == BusOutcome::ok) block.values = {256};
      core.receive(block, now, effects);
      core.wake(now, effects);
    }
    return std::count_if(effects.writes.begin(), effects.writes.end(), [](const RegisterWrite& write) {
      return write.area == RegisterArea::coil && write.address == 10 && write.values.at(0) == 0;
    });
  };
  EXPECT_EQ(kept_after(BusOutcome::ok), 1);
  EXPECT_EQ(kept_after(BusOutcome::ok), 0);
  EXPECT_EQ(kept_after(BusOutcome::gone), 0);
  EXPECT_EQ(kept_after(BusOutcome::ok), 1);
}

}  // namespace
}  // namespace rytme::test
