// SPDX-License-Identifier: Apache-2.0
// The client against a real broker: messages, order, bounds, the end.
#include <gmock/gmock.h>

#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;

TEST(Client, ReceivesWhatItSubscribedTo) {
  Broker broker;
  Peer room(options_for(broker.port(), "room"), {"a/#", "b/+"});
  Peer other(options_for(broker.port(), "other", "injector"));
  ASSERT_TRUE(room.wait_for(Link::up));
  ASSERT_TRUE(other.wait_for(Link::up));
  other.client().publish(event("c", "not asked for"), now());
  other.client().publish(event("a/x", std::string("with\0zero", 9)), now());
  other.client().publish(event("b/y", ""), now());
  const auto message = room.wait_message("a/x");
  EXPECT_EQ(message.payload, std::string("with\0zero", 9));
  EXPECT_FALSE(message.retained);
  EXPECT_LE(message.received, now());
  EXPECT_GT(message.received, now() - 5s);
  EXPECT_EQ(room.wait_message("b/y").payload, "");
  EXPECT_EQ(room.seen().size(), 2u);
}

TEST(Client, TellsARetainedMessageFromALiveOne) {
  Broker broker;
  Peer writer(options_for(broker.port(), "writer", "injector"), {"state"});
  ASSERT_TRUE(writer.wait_for(Link::up));
  writer.client().publish(retained("state", "old"), now());
  ASSERT_EQ(writer.wait_message("state").payload, "old");
  Peer check(options_for(broker.port(), "check"), {"state"});
  ASSERT_TRUE(check.wait_for(Link::up));
  EXPECT_TRUE(check.wait_message("state").retained);
  writer.client().publish(retained("state", "new"), now());
  const auto live = check.wait_message("state");
  EXPECT_EQ(live.payload, "new");
  EXPECT_FALSE(live.retained);
}

// Where it matters, the sender's wish to have it kept is told from the first moment, not only at the next
// subscribing.
TEST(Client, TellsAtOnceThatAPressIsMeantToBeKept) {
  Broker broker;
  Peer room(options_for(broker.port(), "room"), {{"room/+/set", false, true}});
  Peer other(options_for(broker.port(), "other", "injector"));
  ASSERT_TRUE(room.wait_for(Link::up));
  ASSERT_TRUE(other.wait_for(Link::up));
  other.client().publish(retained("room/stop/set", "true"), now());
  other.client().publish(event("room/light/set", "true"), now());
  EXPECT_TRUE(room.wait_message("room/stop/set").retained);
  EXPECT_FALSE(room.wait_message("room/light/set").retained);
}

TEST(Client, KeepsTheOrderOfABurst) {
  Broker broker;
  Peer reader(options_for(broker.port(), "reader"), {"n"});
  Peer writer(options_for(broker.port(), "writer", "injector"));
  ASSERT_TRUE(reader.wait_for(Link::up));
  ASSERT_TRUE(writer.wait_for(Link::up));
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(writer.client().publish(event("n", std::to_string(i)), now()));
  for (int i = 0; i < 500; ++i) ASSERT_EQ(reader.wait_message("n").payload, std::to_string(i));
  EXPECT_EQ(writer.client().counters().published, 500u);
}

TEST(Client, DropsTheOldestWhenItsOwnerSleepsAndGoesOnReading) {
  Broker broker;
  Options options = options_for(broker.port(), "sleeper");
  options.inbound_limit = 10;
  Peer sleeper(options, {"n", "end"});
  Peer writer(options_for(broker.port(), "writer", "injector"), {"end"});
  ASSERT_TRUE(sleeper.wait_for(Link::up));
  ASSERT_TRUE(writer.wait_for(Link::up));
  for (int i = 0; i < 50; ++i) writer.client().publish(event("n", std::to_string(i)), now());
  for (int i = 0; i < 500 && sleeper.client().counters().received < 50; ++i) {
    writer.client().publish(event("end", ""), now());
    writer.wait_message("end");  // a round trip: by then the broker has offered the rest to the sleeper
  }
  const auto counters = sleeper.client().counters();
  ASSERT_GE(counters.received, 50u);
  EXPECT_GE(counters.dropped_in, 40u);
  EXPECT_LE(sleeper.seen().size(), 50u);
}

TEST(Client, CarriesOutNothingLate) {
  Broker broker;
  Peer lamp(options_for(broker.port(), "lamp", "observer"), {"lamp/set"});
  Peer room(options_for(broker.port(), "room", "injector"));
  ASSERT_TRUE(lamp.wait_for(Link::up));
  ASSERT_TRUE(room.wait_for(Link::up));
  MqttPublish late = command("lamp/set", "late");
  late.expires = now();
  EXPECT_FALSE(room.client().publish(late, now()));
  room.client().drop_before(2);
  EXPECT_FALSE(room.client().publish(command("lamp/set", "before the stop", 1), now()));
  EXPECT_TRUE(room.client().publish(command("lamp/set", "stop", 2), now()));
  EXPECT_EQ(lamp.wait_message("lamp/set").payload, "stop");
  EXPECT_EQ(lamp.seen().size(), 1u);
  EXPECT_EQ(room.client().counters().expired, 1u);
  EXPECT_EQ(room.client().counters().dropped_out, 1u);
}

TEST(Client, SaysGoodbyeInsteadOfItsWill) {
  Broker broker;
  Peer observer(options_for(broker.port(), "observer", "observer"), {"node/#"});
  ASSERT_TRUE(observer.wait_for(Link::up));
  Options options = options_for(broker.port(), "node", "injector");
  options.will = retained("node/$state", "lost");
  options.on_connect = {retained("node/$state", "ready")};
  options.farewell = {retained("node/light", "0.4"), retained("node/$state", "disconnected")};
  {
    Peer node(options);
    ASSERT_TRUE(node.wait_for(Link::up));
    EXPECT_EQ(observer.wait_message("node/$state").payload, "ready");
    const Instant began = now();
    node.client().stop();
    EXPECT_LT(now() - began, 1s);
    EXPECT_EQ(node.client().link(), Link::down);
    EXPECT_FALSE(node.client().publish(event("node/x", ""), now()));
  }
  EXPECT_EQ(observer.wait_message("node/light").payload, "0.4");
  EXPECT_EQ(observer.wait_message("node/$state").payload, "disconnected");
  Peer later(options_for(broker.port(), "later", "observer"), {"node/$state"});
  EXPECT_EQ(later.wait_message("node/$state").payload, "disconnected");
}

TEST(Client, StopsQuicklyInEveryState) {
  Broker broker;
  Peer up(options_for(broker.port(), "up"));
  ASSERT_TRUE(up.wait_for(Link::up));
  Peer hanging(options_for(broker.port(), "hanging"));
  ASSERT_TRUE(hanging.wait_for(Link::up));
  broker.pause();
  Peer handshaking(options_for(broker.port(), "handshaking"));
  Peer refused(options_for(rytme::test::free_port(), "refused"));
  ASSERT_TRUE(refused.wait_for(Link::down));
  up.client().publish(event("x", ""), now());
  for (Peer* peer : {&up, &hanging, &handshaking, &refused}) {
    const Instant began = now();
    peer->client().stop();
    EXPECT_LT(now() - began, 1s);
  }
}

}  // namespace
}  // namespace rytme::mqtt::test
