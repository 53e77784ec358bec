// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/world.hpp"

#include <set>

#include <gmock/gmock.h>

#include "tests/simulator/frames_read.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::simulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class WorldTest : public testing::Test {
 protected:
  void add(const std::string& id, const std::string& profile, std::map<std::string, std::string> params) {
    settings::DeviceSettings device;
    device.id = id;
    device.profile = house.profiles.size();
    device.params = std::move(params);
    if (device.params.contains("unit")) device.bus = BusIndex{0};
    settings::Profile described;
    described.id = profile;
    house.profiles.push_back(described);
    house.devices.push_back(device);
  }
  void furnish() {
    house.room.id = "rom1";
    add("ceiling", "zigbee2mqtt-light", {{"topic", "zigbee2mqtt/ceiling"}});
    add("floor", "zigbee2mqtt-light", {{"topic", "zigbee2mqtt/floor"}});
    add("wall-dimmer", "wirenboard-wb-mdm3", {{"unit", "41"}, {"channel", "1"}});
    add("wall-dimmer-2", "wirenboard-wb-mdm3", {{"unit", "41"}, {"channel", "2"}});
    add("player1", "homie-player", {{"node", "player1"}});
    add("button1", "homie-button", {{"node", "button1"}});
    add("strap1", "rytme-heart", {{"node", "strap1"}});
    add("swing1", "rytme-motion", {{"node", "swing1"}});
  }
  std::string refusal(const WorldOptions& options = {}) {
    try {
      make_world(house, options);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
  // What a room says in its first `until_s` after the controller is ready.
  static std::vector<std::string> life(World world, double until_s) {
    std::vector<MqttPublish> said;
    for (auto& peer : world.mqtt) {
      for (auto& each : peer->on_connect(at_s(0))) said.push_back(each);
      peer->receive(message("homie/5/rytme-rom1/$state", "ready", true), at_s(0), said);
    }
    for (auto& peer : world.mqtt) peer->tick(at_s(until_s), said);
    std::vector<std::string> out;
    out.reserve(said.size());
    for (const auto& each : said) out.push_back(each.topic + " " + each.payload);
    return out;
  }

  settings::House house;
};

TEST_F(WorldTest, HasAClientPerMqttDeviceAndOneSlavePerUnit) {
  furnish();
  const auto world = make_world(house, {});
  std::vector<std::string> clients;
  for (const auto& peer : world.mqtt) clients.push_back(peer->client_id());
  EXPECT_THAT(clients, ElementsAre("sim-ceiling", "sim-floor", "sim-player1", "sim-button1", "sim-strap1",
                                   "sim-swing1"));
  ASSERT_THAT(world.slaves, SizeIs(1));
  EXPECT_EQ(world.slaves[0].device, "wall-dimmer");
  EXPECT_EQ(world.slaves[0].peer->unit(), 41);
}

TEST_F(WorldTest, OneLampSpeaksForTheBridge) {
  furnish();
  int bridges = 0;
  for (const auto& line : life(make_world(house, {}), 0))
    bridges += line.starts_with("zigbee2mqtt/bridge/state") ? 1 : 0;
  EXPECT_EQ(bridges, 1);
}

TEST_F(WorldTest, TheSameSeedLivesTheSameLife) {
  furnish();
  const auto life_of = [&](std::uint64_t seed) { return life(make_world(house, {"", 1, seed, 0}), 60); };
  const auto first = life_of(5);
  EXPECT_GT(first.size(), 400U);
  EXPECT_EQ(first, life_of(5));
  EXPECT_NE(first, life_of(6));
}

TEST_F(WorldTest, BootChangesWithTheStartOfTheProcessAndNotTheRest) {
  furnish();
  const auto boots = [&](std::uint64_t boot) {
    std::set<std::string> out;
    for (const auto& line : life(make_world(house, {"", 1, 1, boot}), 60)) {
      const auto at = line.find(R"("boot":")");
      if (at != std::string::npos) out.insert(line.substr(at + 8, line.find('"', at + 8) - at - 8));
    }
    return out;
  };
  const auto first = boots(1);
  EXPECT_THAT(first, SizeIs(2));  // a node each
  for (const auto& boot : first) EXPECT_THAT(boot, testing::MatchesRegex("[0-9a-f]{4}"));
  EXPECT_EQ(first, boots(1));
  EXPECT_NE(first, boots(2));
}

TEST_F(WorldTest, AReplayIsOnePersonAndNothingSimulatedIsMixedIn) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  furnish();
  add("strap2", "rytme-heart", {{"node", "strap2"}});
  const auto replay = test::shared("data/stress_predict/S01").string();
  int first = 0, second = 0, swing = 0;
  for (const auto& line : life(make_world(house, {replay, 60, 1, 0}), 10)) {  // 10 min of it
    first += line.starts_with("homie/5/strap1/hr/sample") ? 1 : 0;
    second += line.starts_with("homie/5/strap2/hr/sample") ? 1 : 0;
    swing += line.starts_with("homie/5/swing1/motion/frame") ? 1 : 0;
  }
  EXPECT_GT(first, 100);
  EXPECT_EQ(second, 0);
  EXPECT_NEAR(swing, (10 - 0.2) * 60 * 2, 2);
}

TEST_F(WorldTest, RefusesWhatItCannotPlayInOneLine) {
  furnish();
  add("lux1", "some-sensor", {});
  EXPECT_EQ(refusal(), "device lux1: profile some-sensor has no simulated device");
  house.devices.pop_back();
  EXPECT_THAT(refusal({"/nowhere", 1, 1, 0}), HasSubstr("/nowhere"));
  EXPECT_THAT(refusal({"", 0, 1, 0}), HasSubstr("speed"));
  house.devices.back().params.clear();
  EXPECT_EQ(refusal(), "device swing1: no parameter node");
}

}  // namespace
}  // namespace rytme::simulator
