// SPDX-License-Identifier: Apache-2.0
// One session from tap to record, on a real broker and a real bus.
#include <cmath>
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/flash_analyser.hpp"

namespace rytme::test {
namespace {

using std::chrono::seconds;

constexpr double gamma = 2.2;

bool is_set_of(const Seen& seen, const std::string& light) {
  return seen.topic == "zigbee2mqtt/" + light + "/set";
}

double linear_of(const Seen& seen) {
  const auto payload = boost::json::parse(seen.payload).as_object();
  return std::pow(payload.at("brightness").to_number<double>() / 254.0, gamma);
}

int register_of(double linear) { return static_cast<int>(std::lround(std::pow(linear, 1 / gamma) * 100)); }

TEST(Session, LightsDimmerAndSoundFollowThePresetAndStopBringsSafeLight) {
  RoomUnderTest room;
  const auto started = room.post("session", R"({"preset":"regulate-down","recording":true})");
  ASSERT_EQ(started.status, 201) << started.body;
  const std::string id(started.json().at("id").as_string());
  EXPECT_EQ(room.post("session", R"({"preset":"regulate-down"})").status, 409);

  for (const auto* light : {"ceiling", "floor"})
    EXPECT_TRUE(room.observer().wait(
        seconds{15},
        [&](const Seen& seen) { return is_set_of(seen, light) && std::abs(linear_of(seen) - 0.35) < 0.01; }))
        << light << " was not led to 0.35";
  EXPECT_TRUE(eventually(seconds{15}, [&] { return std::abs(room.dimmer_level() - register_of(0.15)) <= 1; }))
      << "dimmer stands at " << room.dimmer_level();
  EXPECT_TRUE(room.observer().wait(seconds{15}, [](const Seen& seen) {
    return seen.topic == "homie/5/player1/player/bpm/set" && std::stod(seen.payload) <= 80;
  }));
  EXPECT_EQ(room.state(), "running");

  const auto before = room.observer().seen.size();
  const double pressed_s = steady_seconds();
  const auto stopped = room.post("stop");
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(stopped.json().at("devices").as_int64(), 4);
  for (const auto* light : {"ceiling", "floor"}) {
    double after_s = -1;
    EXPECT_TRUE(room.observer().wait(
        seconds{2},
        [&](const Seen& seen) {
          after_s = seen.t_s - pressed_s;
          return is_set_of(seen, light) && std::abs(linear_of(seen) - 0.4) < 0.01;
        },
        before))
        << light << " was not sent to safe light";
    EXPECT_LT(after_s, 0.25);
  }
  EXPECT_TRUE(room.observer().wait(
      seconds{2},
      [](const Seen& seen) {
        return seen.topic == "homie/5/player1/player/mute/set" && seen.payload == "true";
      },
      before));
  EXPECT_TRUE(eventually(seconds{4}, [&] { return std::abs(room.dimmer_level() - register_of(0.4)) <= 1; }));
  EXPECT_EQ(room.state(), "stopped");
  EXPECT_EQ(room.post("session", R"({"preset":"regulate-up"})").status, 409);
  EXPECT_EQ(room.post("stop").status, 200);
  EXPECT_EQ(room.post("stop/reset").status, 200);
  EXPECT_EQ(room.state(), "idle");

  EXPECT_TRUE(eventually(seconds{3}, [&] {
    return journal_value(room.journal(), "select end_reason from v_session where id='" + id + "'") ==
           "stopped";
  })) << journal_value(room.journal(), "select * from v_session");
  EXPECT_GT(
      std::stoi(journal_value(room.journal(), "select count(*) from v_command where confirmed is not null")),
      0);

  for (const auto* light : {"ceiling", "floor"}) {
    std::vector<LightCommandSeen> commands;
    for (const auto& seen : room.observer().seen) {
      if (!is_set_of(seen, light)) continue;
      const auto payload = boost::json::parse(seen.payload).as_object();
      EXPECT_TRUE(payload.contains("transition")) << seen.payload;
      EXPECT_TRUE(payload.contains("brightness")) << seen.payload;
      EXPECT_FALSE(seen.retained);
      commands.push_back({seen.t_s, payload.at("brightness").to_number<double>() / 254.0,
                          payload.at("transition").to_number<double>(), payload.at("state") == "ON"});
    }
    const auto linear = [](double level) { return std::pow(level, gamma); };
    const auto judged = analyse_light(trace_of(commands, linear, 152.0 / 254.0, steady_seconds()));
    EXPECT_LE(judged.flashes_in_1s, 1);
    EXPECT_LE(judged.slew_per_s, 0.60);
    EXPECT_EQ(judged.largest_step, 0);
  }
}

TEST(Session, ButtonOnTheWallStartsAndLongPressStops) {
  RoomUnderTest room;
  room.injector().publish("homie/5/button1/button/action", "press");
  EXPECT_TRUE(eventually(seconds{3}, [&] { return room.state() != "idle"; }));
  room.injector().publish("homie/5/button1/button/action", "long");
  EXPECT_TRUE(eventually(seconds{3}, [&] { return room.state() == "stopped"; }));
}

// A press and a stop that somebody left on the broker meet a controller that comes up.
TEST(Session, WhatIsRetainedOnACommandTopicIsNeverCarriedOut) {
  SplitRoom room;
  room.stop_controller();
  room.injector().publish("homie/5/button1/button/action", "press", 1, true);
  room.injector().publish("homie/5/rytme-rom1/stop/trigger/set", "true", 1, true);
  ASSERT_TRUE(room.observer().wait(
      seconds{5}, [](const Seen& seen) { return seen.topic == "homie/5/rytme-rom1/stop/trigger/set"; }));
  room.start_controller();
  ASSERT_TRUE(eventually(seconds{10}, [&] { return http_get(room.http(), "/readyz").status == 200; }));
  ASSERT_TRUE(eventually(seconds{5}, [&] {
    const auto text = http_get(room.http(), "/metrics").body;
    return text.find("rytme_messages_refused_total{reason=\"retained\"} 1") != std::string::npos &&
           text.find("rytme_requests_refused_total 1") != std::string::npos;
  }));
  EXPECT_EQ(http_get(room.http(), "/api/v1/room").json().at("state").as_string(), "idle");
}

TEST(Session, EndGentlyLeadsThroughClose) {
  RoomUnderTest room;
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-down"})").status, 201);
  EXPECT_EQ(room.post("session/end").status, 200);
  EXPECT_EQ(room.room().at("phase").as_string(), "close");
  EXPECT_TRUE(eventually(seconds{15}, [&] { return room.state() == "idle"; })) << room.state();
  EXPECT_TRUE(room.observer().wait(seconds{5}, [](const Seen& seen) {
    return is_set_of(seen, "ceiling") && std::abs(linear_of(seen) - 0.4) < 0.01;
  }));
}

TEST(Session, SigtermEndsInOrder) {
  RoomUnderTest room;
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-down","recording":true})").status, 201);
  ASSERT_TRUE(room.observer().wait(seconds{10}, [](const Seen& seen) { return is_set_of(seen, "ceiling"); }));
  const auto before = room.observer().seen.size();
  const auto journal = room.journal();
  const auto copy = room.data().parent_path() / "journal-after.sqlite";
  ::kill(room.pid_of("controller"), SIGTERM);
  EXPECT_TRUE(room.observer().wait(
      seconds{10},
      [](const Seen& seen) { return is_set_of(seen, "ceiling") && std::abs(linear_of(seen) - 0.4) < 0.01; },
      before));
  EXPECT_TRUE(room.observer().wait(
      seconds{10},
      [](const Seen& seen) {
        return seen.topic == "homie/5/rytme-rom1/$state" && seen.payload == "disconnected";
      },
      before));
  room.process().wait(seconds{15});
  EXPECT_EQ(journal_value(journal, "select end_reason from v_session"), "shutdown");
  EXPECT_EQ(journal_value(journal, "pragma quick_check"), "ok");
}

}  // namespace
}  // namespace rytme::test
