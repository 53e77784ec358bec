// SPDX-License-Identifier: Apache-2.0
#include "controller/app/start_book.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/folder.hpp"

namespace rytme::app {
namespace {

Instant at(double s) { return Instant{} + seconds(5000 + s); }

class Starts : public testing::Test {
 protected:
  StartBook start(double s) { return {folder_.path(), at(s)}; }
  test::Folder folder_;
};

TEST_F(Starts, FiveWithinAMinuteAreACrashLoop) {
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(start(15 * i).is_crash_loop()) << i;
  EXPECT_TRUE(start(60).is_crash_loop());
}

TEST_F(Starts, FiveInLongerThanAMinuteAreNot) {
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(start(15.1 * i).is_crash_loop()) << i;
}

TEST_F(Starts, AnOrderlyEndBeginsAnew) {
  for (int i = 0; i < 4; ++i) start(i);
  start(4).ends();
  for (int i = 5; i < 9; ++i) EXPECT_FALSE(start(i).is_crash_loop()) << i;
}

TEST_F(Starts, ThoseOfAnotherBootOrOfALaterTimeSayNothing) {
  for (int i = 0; i < 4; ++i) start(100 + i);
  EXPECT_FALSE(start(3).is_crash_loop()) << "steady time began anew";
  const std::vector<PastStart> two_boots{{"a", 1, false}, {"b", 2, false}, {"b", 3, true}};
  EXPECT_EQ(of_late(two_boots).size(), 2U);
}

TEST_F(Starts, TheJournalIsDoubtedOnlyWhenItNeverOpened) {
  for (int i = 0; i < 4; ++i) start(i);
  EXPECT_TRUE(start(4).never_opened());
  start(5).opened();
  EXPECT_FALSE(start(6).never_opened());
}

TEST_F(Starts, WhatIsNoStartIsLeftOut) {
  EXPECT_TRUE(starts_in("").empty());
  EXPECT_EQ(starts_in("x\nboot 12.5 opened\nboot twelve opened\n\nboot 13 started").size(), 2U);
  const std::vector<PastStart> one{{"boot", 12.5, true}};
  EXPECT_TRUE(starts_in(text_of(one)).at(0).opened);
  EXPECT_EQ(starts_in(text_of(one)).at(0).steady_s, 12.5);
}

TEST_F(Starts, ABookThatCannotBeWrittenKeepsNobodyFromStarting) {
  const auto nowhere = folder_.path() / "not" / "there";
  EXPECT_NO_THROW((StartBook{nowhere, at(0)}.opened()));
}

}  // namespace
}  // namespace rytme::app
