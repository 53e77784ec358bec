// SPDX-License-Identifier: Apache-2.0
// zigbee2mqtt lights against the reference fixture: what comes in, what goes out, and the known faults.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using boost::json::value;

constexpr const char* ceiling = R"(
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/room/ceiling_1" }
)";

class SharedLight : public testing::Test {
 protected:
  void SetUp() override {
    if (!shared_available()) GTEST_SKIP() << "no reference data";
    fixture_ = shared_json("devices/mqtt/zigbee2mqtt_light.json");
  }
  value fixture_;
};

void expect_value(const Bench& bench, Capability capability, const value& expected, const std::string& id) {
  const double number = expected.is_bool() ? (expected.get_bool() ? 1 : 0) : expected.to_number<double>();
  ASSERT_TRUE(bench.last(capability)) << id << ": " << name_of(capability);
  EXPECT_NEAR(*bench.last(capability), number, 1e-3 * std::max(1e-9, number))
      << id << ": " << name_of(capability);
}

// The fixture's names are those of the capabilities; colour stands for what no shipped profile has.
int expect_all(const Bench& bench, const value& expected, const std::string& id) {
  int compared = 0;
  for (const auto& [key, item] : expected.as_object()) {
    const auto capability = capability_from(key);
    if (!capability) continue;
    expect_value(bench, *capability, item, id);
    ++compared;
  }
  return compared;
}

TEST_F(SharedLight, IncomingCases) {
  int compared = 0;
  for (const value& item : fixture_.at("cases").as_array()) {
    if (text_of(item.at("direction")) != "in") continue;
    Bench bench(ceiling);
    bench.say("zigbee2mqtt/room/ceiling_1", R"({"state":"ON","brightness":77})");
    bench.say("zigbee2mqtt/room/ceiling_1/availability", R"({"state":"online"})", true);
    bench.say(text_of(item.at("topic")), text_of(item.at("payload")), item.at("retain").as_bool());
    const value& expect = item.at("expect");
    compared += expect_all(bench, expect, text_of(item.at("id")));
    if (expect.as_object().contains("unchanged")) {
      EXPECT_EQ(bench.last(Capability::light_on), 1.0);
      EXPECT_NEAR(*bench.last(Capability::light_level), 77.0 / 254, 1e-6);
    }
    EXPECT_EQ(bench.refused(), 0U) << text_of(item.at("id")) << " " << bench.devices().last_refusal();
  }
  EXPECT_GE(compared, 15);
}

TEST_F(SharedLight, Sequences) {
  for (const value& sequence : fixture_.at("sequence").as_array()) {
    Bench bench(ceiling);
    for (const value& step : sequence.at("steps").as_array()) {
      const auto& in = step.at("in").as_array();
      bench.say(text_of(in[0]), text_of(in[1]));
      const bool on = step.at("on").as_bool();
      EXPECT_EQ(bench.last(Capability::light_on), on ? 1.0 : 0.0);
      const double level = on ? step.at("level").to_number<double>() : 0;
      EXPECT_NEAR(*bench.last(Capability::light_level), level, 1e-3) << text_of(sequence.at("id"));
    }
  }
}

// Rebuilds the fixture's outgoing message from its expected values; key order has no meaning.
Command command_for(const value& expect) {
  Command command;
  for (const auto& [key, item] : expect.as_object()) {
    if (key == "transition_s")
      command.transition = std::chrono::milliseconds(std::llround(item.to_number<double>() * 1000));
    else if (const auto capability = capability_from(key); capability && !item.is_bool())
      command.settings.push_back({*capability, item.to_number<double>(), {}});
  }
  return command;
}

TEST_F(SharedLight, OutgoingCases) {
  int compared = 0;
  for (const value& item : fixture_.at("cases").as_array()) {
    const std::string id = text_of(item.at("id"));
    if (id != "set_level_transition" && id != "set_cct") continue;
    Bench bench(ceiling);
    const auto encoded = bench.devices().encode(command_for(item.at("expect")));
    ASSERT_EQ(encoded.publishes.size(), 1U) << id;
    EXPECT_EQ(encoded.publishes[0].topic, text_of(item.at("topic")));
    EXPECT_EQ(json_of(encoded.publishes[0].payload), json_of(text_of(item.at("payload")))) << id;
    EXPECT_FALSE(encoded.publishes[0].retain);
    ++compared;
  }
  EXPECT_EQ(compared, 2);
}

TEST_F(SharedLight, BridgeLossOutweighsTheDevicesOwnOnline) {
  Bench bench(ceiling);
  bench.say("zigbee2mqtt/room/ceiling_1/availability", R"({"state":"online"})", true);
  bench.say("zigbee2mqtt/bridge/state", R"({"state":"offline"})", true);
  EXPECT_EQ(bench.last(Capability::availability_online), 0.0);
  bench.say("zigbee2mqtt/room/ceiling_1/availability", R"({"state":"online"})", true);
  EXPECT_EQ(bench.last(Capability::availability_online), 0.0);
  bench.say("zigbee2mqtt/bridge/state", R"({"state":"online"})");
  EXPECT_EQ(bench.last(Capability::availability_online), 1.0);
}

TEST_F(SharedLight, FaultEchoesAreReadAsTheyAreAndTheLastWins) {
  const value faults = shared_json("devices/faults/faults_open.json");
  int seen = 0;
  for (const value& fault : faults.at("faults").as_array()) {
    const std::string id = text_of(fault.at("id"));
    if (id != "z2m_transition_echo" && id != "z2m_off_by_one" && id != "duplicate_echo") continue;
    Bench bench(ceiling);
    bench.say("zigbee2mqtt/room/ceiling_1", R"({"state":"ON","brightness":10})");
    std::optional<double> raw;
    for (const value& step : fault.at("stimulus").as_array()) {
      if (text_of(step.at(1)) != "in") continue;
      bench.say("zigbee2mqtt/room/ceiling_1", text_of(step.at(2)));
      const value said = json_of(text_of(step.at(2)));
      if (const auto* brightness = said.as_object().if_contains("brightness"))
        raw = brightness->to_number<double>();
      EXPECT_LE(*bench.last(Capability::light_level), 1.0);
    }
    EXPECT_NEAR(*bench.last(Capability::light_level), raw.value_or(10) / 254, 1e-6) << id;
    EXPECT_EQ(bench.refused(), 0U) << id << bench.devices().last_refusal();
    ++seen;
  }
  EXPECT_EQ(seen, 3);
}

TEST(Light, LevelWithoutKnownSwitchIsDoubtful) {
  Bench bench(ceiling);
  const auto out = bench.say("zigbee2mqtt/room/ceiling_1", R"({"brightness":200})");
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<Reading>(out[0]).quality, Quality::doubtful);
}

TEST(Light, RetainedStateIsShownButNotLive) {
  Bench bench(ceiling);
  for (const auto& item : bench.say("zigbee2mqtt/room/ceiling_1", R"({"state":"ON","brightness":200})", true))
    EXPECT_FALSE(std::get<Reading>(item).live);
  for (const auto& item : bench.say("zigbee2mqtt/room/ceiling_1", R"({"state":"ON","brightness":200})"))
    EXPECT_TRUE(std::get<Reading>(item).live);
}

TEST(Light, ColourTemperatureOfAnotherModeIsStale) {
  Bench bench(ceiling);
  bench.say("zigbee2mqtt/room/ceiling_1", R"({"state":"ON","color_mode":"xy","color_temp":370})");
  EXPECT_FALSE(bench.last(Capability::light_cct_k));
}

TEST(Light, OneTopicServesEveryDeviceBehindIt) {
  Bench bench(std::string(ceiling) + R"(
[[device]]
id = "floor"
place = "light.floor"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/floor" }
)");
  bench.say("zigbee2mqtt/bridge/state", R"({"state":"offline"})", true);
  EXPECT_EQ(bench.last(Capability::availability_online, 0), 0.0);
  EXPECT_EQ(bench.last(Capability::availability_online, 1), 0.0);
  const auto topics = bench.devices().subscriptions();
  EXPECT_EQ(std::count(topics.begin(), topics.end(), MqttSubscription("zigbee2mqtt/bridge/state")), 1);
}

}  // namespace
}  // namespace rytme::test
