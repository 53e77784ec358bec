// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gmock/gmock.h>

#include "controller/simulator/homie_button.hpp"
#include "controller/simulator/homie_player.hpp"
#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines(const std::vector<MqttPublish>& messages) {
  std::vector<std::string> out;
  out.reserve(messages.size());
  for (const auto& each : messages) out.push_back(each.topic + " " + each.payload);
  return out;
}

class HomiePlayerTest : public testing::Test {
 protected:
  std::vector<MqttPublish> set(const std::string& property, const std::string& value, double t_s = 0,
                               bool retained = false) {
    std::vector<MqttPublish> out;
    player.receive(message("homie/5/player1/player/" + property + "/set", value, retained), at_s(t_s), out);
    return out;
  }
  std::string value_of(const std::string& property) {
    for (const auto& each : player.on_connect(at_s(0))) {
      if (each.topic == "homie/5/player1/player/" + property) return each.payload;
    }
    return "";
  }

  HomiePlayer player{"player1", "player1"};
};

TEST_F(HomiePlayerTest, AnnouncesItselfBetweenInitAndReady) {
  const auto hello = player.on_connect(at_s(0));
  EXPECT_EQ(lines({hello.front()}).front(), "homie/5/player1/$state init");
  EXPECT_EQ(lines({hello.back()}).front(), "homie/5/player1/$state ready");
  for (const auto& each : hello) {
    EXPECT_TRUE(each.retain) << each.topic;
    EXPECT_EQ(each.qos, 1) << each.topic;
  }
  EXPECT_EQ(player.will()->payload, "lost");
  EXPECT_TRUE(player.will()->retain);
  EXPECT_THAT(lines(player.farewell()), ElementsAre("homie/5/player1/$state disconnected"));
}

TEST_F(HomiePlayerTest, DescriptionIsHomie5) {
  const auto description = read_json(player.on_connect(at_s(0)).at(1).payload);
  EXPECT_EQ(description.at("homie"), "5.0");
  EXPECT_TRUE(description.at("version").is_int64());
  const auto& properties = description.at("nodes").at("player").at("properties").as_object();
  std::set<std::string> names;
  for (const auto& [name, property] : properties) {
    names.insert(std::string(name));
    const std::set<std::string> datatypes{"integer", "float", "boolean", "string", "enum", "json"};
    EXPECT_TRUE(datatypes.contains(std::string(property.at("datatype").as_string()))) << std::string(name);
  }
  EXPECT_THAT(names, ElementsAre("bpm", "mute", "phase", "play", "source", "status", "track", "volume"));
  EXPECT_EQ(properties.at("volume").at("format"), "0:100");
  EXPECT_EQ(properties.at("phase").at("retained"), false);
}

TEST_F(HomiePlayerTest, EchoesTheTargetByteByByteThenTheValue) {
  EXPECT_THAT(lines(set("volume", "40.50")), ElementsAre("homie/5/player1/player/volume/$target 40.50",
                                                         "homie/5/player1/player/volume 40.5"));
  EXPECT_THAT(lines(set("mute", "true")),
              ElementsAre("homie/5/player1/player/mute/$target true", "homie/5/player1/player/mute true"));
  EXPECT_EQ(value_of("volume"), "40.5");
}

TEST_F(HomiePlayerTest, PlayAndSourceTellWhatFollows) {
  EXPECT_THAT(lines(set("play", "true")),
              ElementsAre("homie/5/player1/player/play/$target true", "homie/5/player1/player/play true",
                          "homie/5/player1/player/status playing"));
  EXPECT_THAT(lines(set("source", "drums")),
              ElementsAre("homie/5/player1/player/source/$target drums",
                          "homie/5/player1/player/source drums", "homie/5/player1/player/track drums 1"));
  EXPECT_THAT(lines(set("track", "rain")),
              ElementsAre("homie/5/player1/player/track/$target rain", "homie/5/player1/player/track rain"));
}

TEST_F(HomiePlayerTest, RefusesWhatIsRetainedOutOfRangeOrNoValue) {
  EXPECT_THAT(set("volume", "30", 0, true), IsEmpty());
  EXPECT_THAT(set("volume", "101"), IsEmpty());
  EXPECT_THAT(set("volume", "loud"), IsEmpty());
  EXPECT_THAT(set("bpm", "nan"), IsEmpty());
  EXPECT_THAT(set("bpm", "12"), IsEmpty());
  EXPECT_THAT(set("mute", "yes"), IsEmpty());
  EXPECT_THAT(set("status", "playing"), IsEmpty());
  EXPECT_THAT(set("other", "1"), IsEmpty());
  EXPECT_EQ(value_of("volume"), "0");
}

TEST_F(HomiePlayerTest, BeatPhaseFollowsTheTempoWhileItPlays) {
  EXPECT_EQ(player.next_wake(), Instant::max());
  set("bpm", "63", 0);
  set("play", "true", 0);
  std::vector<MqttPublish> out;
  player.tick(at_s(4.9), out);
  EXPECT_THAT(out, IsEmpty());
  player.tick(at_s(5), out);  // 5 s at 63 BPM = 5.25 beats
  ASSERT_THAT(lines(out), ElementsAre("homie/5/player1/player/phase 0.25"));
  EXPECT_FALSE(out[0].retain);
  set("play", "false", 6);
  EXPECT_EQ(player.next_wake(), Instant::max());
}

TEST(HomieButtonTest, TellsAPressOnlyWhenPressed) {
  HomieButton button("button1", "wall");
  for (const auto& each : button.on_connect(at_s(0))) EXPECT_NE(each.topic, "homie/5/wall/button/action");
  std::vector<MqttPublish> out;
  button.press(false, out);
  button.press(true, out);
  EXPECT_THAT(lines(out), ElementsAre("homie/5/wall/button/action press", "homie/5/wall/button/action long"));
  for (const auto& each : out) {
    EXPECT_EQ(each.qos, 1);
    EXPECT_FALSE(each.retain);
  }
}

}  // namespace
}  // namespace rytme::simulator
