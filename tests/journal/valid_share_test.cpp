// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/valid_share.hpp"

#include <gmock/gmock.h>

namespace rytme::journal {
namespace {

constexpr std::int64_t s = 1000000;

TEST(ValidShare, NothingRecordedIsUnknownNotZero) {
  ValidShare share;
  share.end(900 * s);
  EXPECT_EQ(share.share(), std::nullopt);
}

TEST(ValidShare, GoodTimeAgainstAllTime) {
  ValidShare share;
  share.pulse("belt", 0, true);
  share.pulse("belt", 5 * s, false);
  share.end(10 * s);
  EXPECT_DOUBLE_EQ(share.share().value(), 0.5);
}

TEST(ValidShare, AValueIsGoodForTenSecondsAtMost) {
  ValidShare share;
  share.pulse("belt", 0, true);
  share.end(100 * s);
  EXPECT_DOUBLE_EQ(share.share().value(), 0.1);
}

TEST(ValidShare, APauseOfTheRecordingIsNoHeartTime) {
  ValidShare share;
  share.pulse("belt", 0, true);
  share.recording(5 * s, false);
  share.recording(500 * s, true);
  share.pulse("belt", 500 * s, true);
  share.end(505 * s);
  EXPECT_DOUBLE_EQ(share.share().value(), 1.0);
}

TEST(ValidShare, TheBestDeviceCountsAndAClockThatBeginsAnewIsNoTime) {
  ValidShare share;
  share.pulse("belt", 100 * s, true);
  share.pulse("watch", 100 * s, false);
  share.pulse("belt", 108 * s, true);
  share.pulse("watch", 108 * s, false);
  share.end(3 * s);
  EXPECT_DOUBLE_EQ(share.share().value(), 1.0);
}

}  // namespace
}  // namespace rytme::journal
