// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/stream_order.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace rytme::signals {
namespace {

using Place = StreamOrder::Place;

StreamStamp stamp(std::uint64_t seq, const char* boot = "a") { return {.boot = boot, .seq = seq, .t_us = 0}; }

TEST(StreamOrder, CountsWhatIsLost) {
  StreamOrder order;
  EXPECT_EQ(order.add(stamp(88)), Place::next) << "where it begins is not known";
  EXPECT_EQ(order.add(stamp(89)), Place::next);
  EXPECT_EQ(order.add(stamp(93)), Place::lost);
  EXPECT_EQ(order.lost(), 3U);
  EXPECT_EQ(order.add(stamp(94)), Place::next);
  EXPECT_EQ(order.lost(), 0U);
}

TEST(StreamOrder, RefusesDuplicatesAndLateFrames) {
  StreamOrder order;
  order.add(stamp(10));
  EXPECT_EQ(order.add(stamp(10)), Place::repeated);
  order.add(stamp(12));
  EXPECT_EQ(order.add(stamp(11)), Place::repeated);
  EXPECT_EQ(order.add(stamp(13)), Place::next);
}

TEST(StreamOrder, AnotherBootIsARestart) {
  StreamOrder order;
  order.add(stamp(500));
  EXPECT_EQ(order.add(stamp(0, "b")), Place::restarted);
  EXPECT_EQ(order.add(stamp(1, "b")), Place::next);
}

TEST(StreamOrder, OneCorruptNumberDoesNotSilenceTheStream) {
  StreamOrder order;
  order.add(stamp(7));
  EXPECT_EQ(order.add(stamp(std::numeric_limits<std::uint64_t>::max())), Place::restarted);
  EXPECT_EQ(order.add(stamp(8)), Place::restarted);
  EXPECT_EQ(order.add(stamp(9)), Place::next);
}

}  // namespace
}  // namespace rytme::signals
