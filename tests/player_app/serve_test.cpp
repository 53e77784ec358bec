// SPDX-License-Identifier: Apache-2.0
// `rytme-player serve` on a real mosquitto, with a loudspeaker that is a file.
#include "tests/player_app/serve_test.hpp"

#include <algorithm>
#include <fstream>

namespace rytme::player_app {
namespace {

using namespace std::chrono_literals;

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
  // ALSA's file plugin writes what it is given one buffer of 40 ms later, as a device would play it.
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
  std::printf("audible after %d ms in the middle\n", static_cast<int>(took[2].count()));
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
  // Told within a block or two of being asked.
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
