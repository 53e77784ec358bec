// SPDX-License-Identifier: Apache-2.0
// Homie 5 devices against the reference fixture, and the player's and button's own topics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"
#include "tests/devices/usual_messages.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using boost::json::value;

constexpr const char* nodes = R"(
[[device]]
id = "lamp"
place = "light.main"
profile = "homie-light"
params = { node = "lamp-1", level = "brightness" }
[[device]]
id = "swing"
place = "swing.motion"
profile = "rytme-motion"
params = { node = "swing-1" }
[[device]]
id = "player"
place = "music.main"
profile = "homie-player"
params = { node = "player1" }
[[device]]
id = "button"
place = "button.wall"
profile = "homie-button"
params = { node = "button1" }
)";
constexpr DeviceIndex lamp = 0, swing = 1, player = 2, button = 3;

TEST(SharedHomie, Cases) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  int compared = 0;
  const value fixture = shared_json("devices/mqtt/homie5.json");
  for (const value& item : fixture.at("cases").as_array()) {
    Bench bench(nodes);
    const std::string topic = text_of(item.at("topic"));
    const value& expect = item.at("expect");
    if (topic == "homie/5/swing-1/$state") {
      bench.say(topic, text_of(item.at("payload")), true);
      const auto* online = expect.as_object().if_contains("availability.online");
      const double wanted = online != nullptr && online->as_bool() ? 1 : 0;  // removed: not there any more
      EXPECT_EQ(bench.last(Capability::availability_online, swing), wanted) << text_of(item.at("id"));
      ++compared;
    } else if (text_of(item.at("id")) == "prop") {
      bench.say(topic, text_of(item.at("payload")), true);
      EXPECT_EQ(bench.last(Capability::light_level, lamp), expect.at("light.level").to_number<double>());
      ++compared;
    } else if (text_of(item.at("id")) == "set") {
      Command command{lamp, {{Capability::light_level, expect.at("light.level").to_number<double>(), {}}},
                      {},   {},
                      {},   {}};
      const auto encoded = bench.devices().encode(command);
      ASSERT_EQ(encoded.publishes.size(), 1U);
      EXPECT_EQ(encoded.publishes[0].topic, topic);
      EXPECT_EQ(encoded.publishes[0].payload, text_of(item.at("payload")));
      EXPECT_FALSE(encoded.publishes[0].retain);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 7);
}

TEST(Homie, PlayerSaysVolumeInPercent) {
  Bench bench(nodes);
  bench.say("homie/5/player1/player/volume", "37.5", true);
  bench.say("homie/5/player1/player/mute", "true");
  bench.say("homie/5/player1/player/bpm", "64");
  const auto track = bench.say("homie/5/player1/player/track", "sea-60");
  EXPECT_NEAR(*bench.last(Capability::player_volume, player), 0.375, 1e-9);
  EXPECT_EQ(bench.last(Capability::player_mute, player), 1.0);
  EXPECT_EQ(bench.last(Capability::player_bpm, player), 64.0);
  ASSERT_EQ(track.size(), 1U);
  EXPECT_EQ(std::get<Reading>(track[0]).text, "sea-60");
}

TEST(Homie, SingleZeroByteIsTheEmptyText) {
  Bench bench(nodes);
  const auto out = bench.say("homie/5/player1/player/track", std::string(1, '\0'));
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(std::get<Reading>(out[0]).text, "");
}

TEST(Homie, PlayerGetsOneSetPerProperty) {
  Bench bench(nodes);
  Command command;
  command.device = player;
  command.generation = 7;
  command.expires = Instant(std::chrono::seconds(3));
  command.settings = {{Capability::player_volume, 0.29, {}},
                      {Capability::player_mute, 0, {}},
                      {Capability::player_source, 0, "river"},
                      {Capability::light_level, 1, {}}};
  const auto sent = bench.devices().encode(command).publishes;
  std::map<std::string, std::string> payloads;
  for (const auto& message : sent) {
    payloads[message.topic] = message.payload;
    EXPECT_FALSE(message.retain);
    EXPECT_EQ(message.qos, 1);
    EXPECT_EQ(message.generation, 7U);
    EXPECT_EQ(message.expires, command.expires);
  }
  EXPECT_THAT(payloads,
              testing::UnorderedElementsAre(testing::Pair("homie/5/player1/player/volume/set", "29"),
                                            testing::Pair("homie/5/player1/player/mute/set", "false"),
                                            testing::Pair("homie/5/player1/player/source/set", "river")));
}

TEST(Homie, ButtonIsAnEventAndNeverRetained) {
  Bench bench(nodes);
  const auto pressed = bench.say("homie/5/button1/button/action", "long");
  ASSERT_EQ(pressed.size(), 1U);
  EXPECT_EQ(choice_name(Capability::button_action, std::get<Reading>(pressed[0]).value), "long");
  EXPECT_EQ(std::get<Reading>(pressed[0]).device, button);
  EXPECT_TRUE(bench.say("homie/5/button1/button/action", "press", true).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::retained), 1U);
  EXPECT_TRUE(bench.say("homie/5/button1/button/action", "wink").empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::wrong_type), 1U);
}

// What may be lost while nobody reads, and what not.
TEST(Homie, OnlyWholeStatesGiveWayToNewerOnes) {
  Bench bench(usual_room + std::string(nodes) + R"(
[[device]]
id = "tasmota"
place = "light.tasmota"
profile = "tasmota-light"
params = { topic = "lamp7" }
)");
  const auto of = [&](const std::string& filter) {
    for (const auto& subscription : bench.devices().subscriptions())
      if (subscription.filter == filter) return subscription;
    return MqttSubscription("none");
  };
  EXPECT_EQ(of("zigbee2mqtt/ceiling"), MqttSubscription("zigbee2mqtt/ceiling", true, false));
  // {"POWER":"ON"} says nothing of the level that {"Dimmer":50} said.
  EXPECT_EQ(of("stat/lamp7/RESULT"), MqttSubscription("stat/lamp7/RESULT", false, false));
  EXPECT_EQ(of("homie/5/light1/light/level"), MqttSubscription("homie/5/light1/light/level", true, false));
  EXPECT_EQ(of("homie/5/light1/light/level/set"),
            MqttSubscription("homie/5/light1/light/level/set", false, true));
  EXPECT_EQ(of("homie/5/light1/$state"), MqttSubscription("homie/5/light1/$state", false, false));
  for (const std::string stream :
       {"homie/5/strap1/hr/sample", "homie/5/swing1/motion/frame", "homie/5/button1/button/action"})
    EXPECT_EQ(of(stream), MqttSubscription(stream, false, true));
}

TEST(Homie, ForeignRetainedCommandIsSeenAndCounted) {
  Bench bench(nodes);
  const auto topics = bench.devices().subscriptions();
  EXPECT_THAT(topics, testing::Contains(
                          testing::Field(&MqttSubscription::filter, "homie/5/player1/player/play/set")));
  EXPECT_TRUE(bench.say("homie/5/player1/player/play/set", "true", true).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::retained), 1U);
  EXPECT_TRUE(bench.say("homie/5/player1/player/play/set", "true").empty());
  EXPECT_EQ(bench.refused(), 1U);
}

}  // namespace
}  // namespace rytme::test
