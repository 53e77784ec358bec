// SPDX-License-Identifier: Apache-2.0
// `rytme-player serve` on a real mosquitto, with a loudspeaker that is a file.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "tests/mqtt/peer.hpp"
#include "tests/player_app/player_process.hpp"
#include "tests/support/broker.hpp"

namespace rytme::player_app {
namespace {

using namespace std::chrono_literals;
using mqtt::test::Peer;

const std::string node = "homie/5/player1/";

MqttPublish set(const std::string& property, const std::string& value) {
  return mqtt::test::event(node + "player/" + property + "/set", value);
}

double loudest(const std::vector<float>& sound) {
  double out = 0;
  for (const float sample : sound) out = std::max(out, std::abs(double{sample}));
  return out;
}

// True when it became so within 10 s, looked at every 2 ms: what a file holds tells nobody of its growth.
template <typename So>
bool becomes(So so) {
  const auto until = mqtt::test::now() + 10s;
  while (mqtt::test::now() < until) {
    if (so()) return true;
    std::this_thread::sleep_for(2ms);
  }
  return false;
}

class ServeTest : public testing::Test {
 protected:
  ServeTest() {
    broker.start();
    EXPECT_TRUE(room.wait_for(mqtt::Link::up));
  }
  void say(const std::string& property, const std::string& value) {
    room.client().publish(set(property, value), mqtt::test::now());
  }

  test::Broker broker;
  Folder folder;
  Peer room{mqtt::test::options_for(broker.port(), "room", "injector"), {"homie/5/player1/#"}};
};

TEST_F(ServeTest, IsAHomieDeviceFromItsFirstWordToItsLast) {
  PlayerProcess player(folder, broker.port());
  EXPECT_EQ(room.wait_message(node + "$state").payload, "init");
  EXPECT_EQ(room.wait_message(node + "$state").payload, "ready");
  EXPECT_THAT(room.wait_message(node + "$description").payload, testing::HasSubstr("heartbeat,drum"));
  EXPECT_EQ(room.wait_message(node + "player/source").payload, "heartbeat");
  EXPECT_EQ(room.wait_message(node + "player/play").payload, "false");
  say("volume", "30");
  EXPECT_EQ(room.wait_message(node + "player/volume/$target").payload, "30");
  EXPECT_EQ(room.wait_message(node + "player/volume").payload, "0");
  EXPECT_EQ(room.wait_message(node + "player/volume").payload, "30");
  EXPECT_EQ(player.end(), 0);
  EXPECT_EQ(room.wait_message(node + "$state").payload, "disconnected");
}

TEST_F(ServeTest, ACommandIsAudibleWithin100Milliseconds) {
  PlayerProcess player(folder, broker.port());
  room.wait_message(node + "player/play");
  say("source", "drum");
  say("volume", "100");
  room.wait_message(node + "player/volume/$target");
  ASSERT_TRUE(becomes([&] { return player.frames() > 9600; }));
  // The file takes what a device would still hold, so it is the loudspeaker and its buffer in one.
  std::vector<std::chrono::milliseconds> took;
  for (int i = 0; i < 5; ++i) {
    const auto silent = player.frames();
    const auto asked = mqtt::test::now();
    say("play", "true");
    ASSERT_TRUE(becomes([&] { return loudest(player.heard(silent)) > 0.001; }));
    took.push_back(std::chrono::ceil<std::chrono::milliseconds>(mqtt::test::now() - asked));
    say("play", "false");
    const auto playing = player.frames();
    ASSERT_TRUE(becomes([&] { return player.frames() > playing + 48000; }));
  }
  std::ranges::sort(took);
  RecordProperty("median_ms", static_cast<int>(took[2].count()));
  EXPECT_LE(took[2], 100ms);
}

TEST_F(ServeTest, MuteIsSilenceWithin200Milliseconds) {
  PlayerProcess player(folder, broker.port());
  room.wait_message(node + "player/play");
  say("source", "drum");
  say("bpm", "140");
  say("volume", "100");
  say("play", "true");
  ASSERT_TRUE(becomes([&] { return loudest(player.heard()) > 0.02; }));
  say("mute", "true");
  EXPECT_EQ(room.wait_message(node + "player/mute/$target").payload, "true");
  const auto told = player.frames();
  ASSERT_TRUE(becomes([&] { return player.frames() > told + 48000; }));
  // Told within a block or two of being asked; 40 ms of device buffer stay of the 200.
  EXPECT_LT(loudest(player.heard(told + 48 * 160)), 1e-4);
}

TEST_F(ServeTest, TheBrokerLostThePulseGoesOn) {
  PlayerProcess player(folder, broker.port());
  room.wait_message(node + "player/play");
  say("source", "drum");
  say("bpm", "120");
  say("volume", "100");
  say("play", "true");
  ASSERT_TRUE(becomes([&] { return loudest(player.heard()) > 0.02; }));
  broker.kill();
  const auto then = player.frames();
  ASSERT_TRUE(becomes([&] { return player.frames() > then + 3 * 48000; }));
  EXPECT_GT(loudest(player.heard(then + 2 * 48000)), 0.02);
  broker.start();
  EXPECT_TRUE(room.wait_for(mqtt::Link::up));
  for (;;) {
    const auto state = room.wait_message(node + "$state", 10s).payload;
    ASSERT_NE(state, "<none>");
    if (state == "ready") break;
  }
}

TEST_F(ServeTest, WithoutASoundDeviceItSaysSoAndGoesOn) {
  PlayerProcess player(folder, broker.port(), "not-there");
  auto status = room.wait_message(node + "player/status").payload;
  if (status == "stopped") status = room.wait_message(node + "player/status").payload;
  EXPECT_EQ(status, "output_missing");
  say("volume", "20");
  EXPECT_EQ(room.wait_message(node + "player/volume/$target").payload, "20");
}

TEST_F(ServeTest, WrongSettingsAreToldWithTheirLineAndNothingStarts) {
  std::ofstream(folder / "player.toml") << "[player]\noutput = 3\nvolume = 4\ncap_dbfs = 0\n";
  EXPECT_EQ(run_player({"serve", "--config", folder.path().string()}), 2);
  const Folder empty;
  EXPECT_EQ(run_player({"serve", "--config", empty.path().string()}), 2);
}

}  // namespace
}  // namespace rytme::player_app
