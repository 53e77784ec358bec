// SPDX-License-Identifier: Apache-2.0
// A stop in a room of twenty devices, with a real broker, real Modbus TCP and a serial line; how fast it is
// measures benchmark_stop.
#include <future>

#include <gtest/gtest.h>

#include "tests/end_to_end/twenty_devices.hpp"

namespace rytme::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds soon{1000};  // for what takes 50 ms on a quiet machine

bool becomes(const TwentyDevices& room, const char* wanted) {
  return eventually(milliseconds{5000}, [&] { return room.room().at("state").as_string() == wanted; });
}

void begin_session(const TwentyDevices& room) {
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-up"})").status, 201);
  ASSERT_TRUE(becomes(room, "running"));
  // What says its level is led once it has said it: on a serial line that may take a moment.
  ASSERT_TRUE(eventually(milliseconds{5000}, [&] {
    const auto led = room.reached();
    return std::ranges::all_of(BusDevices::dimmers(), [&](const auto& id) { return led.contains(id); });
  }));
}

std::string last_stop(const TwentyDevices& room) {
  return journal_value(room.journal(),
                       "SELECT data FROM v_event WHERE kind = 'stop' ORDER BY seq DESC LIMIT 1");
}

bool last_stop_is_by(const TwentyDevices& room, const std::string& origin) {
  return eventually(milliseconds{4000},
                    [&] { return last_stop(room).find('"' + origin + '"') != std::string::npos; });
}

void make_ready(const TwentyDevices& room) {
  ASSERT_TRUE(eventually(milliseconds{3000}, [&] { return room.post("stop/reset").status < 300; }));
  ASSERT_TRUE(becomes(room, "idle"));
}

// What whoever looks at the room is told of a stop: which devices have confirmed it, and which have not.
class Viewer {
 public:
  explicit Viewer(const std::string& http)
      : heard_(std::async(std::launch::async, [http] {
          return http_raw(http, "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", milliseconds{3500});
        })) {}
  boost::json::object confirmation() {
    const auto text = heard_.get();
    const std::string event = "event: confirm\ndata: ";
    const auto at = text.find(event);
    if (at == std::string::npos) return {};
    const auto from = at + event.size();
    return boost::json::parse(text.substr(from, text.find('\n', from) - from)).as_object();
  }

 private:
  std::future<std::string> heard_;
};

std::set<std::string> names(const boost::json::object& confirmation, const char* key) {
  std::set<std::string> all;
  if (confirmation.contains(key))
    for (const auto& one : confirmation.at(key).as_array()) all.emplace(one.as_string());
  return all;
}

TEST(TwentyDevicesStop, ReachesAllFromEachOriginAndEachIsNamedAsConfirmed) {
  TwentyDevices room;
  begin_session(room);
  Viewer viewer(room.http());
  room.forget();
  const auto answer = room.post("stop");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json().as_object().at("devices").as_int64(), 20);
  EXPECT_TRUE(room.reaches_all(soon));
  EXPECT_TRUE(last_stop_is_by(room, "http:local")) << last_stop(room);

  make_ready(room);
  begin_session(room);
  room.forget();
  room.stop_by_button();
  EXPECT_TRUE(room.reaches_all(soon));
  EXPECT_TRUE(last_stop_is_by(room, "button:button1")) << last_stop(room);

  make_ready(room);
  begin_session(room);
  room.forget();
  room.stop_by_contact();  // pressed, or its wire is broken: the circuit is open
  EXPECT_TRUE(room.reaches_all(soon));
  EXPECT_TRUE(last_stop_is_by(room, "input:wall-stop")) << last_stop(room);
  const auto refused = room.post("stop/reset");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find("wall-stop"), std::string::npos) << refused.body;
  room.close_contact();
  make_ready(room);

  const auto confirmation = viewer.confirmation();
  EXPECT_EQ(names(confirmation, "confirmed"), TwentyDevices::ids());
  EXPECT_TRUE(names(confirmation, "missing").empty());
}

TEST(TwentyDevicesStop, ADeadDeviceDelaysItsOwnBusAloneAndIsNamed) {
  TwentyDevices room;
  begin_session(room);
  Viewer viewer(room.http());
  const std::set<std::string> dead{"gateway-dimmer1", "lamp3", "serial-dimmer1"};
  for (const auto& id : dead) room.answers(id, false);
  room.forget();
  room.stop_by_page();
  EXPECT_TRUE(room.reaches_all(soon, dead));
  const auto confirmation = viewer.confirmation();
  EXPECT_EQ(names(confirmation, "missing"), dead);
  EXPECT_EQ(names(confirmation, "confirmed").size(), TwentyDevices::outputs - dead.size());
}

TEST(TwentyDevicesStop, AWallStopThatFallsSilentIsToldAndIsAStopWhereTheRoomWantsIt) {
  TwentyDevices room("lost = \"stop\"\n");
  begin_session(room);
  room.forget();
  room.answers("wall-stop", false);
  EXPECT_TRUE(eventually(milliseconds{3000}, [&] {
    const auto now = room.room();
    const auto& missing = now.at("devices").as_object().at("missing").as_array();
    return std::ranges::find(missing, boost::json::value("wall-stop")) != missing.end();
  }));
  EXPECT_TRUE(room.reaches_all(milliseconds{6000}));
  EXPECT_TRUE(last_stop_is_by(room, "input:wall-stop")) << last_stop(room);
  EXPECT_EQ(room.post("stop/reset").status, 409);
  room.answers("wall-stop", true);
  EXPECT_TRUE(eventually(milliseconds{8000}, [&] { return room.post("stop/reset").status < 300; }));
}

}  // namespace
}  // namespace rytme::test
