// SPDX-License-Identifier: Apache-2.0
// What a room goes through: a broker that dies, a controller that is killed.
#include <csignal>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Faults, BrokerDiesInMidSessionAndNothingStaleIsCarriedOut) {
  RoomUnderTest room;
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-down","recording":true})").status, 201);
  ASSERT_TRUE(room.observer().wait(seconds{10},
                                   [](const Seen& seen) { return seen.topic == "zigbee2mqtt/ceiling/set"; }));
  const auto old_broker = room.pid_of("broker");
  ::kill(old_broker, SIGKILL);
  ASSERT_TRUE(eventually(seconds{3}, [&] {
    return journal_value(room.journal(), "select kind from v_event where kind='broker_gone'") ==
           "broker_gone";
  }));
  // The Modbus part obeys while the broker is away.
  const int before = room.dimmer_level();
  EXPECT_EQ(room.post("light", R"({"level":0.6})").status, 200);
  EXPECT_TRUE(eventually(seconds{5}, [&] { return room.dimmer_level() > before + 5; }))
      << room.dimmer_level();
  EXPECT_EQ(room.post("light", R"({"level":0.3})").status, 200);

  ASSERT_TRUE(eventually(seconds{8}, [&] {
    try {
      return room.pid_of("broker") != old_broker;
    } catch (const std::exception&) {
      return false;
    }
  }));
  EXPECT_TRUE(eventually(seconds{3}, [&] { return http_get(room.http(), "/readyz").status == 200; }));
  room.reconnect_observers();
  // Back, and led to what is wanted now (0.3 linear = 147 of 254): the lamp says so itself when asked.
  EXPECT_TRUE(eventually(seconds{10}, [&] {
    const auto from = room.observer().seen.size();
    room.injector().publish("zigbee2mqtt/ceiling/get", R"({"state":""})");
    return room.observer().wait(
        milliseconds{300},
        [](const Seen& seen) {
          return seen.topic == "zigbee2mqtt/ceiling" &&
                 seen.payload.find("\"brightness\":147") != std::string::npos;
        },
        from);
  }));
  // The 0.6 of the time between was never sent to a lamp.
  EXPECT_EQ(journal_value(room.journal(),
                          "select count(*) from v_command where device='ceiling' and commanded > 0.5 and "
                          "channel='light.level'"),
            "0");
  EXPECT_TRUE(eventually(seconds{3}, [&] {
    return journal_value(room.journal(),
                         "select kind from v_event where kind='broker_back' order by seq desc") ==
           "broker_back";
  }));
}

TEST(Faults, KilledControllerComesBackPausedWithACleanJournal) {
  RoomUnderTest room;
  const auto started = room.post("session", R"({"preset":"regulate-down","recording":true})");
  ASSERT_EQ(started.status, 201);
  const std::string id(started.json().at("id").as_string());
  ASSERT_TRUE(eventually(seconds{15}, [&] {
    const auto rows = journal_value(room.journal(), "select count(*) from v_reading");
    return !rows.empty() && std::stoi(rows) > 5;
  }));
  const auto old_controller = room.pid_of("controller");
  const auto frames_on_disk = [&] {
    return std::stoi(
        "0" + journal_value(room.journal(), "select max(last_seq) from v_chunk where device='swing1'"));
  };
  room.observer().listen(milliseconds{700});  // somewhere between two commits
  ::kill(old_controller, SIGKILL);
  // What had reached the broker by then and not the disk is at most 2 s of frames.
  int last_sent = 0, sent_2s_before = 0;
  for (const auto& seen : room.observer().seen) {
    if (seen.topic != "homie/5/swing1/motion/frame") continue;
    last_sent = boost::json::parse(seen.payload).at("seq").to_number<int>();
    if (seen.t_s < steady_seconds() - 2) sent_2s_before = last_sent;
  }
  ASSERT_GT(last_sent, 5);
  EXPECT_GE(frames_on_disk(), sent_2s_before);
  EXPECT_TRUE(eventually(seconds{6}, [&] {
    try {
      return room.pid_of("controller") != old_controller && room.state() == "paused";
    } catch (const std::exception&) {
      return false;
    }
  }));
  EXPECT_EQ(journal_value(room.journal(), "pragma quick_check"), "ok");
  EXPECT_EQ(room.room().at("session").as_string(), id);
  // It asks: nothing resumes by itself, the sound stays off, and staff may end it.
  EXPECT_EQ(room.room().at("state").as_string(), "paused");
  EXPECT_EQ(room.post("stop").status, 200);
  EXPECT_EQ(room.state(), "stopped");
}

TEST(Faults, AStopOutlivesTheControllerThatMadeIt) {
  RoomUnderTest room;
  ASSERT_EQ(room.post("stop").status, 200);
  // A stop is answered before the disk has it; it is written at once, not with the next batch.
  ASSERT_TRUE(eventually(seconds{1}, [&] {
    return journal_value(room.journal(),
                         "select data from v_event where kind='state' order by seq desc limit 1")
               .find("stopped") != std::string::npos;
  }));
  const auto old_controller = room.pid_of("controller");
  ::kill(old_controller, SIGKILL);
  ASSERT_TRUE(eventually(seconds{6}, [&] {
    try {
      return room.pid_of("controller") != old_controller && room.state() == "stopped";
    } catch (const std::exception&) {
      return false;
    }
  }));
  EXPECT_EQ(room.post("session", R"({"preset":"regulate-up"})").status, 409);
  EXPECT_EQ(room.post("stop/reset").status, 200);
  EXPECT_EQ(room.state(), "idle");
}

// Design §6: five starts within a minute.
TEST(Faults, ACrashLoopEndsInSafeModeAndAnOrderlyStartEndsThat) {
  SplitRoom room;
  const auto becomes = [&](const std::string& state) {
    return eventually(seconds{10}, [&] {
      const auto answer = http_get(room.http(), "/api/v1/room");
      return answer.status == 200 && answer.json().at("state").as_string() == state;
    });
  };
  ASSERT_TRUE(becomes("idle"));
  const auto started =
      http_post(room.http(), "/api/v1/session", R"({"preset":"regulate-down","recording":true})");
  ASSERT_EQ(started.status, 201);
  const std::string id(started.json().at("id").as_string());
  for (const char* then : {"paused", "paused", "paused", "safe_mode"}) {
    ::kill(room.controller_pid(), SIGKILL);
    room.stop_controller();
    room.start_controller();
    ASSERT_TRUE(becomes(then));
  }
  EXPECT_EQ(http_post(room.http(), "/api/v1/session", R"({"preset":"regulate-down"})").status, 409);
  EXPECT_EQ(http_post(room.http(), "/api/v1/stop", "{}").status, 200) << "a stop is taken in every state";
  const auto faults = http_get(room.http(), "/api/v1/faults").body;
  EXPECT_NE(faults.find("crash_loop"), std::string::npos);
  room.stop_controller();
  EXPECT_EQ(journal_value(room.journal(), "select end_reason from v_session where id='" + id + "'"), "crash");
  room.start_controller();
  EXPECT_TRUE(becomes("idle") || becomes("stopped")) << "ended in order, it begins anew";
}

// A record that keeps the controller from starting is set aside and not deleted: the room comes first.
TEST(Faults, AJournalThatCannotBeOpenedIsSetAsideByTheFifthStart) {
  SplitRoom room;
  room.stop_controller();
  std::filesystem::remove(room.journal());
  sqlite3* foreign{};
  ASSERT_EQ(sqlite3_open(room.journal().c_str(), &foreign), SQLITE_OK);
  sqlite3_exec(foreign, "create table letters(text); insert into letters values('mine')", nullptr, nullptr,
               nullptr);
  sqlite3_close(foreign);
  for (int i = 0; i < 4; ++i) {
    room.start_controller();
    ASSERT_EQ(room.controller().wait(seconds{10}), 2) << i;
  }
  room.start_controller();
  ASSERT_TRUE(eventually(seconds{10}, [&] {
    const auto answer = http_get(room.http(), "/api/v1/room");
    return answer.status == 200 && answer.json().at("state").as_string() == "safe_mode";
  }));
  EXPECT_EQ(journal_value(room.journal().string() + ".damaged-1", "select text from letters"), "mine");
}

// A tablet gives up after 2 s. What it asked of a controller that hung is not done when that wakes up; a stop
// is.
TEST(Faults, WhatWasTappedWhileTheControllerHungIsNotDoneLater) {
  RoomUnderTest room;
  const auto tapped = [&](const std::string& path, const std::string& body) {
    ::kill(room.pid_of("controller"), SIGSTOP);
    EXPECT_EQ(http_post(room.http(), path, body).status, 0);  // closes after its own patience
    ::kill(room.pid_of("controller"), SIGCONT);
  };
  tapped("/api/v1/session", R"({"preset":"regulate-down"})");
  EXPECT_EQ(http_get(room.http(), "/healthz").status, 200);
  EXPECT_EQ(room.state(), "idle");
  tapped("/api/v1/stop", "{}");
  EXPECT_TRUE(eventually(seconds{2}, [&] { return room.state() == "stopped"; }));
}

TEST(Faults, ChildrenEndWithTheSupervisorHoweverItEnds) {
  RoomUnderTest room;
  const pid_t children[] = {room.pid_of("controller"), room.pid_of("broker"), room.pid_of("devices")};
  room.process().signal(SIGKILL);
  for (const auto child : children)
    EXPECT_TRUE(eventually(seconds{10}, [&] { return ::kill(child, 0) != 0; })) << child << " lives on";
}

}  // namespace
}  // namespace rytme::test
