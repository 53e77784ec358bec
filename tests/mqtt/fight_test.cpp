// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/fight.hpp"

#include <gtest/gtest.h>

namespace rytme::mqtt {
namespace {

using namespace std::chrono_literals;

class FightTest : public testing::Test {
 protected:
  Fight fight_{10s, 60s};
  std::optional<std::chrono::milliseconds> thrown_out_after(std::chrono::milliseconds lived) {
    return fight_.ended(true, lived);
  }
};

TEST_F(FightTest, TheThirdShortLifeIsOneAndEveryFurtherTakesLonger) {
  EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_EQ(thrown_out_after(1s), 10s);
  EXPECT_EQ(thrown_out_after(12s), 20s);
  EXPECT_EQ(thrown_out_after(40s), 40s) << "the other one had stayed away for as long as that";
  EXPECT_EQ(thrown_out_after(100s), 60s);
  EXPECT_EQ(thrown_out_after(100s), 60s);
}

TEST_F(FightTest, ALongLifeOrABrokerThatWasAwayEndsIt) {
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_FALSE(thrown_out_after(31s));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_FALSE(fight_.ended(true, std::nullopt)) << "it did not even let us in";
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_FALSE(fight_.ended(false, 1s)) << "it did not throw us out: the line broke";
  EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_FALSE(thrown_out_after(1s));
  EXPECT_EQ(thrown_out_after(1s), 10s) << "and begins anew with the shortest";
}

}  // namespace
}  // namespace rytme::mqtt
