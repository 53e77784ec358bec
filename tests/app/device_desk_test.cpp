// SPDX-License-Identifier: Apache-2.0
// The devices as their maintainer meets them, under a simulated clock.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/app/device_rows.hpp"
#include "controller/app/fault_rows.hpp"
#include "tests/app/simulated_room.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

namespace json = boost::json;
using app::DeviceFade;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct Desk : testing::Test {
  SimulatedRoom room;
  app::DeviceBook book;

  app::DeviceView view() const { return {room.house, room.core, book, {}, room.now().steady}; }
  web::DeviceRow row(const std::string& id) const {
    for (auto& found : app::device_rows(view()))
      if (found.id == id) return found;
    return {};
  }
  json::value device(const std::string& id) const {
    return json::parse(app::device_text(view(), id).value());
  }
  std::string frames(const std::string& id) const { return app::frames_text(view(), id).value(); }
  json::array list_of_frames(const std::string& id) const {
    return json::parse(frames(id)).at("frames").as_array();
  }
  json::array readings(const std::string& id) const { return device(id).at("readings").as_array(); }
  Answer test(const std::string& id) { return room.ask(request::TestDevice{id}); }
  DeviceFade::State fade() const { return room.core.fade().state(); }
  double light_of(const std::string& id) const {
    for (const auto& reading : readings(id))
      if (reading.at("channel") == "light.level") return reading.at("value").to_number<double>();
    return -1;
  }
};

TEST_F(Desk, CountsWhatEachDeviceSaysInAMinute) {
  room.run(seconds{90});
  EXPECT_NEAR(row("strap1").messages_per_min, 60, 3);
  EXPECT_GT(row("swing1").messages_per_min, 100);
  EXPECT_GT(row("wall-dimmer").messages_per_min, 60);  // polled
  EXPECT_EQ(row("ceiling").state, "ok");
  EXPECT_TRUE(row("ceiling").errors.empty()) << testing::PrintToString(row("ceiling").errors);
  room.silence("strap1");
  room.run(seconds{65});
  EXPECT_EQ(row("strap1").messages_per_min, 0);
  EXPECT_EQ(row("strap1").state, "late");
}

TEST_F(Desk, CountsErrorsByTheirKindAtTheDeviceTheyAreOf) {
  room.run(seconds{5});
  room.deliver({"zigbee2mqtt/ceiling", "{broken", false, room.now().steady});
  room.deliver({"zigbee2mqtt/ceiling", R"({"state":"ON","brightness":4000})", false, room.now().steady});
  const auto errors = row("ceiling").errors;
  EXPECT_EQ(errors.at("malformed"), 1U);
  EXPECT_EQ(errors.at("implausible"), 1U);
  EXPECT_TRUE(row("floor").errors.empty());
  app::Effects effects;
  const auto index = static_cast<DeviceIndex>(2);
  ASSERT_EQ(room.house.devices[index].id, "wall-dimmer");
  RegisterBlock block{{*room.house.devices[index].bus, 41, RegisterArea::holding, 0, 1},
                      BusOutcome::stale,
                      {},
                      room.now().steady};
  room.core.receive(block, room.now(), effects);
  block.outcome = BusOutcome::retry;
  room.core.receive(block, room.now(), effects);
  EXPECT_EQ(row("wall-dimmer").errors.at("timeout"), 1U);
  EXPECT_EQ(row("wall-dimmer").errors.at("garbled"), 1U);
}

TEST_F(Desk, SaysWhatPeopleCallADeviceAndWhichFirmwareItHas) {
  EXPECT_EQ(row("ceiling").name, "taklampen");
  EXPECT_EQ(row("strap1").name, "");
  EXPECT_EQ(row("ceiling").firmware, "");
  room.deliver(
      {"zigbee2mqtt/ceiling", R"({"update":{"installed_version":33554432}})", false, room.now().steady});
  EXPECT_EQ(row("ceiling").firmware, "33554432");
  room.deliver({"zigbee2mqtt/ceiling", R"({"update":{"installed_version":null}})", false, room.now().steady});
  EXPECT_EQ(row("ceiling").firmware, "33554432");
  EXPECT_TRUE(row("ceiling").errors.empty());
  room.deliver(
      {"zigbee2mqtt/ceiling", R"({"update":{"installed_version":1e300}})", false, room.now().steady});
  EXPECT_EQ(row("ceiling").firmware, "33554432");
  EXPECT_EQ(row("ceiling").errors.at("implausible"), 1U);
}

TEST_F(Desk, ShowsALightsReadingsAndNeverAPersons) {
  room.run(seconds{30});
  EXPECT_GE(light_of("ceiling"), 0);
  for (const char* id : {"strap1", "swing1", "hammock1"}) {
    for (const auto& reading : readings(id))
      EXPECT_TRUE(reading.at("channel").as_string().starts_with("device.")) << id << reading;
    EXPECT_TRUE(device(id).at("of_a_person").as_bool());
    for (const auto& frame : list_of_frames(id)) {
      EXPECT_TRUE(frame.at("text").is_null()) << id << frame;
      EXPECT_EQ(frame.at("bytes").to_number<int>() % 128, 0) << "a length counts beats";
      EXPECT_GT(frame.at("bytes").to_number<int>(), 0);
    }
    EXPECT_FALSE(list_of_frames(id).empty());
  }
}

TEST_F(Desk, ShowsTheLastFramesOfADeviceWithoutItsSecrets) {
  room.run(seconds{5});
  for (int i = 0; i < 60; ++i)
    room.deliver({"zigbee2mqtt/ceiling", R"({"state":"ON","brightness":)" + std::to_string(i) + "}", false,
                  room.now().steady});
  room.deliver(
      {"zigbee2mqtt/ceiling", R"({"state":"ON","wifi":{"password":"hemmelig"}})", false, room.now().steady});
  const auto all = json::parse(frames("ceiling")).at("frames").as_array();
  EXPECT_EQ(all.size(), app::DeviceFrames::kept);
  EXPECT_THAT(frames("ceiling"), Not(HasSubstr("hemmelig")));
  EXPECT_EQ(all.back().at("text"), R"({"state":"ON","wifi":{"password":"***"}})");
  EXPECT_EQ(all.front().at("text"), R"({"state":"ON","brightness":11})");
  room.ask(request::SetLight{0.3, std::nullopt});
  const auto after = list_of_frames("ceiling");
  EXPECT_TRUE(std::any_of(after.begin(), after.end(), [](const json::value& frame) {
    return frame.at("where") == "zigbee2mqtt/ceiling/set" && frame.at("out").as_bool();
  }));
  EXPECT_THAT(frames("wall-dimmer"), HasSubstr("29 03"));  // unit 41, read holding registers
  EXPECT_FALSE(app::frames_text(view(), "nobody"));
}

// What a player is told in a session may follow a body.
TEST_F(Desk, WithholdsWhatAPlayerIsToldInASession) {
  room.run(seconds{5});
  room.ask(request::StartSession{"regulate-down", std::nullopt, false});
  room.run(seconds{120});
  const auto all = json::parse(frames("player1")).at("frames").as_array();
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(all.back().at("text").is_null());
  for (const auto& reading : readings("player1"))
    EXPECT_THAT(std::string(reading.at("channel").as_string()),
                Not(testing::AnyOf("player.bpm", "player.phase", "player.track", "player.source")));
}

TEST_F(Desk, ALightFadesThereAndBackAndNoOtherMoves) {
  room.run(seconds{5});
  room.ask(request::SetLight{0.5, std::nullopt});
  room.run(seconds{10});
  const double ceiling = light_of("ceiling"), floor = light_of("floor");
  double least = 1;
  ASSERT_EQ(test("ceiling").verdict, Verdict::done);
  EXPECT_TRUE(room.run_until(seconds{30}, [&] {
    least = std::min(least, light_of("ceiling"));
    EXPECT_NEAR(light_of("floor"), floor, 0.001);
    return fade() != DeviceFade::State::running;
  }));
  EXPECT_EQ(fade(), DeviceFade::State::ok);
  EXPECT_LT(std::pow(least, 2.2), 0.5 - 0.19);
  EXPECT_NEAR(light_of("ceiling"), ceiling, 0.02);
  EXPECT_EQ(device("ceiling").at("test").at("state"), "ok");
  EXPECT_EQ(device("ceiling").at("test").at("ends").as_array().size(), 2U);
  EXPECT_EQ(room.count_events("device_test"), 1U);
}

// There is one way to a lamp, and the test goes it: never faster than the room's own fades.
TEST_F(Desk, AFadeKeepsTheSlewOfTheLastStage) {
  room.run(seconds{5});
  room.ask(request::SetLight{0.5, std::nullopt});
  room.run(seconds{10});
  room.published.clear();
  ASSERT_EQ(test("ceiling").verdict, Verdict::done);
  room.run(seconds{20});
  double before = 0.5;
  int steps = 0;
  for (const auto& sent : room.published) {
    if (sent.message.topic != "zigbee2mqtt/ceiling/set") continue;
    const auto said = json::parse(sent.message.payload);
    const double linear = std::pow(said.at("brightness").to_number<double>() / 254, 2.2);
    const double within = said.at("transition").to_number<double>();
    EXPECT_LE(std::abs(linear - before), 0.2 * within + 0.02);
    before = linear;
    ++steps;
  }
  EXPECT_GE(steps, 2);
}

TEST_F(Desk, NothingIsTestedInASessionNorWhileStopped) {
  room.run(seconds{5});
  EXPECT_EQ(test("nobody").verdict, Verdict::unknown);
  EXPECT_EQ(test("strap1").verdict, Verdict::refused);
  EXPECT_EQ(test("player1").verdict, Verdict::refused);
  room.ask(request::StopAll{});
  EXPECT_EQ(test("ceiling").verdict, Verdict::conflict);
  room.ask(request::ResetStop{});
  ASSERT_EQ(room.ask(request::StartSession{"regulate-down", std::nullopt, false}).verdict, Verdict::created);
  room.run(seconds{5});
  EXPECT_EQ(test("ceiling").verdict, Verdict::conflict);
  EXPECT_EQ(fade(), DeviceFade::State::none);
}

TEST_F(Desk, WhoeverTakesTheRoomTakesTheLightFromTheTest) {
  room.run(seconds{5});
  ASSERT_EQ(test("ceiling").verdict, Verdict::done);
  EXPECT_EQ(test("floor").verdict, Verdict::conflict);
  room.run(seconds{1});
  ASSERT_EQ(room.ask(request::StopAll{}).verdict, Verdict::done);
  EXPECT_EQ(fade(), DeviceFade::State::abandoned);
  room.run(seconds{20});
  EXPECT_NEAR(room.state().light.level, 0.4, 0.01);  // safe light
}

TEST_F(Desk, ALightThatDoesNotMoveIsToldSo) {
  room.run(seconds{5});
  ASSERT_EQ(test("wall-dimmer").verdict, Verdict::done);
  room.run_until(seconds{40}, [&] { return fade() != DeviceFade::State::running; });
  EXPECT_EQ(fade(), DeviceFade::State::ok);
  room.silence("floor");
  ASSERT_EQ(test("floor").verdict, Verdict::done);
  room.run_until(seconds{40}, [&] { return fade() != DeviceFade::State::running; });
  EXPECT_EQ(fade(), DeviceFade::State::not_there);
}

TEST_F(Desk, ASilencedFaultIsNotToldAndTheRoomDoesWhatItDid) {
  room.run(seconds{5});
  room.silence("ceiling");
  room.deliver({"zigbee2mqtt/ceiling/availability", R"({"state":"offline"})", false, room.now().steady});
  room.run(seconds{5});
  EXPECT_THAT(room.state().devices_missing, Contains("ceiling"));
  const int ok = room.state().devices_ok;
  app::Silences silences;
  silences.put({"device_down", "ceiling", room.now().wall + std::chrono::minutes{1}});
  room.core.be_silent(silences);
  EXPECT_THAT(room.state().devices_missing, Not(Contains("ceiling")));
  EXPECT_EQ(room.state().devices_ok, ok);  // it is not in order for that
  EXPECT_EQ(row("ceiling").state, "lost");
  EXPECT_NE(row("ceiling").silenced_until, "");
  EXPECT_TRUE(room.core.faults().there(safety::Fault::device_down));
  const auto rows = app::fault_rows(room.house, room.core.faults(), room.core.silences(), room.now().steady);
  const auto down =
      std::find_if(rows.begin(), rows.end(), [](const auto& one) { return one.fault == "device_down"; });
  ASSERT_FALSE(down->now.empty());
  EXPECT_NE(down->now.front().silenced_until, "");
  room.run(seconds{62});
  EXPECT_THAT(room.state().devices_missing, Contains("ceiling"));
  EXPECT_EQ(row("ceiling").silenced_until, "");
}

TEST(Silences, AreKeptAndEndTomorrowMorning) {
  Folder folder;
  EXPECT_TRUE(app::Silences::load(folder.path()).all().empty());
  const WallTime now{std::chrono::seconds{1'796'500'000}};
  const WallTime until = app::tomorrow_morning(now);
  EXPECT_GT(until, now + std::chrono::hours{6});
  EXPECT_LE(until, now + std::chrono::hours{31});
  const std::time_t at = std::chrono::duration_cast<seconds>(until.time_since_epoch()).count();
  EXPECT_EQ(std::localtime(&at)->tm_hour, 6);
  app::Silences silences;
  silences.put({"device_down", "ceiling", until});
  silences.put({"device_down", "ceiling", until});
  EXPECT_EQ(silences.all().size(), 1U);
  std::ofstream(app::Silences::file(folder.path())) << silences.text();
  app::Silences read = app::Silences::load(folder.path());
  EXPECT_EQ(read.until("device_down", "ceiling"), until);
  EXPECT_FALSE(read.expire(until - seconds{1}));
  EXPECT_TRUE(read.expire(until));
  EXPECT_TRUE(read.all().empty());
  std::ofstream(app::Silences::file(folder.path())) << "{";
  EXPECT_THROW(app::Silences::load(folder.path()), std::runtime_error);
}

TEST(Silences, WhatAsksForAHandAtOnceIsAlwaysTold) {
  for (const auto& rung : safety::ladder()) {
    const bool told = rung.fault == safety::Fault::lamp_flapping || rung.fault == safety::Fault::restarted ||
                      rung.fault == safety::Fault::crash_loop ||
                      rung.fault == safety::Fault::controller_silent;
    EXPECT_EQ(app::may_be_silent(rung), !told) << rung.name;
  }
}

}  // namespace
}  // namespace rytme::test
