// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/outbox.hpp"

#include <gtest/gtest.h>

namespace rytme::mqtt {
namespace {

using namespace std::chrono_literals;

const Instant t0 = Instant{} + 1h;

MqttPublish command(const std::string& payload, std::uint64_t generation, Instant expires = t0 + 5s) {
  return {"lamp/set", payload, 1, false, expires, generation};
}
MqttPublish value(const std::string& topic, const std::string& payload) { return {topic, payload, 1, true}; }

class OutboxTest : public testing::Test {
 protected:
  // Sends all that may go now; payloads in order.
  std::vector<std::string> send(Instant now = t0) {
    std::vector<std::string> payloads;
    while (auto message = outbox_.next(now)) {
      payloads.push_back(message->payload);
      outbox_.sent(++id_, std::move(*message), now);
    }
    return payloads;
  }
  using Payloads = std::vector<std::string>;
  Outbox outbox_{5, 2};
  int id_{};
};

TEST_F(OutboxTest, SendsInOrderWithinTheWindow) {
  outbox_.up();
  for (const char* payload : {"a", "b", "c"}) EXPECT_TRUE(outbox_.offer(command(payload, 1), t0));
  EXPECT_EQ(send(), (Payloads{"a", "b"}));
  outbox_.acknowledged(1);
  EXPECT_EQ(send(), Payloads{"c"});
  outbox_.acknowledged(2);
  EXPECT_FALSE(outbox_.idle());
  outbox_.acknowledged(3);
  EXPECT_TRUE(outbox_.idle());
  EXPECT_EQ(outbox_.counters().sent, 3u);
}

TEST_F(OutboxTest, RefusesWhatHasExpired) {
  outbox_.up();
  EXPECT_FALSE(outbox_.offer(command("late", 1, t0), t0));
  EXPECT_EQ(outbox_.counters().expired, 1u);
}

TEST_F(OutboxTest, DropsWhatExpiresWhileItWaits) {
  outbox_.up();
  for (const char* payload : {"a", "b"}) outbox_.offer(command(payload, 1), t0);
  send();
  outbox_.offer(command("waits", 1, t0 + 1s), t0);
  outbox_.offer(command("lives", 1, t0 + 9s), t0);
  outbox_.acknowledged(1);
  EXPECT_EQ(send(t0 + 2s), Payloads{"lives"});
  EXPECT_EQ(outbox_.counters().expired, 1u);
}

TEST_F(OutboxTest, AStopDropsOlderCommandsAndNothingElse) {
  outbox_.up();
  for (const char* payload : {"a", "b"}) outbox_.offer(command(payload, 1), t0);
  send();
  outbox_.offer(command("old", 1), t0);
  outbox_.offer(value("state", "shown"), t0);
  outbox_.offer(command("stop", 2), t0);
  outbox_.drop_before(2);
  EXPECT_FALSE(outbox_.offer(command("straggler", 1), t0));
  outbox_.acknowledged(1);
  outbox_.acknowledged(2);
  EXPECT_EQ(send(), (Payloads{"shown", "stop"}));
  EXPECT_EQ(outbox_.counters().dropped, 2u);
}

TEST_F(OutboxTest, KeepsOnlyTheLatestRetainedValueWhileDown) {
  EXPECT_FALSE(outbox_.offer(command("on", 1), t0));
  EXPECT_FALSE(outbox_.offer({"event", "press", 1, false}, t0));
  EXPECT_FALSE(outbox_.offer({"lamp", "retained command", 1, true, Instant::max(), 1}, t0));
  EXPECT_TRUE(outbox_.offer(value("state", "idle"), t0));
  EXPECT_TRUE(outbox_.offer(value("state", "running"), t0));
  EXPECT_EQ(send(), Payloads{});
  outbox_.up();
  EXPECT_EQ(send(), Payloads{"running"});
  EXPECT_EQ(outbox_.counters().dropped, 3u);
  EXPECT_EQ(outbox_.counters().superseded, 1u);
}

TEST_F(OutboxTest, NoCommandSurvivesALoss) {
  outbox_.up();
  for (const char* payload : {"in flight", "in flight too", "waiting"})
    outbox_.offer(command(payload, 1), t0);
  send();
  outbox_.lost();
  outbox_.up();
  EXPECT_EQ(send(), Payloads{});
  EXPECT_EQ(outbox_.counters().dropped, 3u);
}

TEST_F(OutboxTest, AnUnacknowledgedValueIsSaidAgainUnlessThereIsANewerOne) {
  outbox_.up();
  outbox_.offer(value("a", "acknowledged"), t0);
  outbox_.offer(value("b", "old"), t0);
  send();
  outbox_.acknowledged(1);
  outbox_.offer(value("c", "in flight"), t0);
  send();
  outbox_.offer(value("b", "newer"), t0);
  outbox_.lost();
  outbox_.offer(value("d", "while down"), t0);
  outbox_.up();
  EXPECT_EQ(send(), (Payloads{"newer", "in flight"}));
  outbox_.acknowledged(4);
  EXPECT_EQ(send(), Payloads{"while down"});
}

TEST_F(OutboxTest, WhatIsSaidAtEveryConnectGoesFirst) {
  outbox_.offer(value("state", "running"), t0);
  outbox_.connected({value("$state", "ready")});
  EXPECT_EQ(send(), Payloads{"ready"});
  outbox_.up();
  EXPECT_EQ(send(), Payloads{"running"});
}

TEST_F(OutboxTest, DropsTheOldestBeyondItsLimit) {
  outbox_.up();
  for (int i = 1; i <= 9; ++i) outbox_.offer(command(std::to_string(i), 1), t0);
  EXPECT_EQ(send(), (Payloads{"5", "6"}));
  EXPECT_EQ(outbox_.counters().dropped, 4u);
}

TEST_F(OutboxTest, KeepsABoundedNumberOfTopicsWhileDown) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(outbox_.offer(value(std::to_string(i), "x"), t0));
  EXPECT_FALSE(outbox_.offer(value("one more", "x"), t0));
  EXPECT_TRUE(outbox_.offer(value("4", "y"), t0));
}

TEST_F(OutboxTest, SeesABrokerThatAcknowledgesNothing) {
  outbox_.up();
  EXPECT_FALSE(outbox_.stalled(t0 + 1h, 3s));
  outbox_.offer(command("a", 1), t0);
  send();
  EXPECT_FALSE(outbox_.stalled(t0 + 3s, 3s));
  EXPECT_TRUE(outbox_.stalled(t0 + 3001ms, 3s));
  outbox_.acknowledged(1);
  EXPECT_FALSE(outbox_.stalled(t0 + 1h, 3s));
}

TEST_F(OutboxTest, WhatTheLibraryDidNotTakeStaysFirst) {
  outbox_.up();
  for (const char* payload : {"a", "b"}) outbox_.offer(command(payload, 1), t0);
  outbox_.put_back(*outbox_.next(t0));
  EXPECT_EQ(send(), (Payloads{"a", "b"}));
}

}  // namespace
}  // namespace rytme::mqtt
