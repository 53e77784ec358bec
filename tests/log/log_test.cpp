// SPDX-License-Identifier: Apache-2.0
#include "controller/log/log.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace rytme {
namespace {

TEST(Log, the_newest_lines_of_a_level_or_worse_are_kept_and_long_ones_are_cut) {
  start_log();
  spdlog::info("one");
  spdlog::warn("two");
  tell_service_log("the code ABCD");
  spdlog::error("three {}", std::string(2000, 'x'));
  const auto all = recent_log("", 100);
  ASSERT_EQ(all.size(), 3U) << "what is for the service's own log is not shown elsewhere";
  EXPECT_EQ(all[0].text, "one");
  EXPECT_EQ(all[0].level, "info");
  EXPECT_EQ(all[2].text.size(), 500U);
  EXPECT_GT(all[0].at, WallTime(std::chrono::seconds(1'700'000'000)));
  const auto worse = recent_log("warning", 100);
  ASSERT_EQ(worse.size(), 2U);
  EXPECT_EQ(worse[0].text, "two");
  ASSERT_EQ(recent_log("info", 1).size(), 1U);
  EXPECT_EQ(recent_log("info", 1)[0].level, "error") << "the newest";

  for (int i = 0; i < 1100; ++i) spdlog::info("line {}", i);
  const auto full = recent_log("", 100'000);
  EXPECT_EQ(full.size(), 1000U);
  EXPECT_EQ(full.back().text, "line 1099");
}

}  // namespace
}  // namespace rytme
