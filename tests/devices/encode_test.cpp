// SPDX-License-Identifier: Apache-2.0
// Commands to lights over MQTT: one message, never an ON without its level, never a jump.
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

constexpr const char* ceiling = R"(
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
)";

std::vector<MqttPublish> sent(std::vector<Setting> settings, int transition_ms = 500) {
  Bench bench(ceiling);
  Command command;
  command.settings = std::move(settings);
  command.transition = std::chrono::milliseconds(transition_ms);
  return bench.devices().encode(command).publishes;
}

TEST(Encode, MessagesGoOutInTheOrderOfTheCommand) {
  Bench bench(R"(
[[device]]
id = "player"
place = "music.main"
profile = "homie-player"
params = { node = "player1" }
)");
  using C = Capability;
  for (const auto& order : {std::vector{C::player_mute, C::player_volume, C::player_play},
                            std::vector{C::player_volume, C::player_play, C::player_mute}}) {
    Command command;
    for (const auto capability : order) command.settings.push_back({capability, 1, {}});
    std::vector<std::string> wanted, got;
    for (const auto capability : order)
      wanted.push_back("homie/5/player1/player/" + std::string(name_of(capability)).substr(7) + "/set");
    for (const auto& message : bench.devices().encode(command).publishes) got.push_back(message.topic);
    EXPECT_EQ(got, wanted) << "sound must not come back before its volume is right";
  }
}

TEST(Encode, LevelTemperatureAndTransitionAreOneMessage) {
  const auto out = sent({{Capability::light_level, 0.5, {}}, {Capability::light_cct_k, 2700, {}}}, 2500);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].topic, "zigbee2mqtt/ceiling/set");
  EXPECT_EQ(json_of(out[0].payload),
            json_of(R"({"state":"ON","brightness":127,"color_temp":370,"transition":2.5})"));
}

TEST(Encode, LevelZeroIsOffByFade) {
  const auto out = sent({{Capability::light_level, 0, {}}, {Capability::light_cct_k, 2700, {}}}, 1000);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(json_of(out[0].payload), json_of(R"({"state":"OFF","transition":1})"));
}

TEST(Encode, OnWithoutALevelIsNeverSent) { EXPECT_TRUE(sent({{Capability::light_on, 1, {}}}).empty()); }

TEST(Encode, OffAloneIsLevelZero) {
  const auto out = sent({{Capability::light_on, 0, {}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(json_of(out[0].payload).at("state").as_string(), "OFF");
}

TEST(Encode, OffOutweighsALevelBesideIt) {
  const auto out = sent({{Capability::light_level, 0.8, {}}, {Capability::light_on, 0, {}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(json_of(out[0].payload).at("state").as_string(), "OFF");
}

TEST(Encode, DimmestLightIsNotRoundedToDark) {
  const auto out = sent({{Capability::light_level, 0.0005, {}}});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(json_of(out[0].payload).at("brightness").to_number<int>(), 1);
  EXPECT_EQ(json_of(out[0].payload).at("state").as_string(), "ON");
}

TEST(Encode, TransitionIsLimitedToWhatTheDeviceTakes) {
  const auto out = sent({{Capability::light_level, 0.5, {}}}, 600'000);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(json_of(out[0].payload).at("transition").to_number<int>(), 60);
}

TEST(Encode, NotANumberIsNotSent) {
  EXPECT_TRUE(sent({{Capability::light_level, std::numeric_limits<double>::quiet_NaN(), {}}}).empty());
}

TEST(Encode, LevelBeyondFullIsFull) {
  EXPECT_EQ(
      json_of(sent({{Capability::light_level, 1.7, {}}}).at(0).payload).at("brightness").to_number<int>(),
      254);
}

TEST(Encode, UnknownDeviceGetsNothing) {
  Bench bench(ceiling);
  Command command{40, {{Capability::light_level, 1, {}}}, {}, {}, {}, {}};
  EXPECT_TRUE(bench.devices().encode(command).publishes.empty());
}

TEST(Encode, OutputSaysWhatTheLampCan) {
  Bench bench(ceiling);
  ASSERT_EQ(bench.devices().outputs().size(), 1U);
  const auto& output = bench.devices().outputs()[0];
  EXPECT_TRUE(output.fades_itself);
  EXPECT_EQ(output.transition_max, std::chrono::seconds(60));
  EXPECT_EQ(output.min_interval, std::chrono::milliseconds(100));
  EXPECT_EQ(output.settle, std::chrono::milliseconds(1500));
}

TEST(Encode, RefreshAsksForTheState) {
  Bench bench(ceiling);
  const auto all = bench.devices().refreshes();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].topic, "zigbee2mqtt/ceiling/get");
  EXPECT_EQ(json_of(all[0].payload).at("state").as_string(), "");
  EXPECT_FALSE(all[0].retain);
}

}  // namespace
}  // namespace rytme::test
