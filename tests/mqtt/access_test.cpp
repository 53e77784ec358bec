// SPDX-License-Identifier: Apache-2.0
// The shipped config/mosquitto: who gets in, and who may write what.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;

TEST(Access, AWrongPasswordIsToldAndTriedSeldom) {
  Broker broker;
  Options options = options_for(broker.port(), "room");
  options.password = "wrong";
  Peer room(options);
  ASSERT_TRUE(room.wait_for(Link::refused));
  EXPECT_EQ(room.client().link(), Link::refused);
  EXPECT_THAT(room.told().back().second, testing::Not(testing::IsEmpty()));
  EXPECT_EQ(room.client().counters().connects, 0u);
}

TEST(Access, NobodyComesInWithoutAName) {
  Broker broker;
  Options options = options_for(broker.port(), "stranger");
  options.user.clear();
  options.password.clear();
  Peer stranger(options);
  EXPECT_TRUE(stranger.wait_for(Link::refused));
}

class Rules : public testing::Test {
 protected:
  // True: it arrived at an observer. The writer is told when it may not.
  bool may_write(const std::string& user, const std::string& topic) {
    Peer writer(options_for(broker_.port(), "writer", user));
    EXPECT_TRUE(writer.wait_for(Link::up));
    writer.client().publish(event(topic, user), now());
    writer.client().stop();  // leaves only when the broker has answered
    observer_.client().publish(event("round/trip", ""), now());
    observer_.wait_message("round/trip");
    const auto seen = observer_.seen();
    const bool arrived = std::any_of(seen.begin(), seen.end(), [&](const auto& message) {
      return message.topic == topic && message.payload == user;
    });
    EXPECT_EQ(writer.client().counters().refused_out, arrived ? 0u : 1u);
    return arrived;
  }
  Broker broker_{{{"rytme", "secret"}, {"node-1", "secret"}, {"node-2", "secret"}, {"observer", "secret"}},
                 "user observer\ntopic readwrite #\n"};
  Peer observer_{options_for(broker_.port(), "observer", "observer"), {"#"}};
  void SetUp() override { ASSERT_TRUE(observer_.wait_for(Link::up)); }
};

TEST_F(Rules, ANodeWritesItsOwnBranchOnly) {
  EXPECT_TRUE(may_write("node-1", "homie/5/node-1/hr/sample"));
  EXPECT_FALSE(may_write("node-1", "homie/5/node-2/hr/sample"));
  EXPECT_FALSE(may_write("node-1", "homie/5/rytme-rom1/stop/reset/set"));
  EXPECT_FALSE(may_write("node-1", "zigbee2mqtt/ceiling/set"));
}

TEST_F(Rules, TheControllerCommandsAndNeverSpeaksForADevice) {
  EXPECT_TRUE(may_write("rytme", "homie/5/rytme-rom1/$state"));
  EXPECT_TRUE(may_write("rytme", "homie/5/node-1/light/level/set"));
  EXPECT_TRUE(may_write("rytme", "zigbee2mqtt/ceiling/set"));
  EXPECT_TRUE(may_write("rytme", "homeassistant/device/rytme-rom1/config"));
  EXPECT_FALSE(may_write("rytme", "homie/5/node-1/hr/sample"));
  EXPECT_FALSE(may_write("rytme", "zigbee2mqtt/ceiling"));
}

TEST_F(Rules, ANodeReadsWhatIsSetOnItAndNothingOfOthers) {
  Peer node(options_for(broker_.port(), "node", "node-1"), {"homie/5/#"});
  ASSERT_TRUE(node.wait_for(Link::up));
  for (const char* topic :
       {"homie/5/node-2/hr/sample", "homie/5/node-2/light/level/set", "homie/5/node-1/light/level/set"}) {
    observer_.client().publish(event(topic, "x"), now());
  }
  EXPECT_EQ(node.wait_message("homie/5/node-1/light/level/set").payload, "x");
  EXPECT_EQ(node.seen().size(), 1u);
}

}  // namespace
}  // namespace rytme::mqtt::test
