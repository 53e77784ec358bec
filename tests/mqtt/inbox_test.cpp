// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/inbox.hpp"

#include <gtest/gtest.h>

namespace rytme::mqtt {
namespace {

MqttMessage numbered(int number) { return {"t", std::to_string(number), false, {}}; }

TEST(Inbox, TellsOnlyWhenItWasEmpty) {
  Inbox inbox(10);
  EXPECT_TRUE(inbox.put(numbered(1)));
  EXPECT_FALSE(inbox.put(numbered(2)));
  std::vector<MqttMessage> out{numbered(99)};
  inbox.take(out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].payload, "1");
  EXPECT_EQ(out[1].payload, "2");
  EXPECT_TRUE(inbox.put(numbered(3)));
}

TEST(Inbox, GivesInSlicesAndSaysWhetherMoreWait) {
  Inbox inbox(10, {{"lamp", true}});
  inbox.put({"lamp", "1", false, {}});
  for (int i = 1; i <= 4; ++i) inbox.put(numbered(i));
  std::vector<MqttMessage> out;
  EXPECT_TRUE(inbox.take(out, 3));
  EXPECT_EQ(out.size(), 3u);
  inbox.put({"lamp", "2", false, {}});  // the one that was taken is not touched
  EXPECT_FALSE(inbox.take(out, 3));
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out.front().payload, "3");
  EXPECT_EQ(out.back().payload, "2");
}

TEST(Inbox, DropsTheOldestAndCountsIt) {
  Inbox inbox(3);
  for (int i = 1; i <= 5; ++i) inbox.put(numbered(i));
  std::vector<MqttMessage> out;
  inbox.take(out);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out.front().payload, "3");
  EXPECT_EQ(out.back().payload, "5");
  EXPECT_EQ(inbox.counters().received, 5u);
  EXPECT_EQ(inbox.counters().dropped, 2u);
}

MqttMessage said(const std::string& topic, const std::string& payload) { return {topic, payload, false, {}}; }

std::vector<std::string> taken(Inbox& inbox) {
  std::vector<MqttMessage> out;
  inbox.take(out);
  std::vector<std::string> words;
  words.reserve(out.size());
  for (const auto& message : out) words.push_back(message.topic + "=" + message.payload);
  return words;
}
using Words = std::vector<std::string>;

TEST(Inbox, OfAStateOnlyTheNewestWaitsAndOfAllElseEverything) {
  Inbox inbox(10, {{"lamp", true}, {"pulse"}, {"room/+/set"}});
  for (int i = 1; i <= 3; ++i) {
    inbox.put(said("lamp", std::to_string(i)));
    inbox.put(said("pulse", std::to_string(i)));
  }
  EXPECT_EQ(taken(inbox), (Words{"pulse=1", "pulse=2", "lamp=3", "pulse=3"}));
  EXPECT_EQ(inbox.counters().superseded, 2u);
  EXPECT_EQ(inbox.counters().dropped, 0u);
}

TEST(Inbox, AStateThatWasReadIsNotReplaced) {
  Inbox inbox(10, {{"lamp", true}});
  EXPECT_TRUE(inbox.put(said("lamp", "1")));
  EXPECT_EQ(taken(inbox), Words{"lamp=1"});
  EXPECT_TRUE(inbox.put(said("lamp", "2")));
  EXPECT_FALSE(inbox.put(said("lamp", "3")));
  EXPECT_EQ(taken(inbox), Words{"lamp=3"});
}

TEST(Inbox, AStateDroppedOverTheLimitComesAgain) {
  Inbox inbox(2, {{"lamp", true}});
  inbox.put(said("lamp", "1"));
  inbox.put(said("a", "1"));
  inbox.put(said("a", "2"));  // drops the lamp's
  inbox.put(said("lamp", "2"));
  inbox.put(said("lamp", "3"));
  EXPECT_EQ(taken(inbox), (Words{"a=2", "lamp=3"}));
  EXPECT_EQ(inbox.counters().dropped, 2u);
  EXPECT_EQ(inbox.counters().superseded, 1u);
}

TEST(Inbox, AFloodOfOneStateTakesNoRoom) {
  Inbox inbox(3, {{"lamp", true}});
  inbox.put(said("pulse", "1"));
  for (int i = 0; i < 100'000; ++i) inbox.put(said("lamp", std::to_string(i)));
  EXPECT_EQ(taken(inbox), (Words{"pulse=1", "lamp=99999"}));
  EXPECT_EQ(inbox.counters().dropped, 0u);
}

}  // namespace
}  // namespace rytme::mqtt
