// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/zigbee2mqtt_light.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/simulator/frames_read.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::simulator {
namespace {

using testing::SizeIs;

class Zigbee2mqttLightTest : public testing::Test {
 protected:
  // What it says when `payload` is published on ceiling/set at `t_s`.
  std::vector<MqttPublish> set(const std::string& payload, double t_s, const std::string& below = "") {
    std::vector<MqttPublish> out;
    light.receive(message("zigbee2mqtt/ceiling/set" + below, payload), at_s(t_s), out);
    return out;
  }
  // What it says by itself up to `t_s`.
  std::vector<MqttPublish> wait_until(double t_s) {
    std::vector<MqttPublish> out;
    while (light.next_wake() <= at_s(t_s)) light.tick(light.next_wake(), out);
    return out;
  }
  static std::int64_t brightness(const MqttPublish& publish) {
    return read_json(publish.payload).at("brightness").as_int64();
  }

  Zigbee2mqttLight light{"ceiling", "zigbee2mqtt/ceiling", true, 1};
};

TEST_F(Zigbee2mqttLightTest, EchoesTheTargetAtOnceAndFadesEvenly) {
  set(R"({"state":"ON","brightness":254})", 0);
  wait_until(0);
  const auto echo = set(R"({"state":"ON","brightness":54,"transition":4})", 1);
  ASSERT_THAT(echo, SizeIs(1));
  EXPECT_EQ(echo[0].topic, "zigbee2mqtt/ceiling");
  EXPECT_FALSE(echo[0].retain);
  EXPECT_EQ(echo[0].qos, 0);
  EXPECT_EQ(brightness(echo[0]), 54);
  EXPECT_DOUBLE_EQ(light.level_at(at_s(1)), 1.0);
  EXPECT_NEAR(light.level_at(at_s(2)), 204.0 / 254, 1e-9);
  EXPECT_NEAR(light.level_at(at_s(5)), 54.0 / 254, 1e-9);
  EXPECT_NEAR(light.level_at(at_s(50)), 54.0 / 254, 1e-9);
}

TEST_F(Zigbee2mqttLightTest, ReportsHalfWayAndAtTheEndNowAndThenOneStepBeside) {
  int beside = 0;
  for (int i = 0; i < 40; ++i) {
    const double start = i * 10.0;
    set(R"({"state":"ON","brightness":200})", start);
    wait_until(start + 1);
    set(R"({"brightness":100,"transition":4})", start + 2);
    const auto reports = wait_until(start + 9);
    ASSERT_THAT(reports, SizeIs(2));
    EXPECT_NEAR(static_cast<double>(brightness(reports[0])), 150, 1);
    EXPECT_NEAR(static_cast<double>(brightness(reports[1])), 100, 1);
    beside += brightness(reports[1]) == 100 ? 0 : 1;
  }
  EXPECT_GT(beside, 0);
  EXPECT_LT(beside, 20);
}

TEST_F(Zigbee2mqttLightTest, ANewWishStartsFromTheLightOfTheMoment) {
  set(R"({"brightness":0})", 0);
  set(R"({"brightness":200,"transition":10})", 1);
  set(R"({"brightness":0,"transition":10})", 6);
  EXPECT_NEAR(light.level_at(at_s(6)), 100.0 / 254, 1e-6);
  EXPECT_NEAR(light.level_at(at_s(11)), 50.0 / 254, 1e-6);
}

TEST_F(Zigbee2mqttLightTest, OnWithAFadeButNoLevelGoesToFull) {
  set(R"({"brightness":60})", 0);
  set(R"({"state":"OFF"})", 1);
  set(R"({"state":"ON","transition":2})", 2);
  EXPECT_DOUBLE_EQ(light.level_at(at_s(5)), 1.0);
}

TEST_F(Zigbee2mqttLightTest, TakesColourTemperatureAloneWithoutChangingTheLevel) {
  const auto before = light.level_at(at_s(0));
  const auto echo = set(R"({"color_temp":370,"transition":2})", 0);
  ASSERT_THAT(echo, SizeIs(1));
  EXPECT_EQ(read_json(echo[0].payload).at("color_temp"), 370);
  EXPECT_DOUBLE_EQ(light.level_at(at_s(1)), before);
}

TEST_F(Zigbee2mqttLightTest, AnswersGetWithThePresentState) {
  set(R"({"brightness":0})", 0);
  set(R"({"brightness":200,"transition":10})", 1);
  std::vector<MqttPublish> out;
  light.receive(message("zigbee2mqtt/ceiling/get", R"({"state":""})"), at_s(6), out);
  ASSERT_THAT(out, SizeIs(1));
  EXPECT_EQ(brightness(out[0]), 100);
}

TEST_F(Zigbee2mqttLightTest, IsOnlineRetainedAndItsWillSaysOffline) {
  const auto hello = light.on_connect(at_s(0));
  ASSERT_THAT(hello, SizeIs(3));
  EXPECT_EQ(hello[0].topic, "zigbee2mqtt/bridge/state");
  EXPECT_EQ(hello[1].topic, "zigbee2mqtt/ceiling/availability");
  for (const auto& retained : {hello[0], hello[1]}) {
    EXPECT_TRUE(retained.retain);
    EXPECT_EQ(retained.payload, R"({"state":"online"})");
  }
  EXPECT_FALSE(hello[2].retain);
  EXPECT_EQ(light.will()->topic, "zigbee2mqtt/ceiling/availability");
  EXPECT_EQ(light.will()->payload, R"({"state":"offline"})");
  EXPECT_TRUE(light.will()->retain);
  EXPECT_EQ(light.farewell().at(0).payload, R"({"state":"offline"})");
}

TEST_F(Zigbee2mqttLightTest, BadPayloadsChangeNothing) {
  const auto before = light.level_at(at_s(0));
  for (const auto* payload :
       {"", "ON", "[1]", R"({"brightness":"bright"})", R"({"effect":"blink"})", "{\"brightness\""}) {
    EXPECT_THAT(set(payload, 1), SizeIs(0)) << payload;
  }
  EXPECT_DOUBLE_EQ(light.level_at(at_s(2)), before);
}

// The sequences of the shared fixture: what goes out is asked of the lamp, what came in is what it must tell.
TEST_F(Zigbee2mqttLightTest, BehavesAsInTheRecordedSequences) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  std::stringstream text;
  text << std::ifstream(test::shared("devices/mqtt/zigbee2mqtt_light.json")).rdbuf();
  const auto fixture = read_json(text.str());
  int steps = 0;
  for (const auto& sequence : fixture.at("sequence").as_array()) {
    for (const auto& step : sequence.at("steps").as_array()) {
      const auto* out = step.as_object().if_contains("out");
      if (out == nullptr) continue;
      const auto echo = set(std::string(out->at(1).as_string()), ++steps);
      ASSERT_THAT(echo, SizeIs(1));
      const auto said = read_json(echo[0].payload);
      for (const auto& [key, value] : read_json(std::string(step.at("in").at(1).as_string()))) {
        EXPECT_EQ(said.at(key), value) << key << " after " << boost::json::serialize(*out);
      }
    }
  }
  EXPECT_GE(steps, 4);
}

TEST_F(Zigbee2mqttLightTest, TakesASingleAttribute) {
  set("OFF", 0, "/state");
  EXPECT_DOUBLE_EQ(light.level_at(at_s(1)), 0.0);
  set("127", 2, "/brightness");
  EXPECT_DOUBLE_EQ(light.level_at(at_s(3)), 0.5);
}

}  // namespace
}  // namespace rytme::simulator
