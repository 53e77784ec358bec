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
  inbox.take_all(out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].payload, "1");
  EXPECT_EQ(out[1].payload, "2");
  EXPECT_TRUE(inbox.put(numbered(3)));
}

TEST(Inbox, DropsTheOldestAndCountsIt) {
  Inbox inbox(3);
  for (int i = 1; i <= 5; ++i) inbox.put(numbered(i));
  std::vector<MqttMessage> out;
  inbox.take_all(out);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out.front().payload, "3");
  EXPECT_EQ(out.back().payload, "5");
  EXPECT_EQ(inbox.received(), 5u);
  EXPECT_EQ(inbox.dropped(), 2u);
}

}  // namespace
}  // namespace rytme::mqtt
