// SPDX-License-Identifier: Apache-2.0
// What happens when the broker goes away and comes back.
#include <iostream>

#include <gmock/gmock.h>

#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;

double ms_since(Instant then) { return std::chrono::duration<double, std::milli>(now() - then).count(); }

TEST(Loss, WaitsForABrokerThatComesLater) {
  Broker broker;
  broker.stop();
  Options options = options_for(broker.port(), "early");
  options.on_connect = {retained("early/$state", "ready")};
  Peer early(options, {"early/$state"});
  ASSERT_TRUE(early.wait_for(Link::down));
  EXPECT_EQ(early.client().counters().losses, 0u);
  broker.start();
  ASSERT_TRUE(early.wait_for(Link::up));
  EXPECT_EQ(early.client().counters().connects, 1u);
}

// With the back-off of the product: after an outage long enough for it to have reached its maximum.
TEST(Loss, IsBackWithinTwoSecondsOfTheBroker) {
  Broker broker;
  Options options = options_for(broker.port(), "room", "injector");
  options.backoff_min = Options{}.backoff_min;
  options.backoff_max = Options{}.backoff_max;
  Peer room(options, {"echo"});
  ASSERT_TRUE(room.wait_for(Link::up));
  double worst_ms = 0;
  for (int i = 0; i < 3; ++i) {
    broker.kill();
    ASSERT_TRUE(room.wait_for(Link::down));
    ASSERT_FALSE(room.wait_for(Link::up, 1500ms));
    broker.start();
    const Instant back = now();
    ASSERT_TRUE(room.wait_for(Link::up, 2s));
    worst_ms = std::max(worst_ms, ms_since(back));
    room.client().publish(event("echo", std::to_string(i)), now());
    ASSERT_EQ(room.wait_message("echo").payload, std::to_string(i)) << "not subscribed again";
  }
  std::cout << "slowest return after the broker: " << worst_ms << " ms\n";
  RecordProperty("slowest_return_ms", std::to_string(worst_ms));
  EXPECT_EQ(room.client().counters().losses, 3u);
  EXPECT_EQ(room.client().counters().connects, 4u);
}

TEST(Loss, NoCommandOfBeforeArrivesAfterARestart) {
  Broker broker;
  Peer room(options_for(broker.port(), "room", "injector"));
  ASSERT_TRUE(room.wait_for(Link::up));
  broker.pause();
  for (int i = 0; i < 30; ++i) room.client().publish(command("lamp/set", std::to_string(i)), now());
  broker.kill();
  ASSERT_TRUE(room.wait_for(Link::down));
  EXPECT_FALSE(room.client().publish(command("lamp/set", "while down"), now()));
  broker.start();
  Peer lamp(options_for(broker.port(), "lamp", "observer"), {"#"});
  ASSERT_TRUE(lamp.wait_for(Link::up));
  ASSERT_TRUE(room.wait_for(Link::up));
  room.client().publish(command("lamp/set", "fresh"), now());
  EXPECT_EQ(lamp.wait_message("lamp/set").payload, "fresh");
  EXPECT_EQ(room.client().counters().dropped_out, 31u);
}

// The connection is cut, the broker lives on: a library that keeps its messages would send them again now.
TEST(Loss, NoUnacknowledgedCommandIsSentAgainToALivingBroker) {
  Broker broker;
  Options options = options_for(broker.port(), "room", "injector");
  options.ack_timeout = 200ms;
  Peer lamp(options_for(broker.port(), "lamp", "observer"), {"lamp/set"});
  Peer room(options);
  ASSERT_TRUE(lamp.wait_for(Link::up));
  ASSERT_TRUE(room.wait_for(Link::up));
  broker.pause();
  for (int i = 0; i < 30; ++i) room.client().publish(command("lamp/set", std::to_string(i)), now());
  ASSERT_TRUE(room.wait_for(Link::down)) << "a broker that acknowledges nothing was not noticed";
  broker.resume();
  ASSERT_TRUE(room.wait_for(Link::up, 10s));
  room.client().publish(command("lamp/set", "fresh"), now());
  std::vector<std::string> got;
  while (got.empty() || got.back() != "fresh") {
    got.push_back(lamp.wait_message("lamp/set").payload);
    ASSERT_NE(got.back(), "<none>");
  }
  // What the broker's own socket already held cannot be taken back: of the window of four the first few,
  // once.
  got.pop_back();
  EXPECT_LE(got.size(), 4u);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], std::to_string(i));
}

TEST(Loss, RetainedValuesAreSaidAgain) {
  Broker broker;
  Peer room(options_for(broker.port(), "room", "injector"));
  ASSERT_TRUE(room.wait_for(Link::up));
  broker.pause();
  room.client().publish(retained("in/flight", "1"), now());
  broker.kill();
  ASSERT_TRUE(room.wait_for(Link::down));
  EXPECT_TRUE(room.client().publish(retained("while/down", "old"), now()));
  EXPECT_TRUE(room.client().publish(retained("while/down", "new"), now()));
  EXPECT_FALSE(room.client().publish(event("an/event", "x"), now()));
  broker.start();
  Peer check(options_for(broker.port(), "check", "observer"), {"#"});
  EXPECT_EQ(check.wait_message("in/flight").payload, "1");
  EXPECT_EQ(check.wait_message("while/down").payload, "new");
  EXPECT_EQ(check.seen().size(), 2u);
}

TEST(Loss, TellsWhenAnotherClientFightsForItsId) {
  Broker broker;
  Options options = options_for(broker.port(), "twin", "injector");
  options.will = event("twin/will", "lost");
  Peer observer(options_for(broker.port(), "observer", "observer"), {"twin/will"});
  ASSERT_TRUE(observer.wait_for(Link::up));
  Peer one(options);
  ASSERT_TRUE(one.wait_for(Link::up));
  Peer two(options);
  EXPECT_EQ(observer.wait_message("twin/will").payload, "lost");
  const bool first = one.wait_for(Link::refused, 5s);
  ASSERT_TRUE(first || two.wait_for(Link::refused, 3s));
  Peer& loser = first ? one : two;
  EXPECT_THAT(loser.told().back().second, testing::HasSubstr("same id"));
  EXPECT_THAT(loser.told().back().second, testing::HasSubstr("\"twin\""));
  EXPECT_FALSE(loser.wait_for(Link::up, 1s)) << "goes on fighting at once";
  // It comes back and throws the other out, who knows by now what goes on, and both wait longer from then on.
  Peer& winner = first ? two : one;
  ASSERT_TRUE(loser.wait_for(Link::up, 5s));
  ASSERT_TRUE(winner.wait_for(Link::refused, 5s));
  const auto connects = winner.client().counters().connects + loser.client().counters().connects;
  EXPECT_FALSE(winner.wait_for(Link::up, 1s));
  EXPECT_EQ(winner.client().counters().connects + loser.client().counters().connects, connects);
}

}  // namespace
}  // namespace rytme::mqtt::test
