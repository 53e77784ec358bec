// SPDX-License-Identifier: Apache-2.0
// The room as its people meet it, under a simulated clock.
#include "controller/app/core.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/app/simulated_room.hpp"

namespace rytme::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

request::StartSession down(std::optional<bool> recording = true) {
  return {"regulate-down", std::nullopt, recording};
}

template <typename Kind>
std::size_t count(const SimulatedRoom& room) {
  return static_cast<std::size_t>(
      std::count_if(room.entries.begin(), room.entries.end(),
                    [](const JournalEntry& row) { return std::holds_alternative<Kind>(row.what); }));
}

double last_brightness(const SimulatedRoom& room, const std::string& light) {
  for (auto at = room.published.rbegin(); at != room.published.rend(); ++at)
    if (at->message.topic == "zigbee2mqtt/" + light + "/set")
      return boost::json::parse(at->message.payload).at("brightness").to_number<double>();
  return -1;
}

double brightness_of(double linear) { return std::round(254 * std::pow(linear, 1 / 2.2)); }

TEST(Core, AllDevicesAreFoundAndThePulseIsShownWithItsAge) {
  SimulatedRoom room;
  ASSERT_TRUE(room.run_until(seconds{60}, [&] { return room.state().devices_ok == 9; }))
      << testing::PrintToString(room.state().devices_missing);
  ASSERT_TRUE(room.run_until(seconds{60}, [&] { return room.state().heart.bpm.has_value(); }));
  EXPECT_GT(*room.state().heart.bpm, 40);
  EXPECT_LT(*room.state().heart.age_s, 10);
  EXPECT_FALSE(room.state().arousal.level.has_value());
}

TEST(Core, ARecordedSwingIsKeptAsFrequencyAndAmplitudeOnceASecond) {
  SimulatedRoom room;
  room.run(seconds{5});
  ASSERT_EQ(room.ask(down()).verdict, Verdict::created);
  room.run(minutes{4});
  std::size_t told = 0, known = 0;
  for (const auto& row : room.entries) {
    const auto* value = std::get_if<entry::Value>(&row.what);
    if (value == nullptr || value->device != "swing1" || value->capability != Capability::motion_frequency_hz)
      continue;
    ++told;
    if (!value->value) continue;
    ++known;
    EXPECT_GT(*value->value, 0.2);
    EXPECT_LT(*value->value, 0.8);
  }
  EXPECT_NEAR(static_cast<double>(told), 240, 3);
  EXPECT_GT(known, 60U);

  SimulatedRoom unrecorded;
  unrecorded.run(seconds{5});
  ASSERT_EQ(unrecorded.ask(down(false)).verdict, Verdict::created);
  unrecorded.run(minutes{1});
  EXPECT_EQ(count<entry::Motion>(unrecorded), 0U);
  EXPECT_TRUE(std::none_of(unrecorded.entries.begin(), unrecorded.entries.end(), [](const JournalEntry& row) {
    const auto* value = std::get_if<entry::Value>(&row.what);
    return value != nullptr && value->device == "swing1";
  }));
}

TEST(Core, APresetRunsItsPhasesAndEndsInSafeLight) {
  SimulatedRoom room;
  room.run(seconds{5});
  ASSERT_EQ(room.ask(down()).verdict, Verdict::created);
  std::vector<std::string> phases;
  room.run_until(minutes{20}, [&] {
    const auto phase = room.state().phase;
    if (!phase.empty() && (phases.empty() || phases.back() != phase)) phases.push_back(phase);
    return room.state().mode == RoomMode::idle;
  });
  EXPECT_EQ(phases, (std::vector<std::string>{"arrive", "lead", "stay", "close"}));
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  EXPECT_NEAR(last_brightness(room, "ceiling"), brightness_of(0.4), 1);
  EXPECT_NEAR(room.state().light.level, 0.4, 0.01);
  EXPECT_EQ(count<entry::SessionEnd>(room), 1U);
  EXPECT_GT(count<entry::Confirmed>(room), 10U);
}

TEST(Core, WithoutRecordingNothingFromABodyIsKept) {
  SimulatedRoom room;
  ASSERT_EQ(room.ask(down(false)).verdict, Verdict::created);
  room.run(minutes{3});
  EXPECT_EQ(count<entry::Heart>(room), 0U);
  EXPECT_EQ(count<entry::Motion>(room), 0U);
  for (const auto& row : room.entries) {
    const auto* value = std::get_if<entry::Value>(&row.what);
    EXPECT_FALSE(value != nullptr && info(value->capability).from_body);
  }
  EXPECT_GT(count<entry::Commanded>(room), 3U);
  ASSERT_EQ(room.ask(request::SetRecording{true}).verdict, Verdict::done);
  room.run(minutes{1});
  EXPECT_GT(count<entry::Heart>(room), 30U);
  EXPECT_GT(count<entry::Motion>(room), 100U);
}

TEST(Core, EndsInSafeLightWhateverItWasAndTakesNothingMoreButAStop) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.ask(request::SetLight{0.0, std::nullopt});
  room.run(seconds{20});
  ASSERT_LT(room.state().light.level, 0.01);
  room.shutdown();
  EXPECT_EQ(room.ask(down()).verdict, Verdict::conflict);
  EXPECT_EQ(room.ask(request::SetLight{1.0, std::nullopt}).verdict, Verdict::conflict);
  room.run(seconds{6});
  EXPECT_NEAR(last_brightness(room, "ceiling"), brightness_of(0.4), 1);
  EXPECT_EQ(count<entry::SessionStart>(room), 0U);
  EXPECT_EQ(room.ask(request::StopAll{}).verdict, Verdict::done);
}

TEST(Core, AStopIsConfirmedByEveryDevice) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.ask(down());
  room.run(seconds{40});
  const auto answer = room.ask(request::StopAll{});
  EXPECT_EQ(answer.devices, 4);
  ASSERT_TRUE(room.run_until(seconds{3}, [&] { return !room.confirmations.empty(); }));
  EXPECT_EQ(room.confirmations.front().generation, answer.generation);
  EXPECT_EQ(room.confirmations.front().confirmed.size(), 4U);
  EXPECT_TRUE(room.confirmations.front().missing.empty());
}

TEST(Core, ADeviceThatDoesNotConfirmAStopIsNamedWithinTwoSeconds) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.ask(down());
  room.run(seconds{40});
  room.silence("floor");
  room.ask(request::StopAll{});
  const auto pressed = room.now().steady;
  ASSERT_TRUE(room.run_until(seconds{3}, [&] { return !room.confirmations.empty(); }));
  EXPECT_LE(seconds_between(pressed, room.now().steady), 2.01);
  EXPECT_EQ(room.confirmations.front().missing, std::vector<std::string>{"floor"});
}

TEST(Core, NothingGoesOutForABrokerThatIsAwayAndTheAimIsTakenUpOnItsReturn) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.ask(down());
  room.run(seconds{30});
  room.broker(false);
  const auto before = room.published.size();
  room.ask(request::SetLight{0.6, std::nullopt});
  room.run(seconds{10});
  room.ask(request::SetLight{0.3, std::nullopt});
  room.run(seconds{10});
  EXPECT_EQ(room.published.size(), before);
  EXPECT_EQ(room.count_events("broker_gone"), 1U);
  room.broker(true);
  room.run(seconds{10});
  EXPECT_NEAR(last_brightness(room, "ceiling"), brightness_of(0.3), 1);
  for (auto at = room.published.begin() + static_cast<std::ptrdiff_t>(before); at != room.published.end();
       ++at) {
    if (at->message.topic != "zigbee2mqtt/ceiling/set") continue;
    EXPECT_LT(boost::json::parse(at->message.payload).at("brightness").to_number<double>(),
              brightness_of(0.55));
  }
  EXPECT_EQ(room.count_events("broker_back"), 2U);  // the first connect, and this one
}

TEST(Core, ALateRequestIsNotCarriedOutButAStopIs) {
  SimulatedRoom room;
  app::Effects effects;
  const Asked late{down(), {}, "test", room.now().steady - seconds{1}};
  EXPECT_EQ(room.core.ask(late, room.now(), effects).verdict, Verdict::late);
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  const Asked stop{request::StopAll{}, {}, "test", room.now().steady - seconds{1}};
  EXPECT_EQ(room.core.ask(stop, room.now(), effects).verdict, Verdict::done);
  EXPECT_EQ(room.state().mode, RoomMode::stopped);
}

TEST(Core, RetainedCommandsToTheControllerAreRefused) {
  SimulatedRoom room;
  room.deliver({"homie/5/rytme-rom1/stop/trigger/set", "true", true, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  EXPECT_EQ(room.core.counters().refused_requests, 1U);
  room.deliver({"homie/5/rytme-rom1/stop/trigger/set", "true", false, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::stopped);
}

TEST(Core, WhatWaitedWhileTheRoomHungIsNotCarriedOut) {
  SimulatedRoom room;
  room.deliver({"homie/5/rytme-rom1/stop/trigger/set", "true", false, room.now().steady});
  ASSERT_EQ(room.state().mode, RoomMode::stopped);
  room.core.was_away(room.now().steady - seconds{6}, room.now().steady);
  room.deliver({"homie/5/rytme-rom1/stop/reset/set", "true", false, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::stopped);
  EXPECT_EQ(room.core.counters().late_requests, 1U);
  room.run(seconds{2});
  room.deliver({"homie/5/rytme-rom1/stop/reset/set", "true", false, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  room.core.was_away(room.now().steady - seconds{6}, room.now().steady);
  room.deliver({"homie/5/rytme-rom1/session/preset/set", "regulate-up", false, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  room.deliver({"homie/5/rytme-rom1/stop/trigger/set", "true", false, room.now().steady});
  EXPECT_EQ(room.state().mode, RoomMode::stopped) << "a stop is never too late";
}

TEST(Core, SequenceOrdersEveryEntry) {
  SimulatedRoom room;
  room.ask(down());
  room.run(minutes{1});
  ASSERT_GT(room.entries.size(), 100U);
  for (std::size_t i = 0; i < room.entries.size(); ++i) EXPECT_EQ(room.entries[i].seq, i + 1);
}

TEST(Core, WhatTheBrokerHearsSaysNothingAboutAPerson) {
  SimulatedRoom room;
  room.ask({request::StartSession{"regulate-down", "K7F", true}});
  room.run(minutes{2});
  for (const auto& sent : room.published) {
    EXPECT_EQ(sent.message.payload.find("K7F"), std::string::npos) << sent.message.topic;
    EXPECT_EQ(sent.message.topic.find("heart"), std::string::npos);
    EXPECT_EQ(sent.message.payload.find("session-1"), std::string::npos);
  }
}

}  // namespace
}  // namespace rytme::test
