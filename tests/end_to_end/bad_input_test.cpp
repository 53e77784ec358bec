// SPDX-License-Identifier: Apache-2.0
// Whatever comes in that should not: counted, told rarely, and without any effect.
#include <string>

#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

using std::chrono::seconds;

double metric(const RoomUnderTest& room, const std::string& name) {
  const auto text = http_get(room.http(), "/metrics").body;
  const auto at = text.find("rytme_" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 7));
}

TEST(BadInput, OnTheBrokerChangesNothingAndIsCounted) {
  RoomUnderTest room;
  const std::string huge(200000, 'x');
  const std::vector<std::pair<std::string, std::string>> messages{
      {"homie/5/strap1/hr/sample", "{"},
      {"homie/5/strap1/hr/sample", "[]"},
      {"homie/5/strap1/hr/sample", R"({"v":1,"boot":7,"seq":"x","t_us":{},"bpm":[],"rr":"no"})"},
      {"homie/5/strap1/hr/sample", std::string(5000, '[')},
      {"homie/5/strap1/hr/sample", huge},
      {"homie/5/swing1/motion/frame",
       R"({"v":1,"boot":"a","seq":1,"t_us":1,"dt_us":1,"ax":[1],"ay":[],"az":[1]})"},
      {"homie/5/swing1/motion/frame", "\xff\xfe\x00"},
      {"zigbee2mqtt/ceiling", R"({"brightness":"much"})"},
      {"zigbee2mqtt/ceiling", R"({"brightness":99999})"},
      {"homie/5/button1/button/action", "pres"},
      {"homie/5/rytme-rom1/light/level/set", "1e999"},
      {"homie/5/rytme-rom1/session/preset/set", huge},
      {"homie/5/rytme-rom1/no/such/set", "1"},
  };
  for (const auto& [topic, payload] : messages) room.injector().publish(topic, payload);
  ASSERT_TRUE(eventually(seconds{5}, [&] {
    return metric(room, R"(messages_refused_total{reason="malformed"})") >= 3;
  })) << http_get(room.http(), "/metrics").body;
  EXPECT_EQ(room.state(), "idle");
  EXPECT_TRUE(eventually(seconds{5}, [&] { return metric(room, "requests_refused_total") >= 2; }));
  EXPECT_EQ(http_get(room.http(), "/healthz").status, 200);
  // A right word still works after all the wrong ones.
  room.injector().publish("homie/5/rytme-rom1/session/preset/set", "regulate-down");
  EXPECT_TRUE(eventually(seconds{3}, [&] { return room.state() == "running"; }));
}

TEST(BadInput, OnTheWebIsAnsweredAndChangesNothing) {
  RoomUnderTest room;
  EXPECT_EQ(room.post("session", "{").status, 400);
  EXPECT_EQ(room.post("session", R"({"preset":7})").status / 100, 4);
  EXPECT_EQ(room.post("session", R"({"preset":"no-such"})").status, 404);
  EXPECT_EQ(room.post("light", R"({"level":"much"})").status / 100, 4);
  EXPECT_EQ(room.post("light", R"({"level":2})").status / 100, 4);
  EXPECT_EQ(room.post("light", std::string(1000000, ' ')).status, 413);
  EXPECT_EQ(http_get(room.http(), "/api/v1/nothing").status, 404);
  EXPECT_EQ(http_get(room.http(), "/../../etc/passwd").status / 100, 4);
  EXPECT_NE(http_raw(room.http(), "GARBAGE\r\n\r\n").find("HTTP/1.1 400"), std::string::npos);
  EXPECT_EQ(http_get(room.http(), "/api/v1/sessions").status / 100, 4);
  EXPECT_EQ(http_get(room.http(), "/api/v1/sessions", room.token("maintainer")).status, 403);
  EXPECT_EQ(http_get(room.http(), "/api/v1/sessions", room.token("psychologist")).status, 200);
  EXPECT_EQ(room.state(), "idle");
  EXPECT_TRUE(eventually(seconds{3}, [&] {
    return std::stoi("0" + journal_value(room.journal(), "select count(*) from access where denied=1")) >= 1;
  }));
}

}  // namespace
}  // namespace rytme::test
