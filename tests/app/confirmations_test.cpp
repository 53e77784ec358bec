// SPDX-License-Identifier: Apache-2.0
#include "controller/app/confirmations.hpp"

#include <gtest/gtest.h>

namespace rytme::app {
namespace {

const Instant start = Instant{} + std::chrono::hours{1};
std::string name(DeviceIndex device) { return "d" + std::to_string(device); }

TEST(Confirmations, ACommandIsConfirmedOnceByAReportWithinTolerance) {
  Confirmations waits;
  waits.commanded(1, Capability::light_level, 0.5, 0.01, 42);
  EXPECT_EQ(waits.reported(1, Capability::light_level, 0.6), std::nullopt);
  EXPECT_EQ(waits.reported(2, Capability::light_level, 0.5), std::nullopt);
  EXPECT_EQ(waits.reported(1, Capability::light_level, 0.505), 42U);
  EXPECT_EQ(waits.reported(1, Capability::light_level, 0.505), std::nullopt);
}

TEST(Confirmations, OnlyTheLastCommandOfAChannelCounts) {
  Confirmations waits;
  waits.commanded(1, Capability::light_level, 0.5, 0.01, 1);
  waits.commanded(1, Capability::light_level, 0.2, 0.01, 2);
  EXPECT_EQ(waits.reported(1, Capability::light_level, 0.5), std::nullopt);
  EXPECT_EQ(waits.reported(1, Capability::light_level, 0.2), 2U);
}

TEST(Confirmations, AStopIsOverAsSoonAsAllHaveAnswered) {
  Confirmations waits;
  waits.stop_sent(9, {1, 2}, start);
  EXPECT_FALSE(waits.stop_due(start, name).has_value());
  EXPECT_TRUE(waits.stop_confirmed(1));
  EXPECT_FALSE(waits.stop_confirmed(1));
  EXPECT_TRUE(waits.stop_confirmed(2));
  const auto result = waits.stop_due(start, name);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->generation, 9U);
  EXPECT_EQ(result->confirmed, (std::vector<std::string>{"d1", "d2"}));
  EXPECT_FALSE(waits.stop_due(start + std::chrono::seconds{3}, name).has_value());
}

TEST(Confirmations, WhoIsSilentForTwoSecondsIsNamed) {
  Confirmations waits;
  waits.stop_sent(9, {1, 2}, start);
  waits.stop_confirmed(2);
  EXPECT_FALSE(waits.stop_due(start + std::chrono::milliseconds{1999}, name).has_value());
  EXPECT_EQ(waits.next_wake(), start + std::chrono::seconds{2});
  const auto result = waits.stop_due(start + std::chrono::seconds{2}, name);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->missing, std::vector<std::string>{"d1"});
}

}  // namespace
}  // namespace rytme::app
