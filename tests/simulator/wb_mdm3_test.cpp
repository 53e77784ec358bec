// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/wb_mdm3.hpp"

#include <gmock/gmock.h>

#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

using testing::ElementsAre;

class WbMdm3Test : public testing::Test {
 protected:
  std::vector<std::uint16_t> read(RegisterArea area, std::uint16_t address, std::uint16_t count, double t_s) {
    std::vector<std::uint16_t> values;
    EXPECT_TRUE(dimmer.read(area, address, count, values, at_s(t_s))) << address;
    return values;
  }
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values, double t_s) {
    return dimmer.write(area, address, values, at_s(t_s));
  }
  bool readable(RegisterArea area, std::uint16_t address, std::uint16_t count) {
    std::vector<std::uint16_t> values;
    return dimmer.read(area, address, count, values, at_s(0));
  }

  WbMdm3 dimmer{41};
};

TEST_F(WbMdm3Test, ComesUpDarkAndKeepsCoilAndLevelApart) {
  EXPECT_EQ(dimmer.unit(), 41);
  EXPECT_THAT(read(RegisterArea::coil, 0, 3, 0), ElementsAre(0, 0, 0));
  EXPECT_TRUE(write(RegisterArea::holding, 0, {60}, 1));
  EXPECT_THAT(read(RegisterArea::coil, 0, 1, 1), ElementsAre(0));
  EXPECT_TRUE(write(RegisterArea::coil, 0, {1}, 2));
  EXPECT_THAT(read(RegisterArea::holding, 0, 3, 2), ElementsAre(60, 0, 0));
  EXPECT_THAT(read(RegisterArea::coil, 0, 3, 2), ElementsAre(1, 0, 0));
}

TEST_F(WbMdm3Test, TellsItsInputs) {
  read(RegisterArea::coil, 0, 1, 0);
  EXPECT_THAT(read(RegisterArea::input, 97, 1, 1), ElementsAre(1));
  EXPECT_THAT(read(RegisterArea::input, 100, 1, 1), ElementsAre(0));
  EXPECT_THAT(read(RegisterArea::input, 104, 2, 70'000), ElementsAre(1, 70'000 - 65'536));
  EXPECT_THAT(read(RegisterArea::input, 121, 1, 1),
              ElementsAre(testing::AllOf(testing::Gt(9000), testing::Lt(28000))));
  EXPECT_THAT(read(RegisterArea::input, 124, 1, 1),
              ElementsAre(testing::AllOf(testing::Gt(100), testing::Lt(800))));
}

TEST_F(WbMdm3Test, RefusesUnknownAddressesAndValuesAndThenChangesNothing) {
  EXPECT_FALSE(readable(RegisterArea::holding, 0, 4));
  EXPECT_FALSE(readable(RegisterArea::holding, 3, 1));
  EXPECT_FALSE(readable(RegisterArea::coil, 3, 1));
  EXPECT_FALSE(readable(RegisterArea::input, 97, 4));
  EXPECT_FALSE(readable(RegisterArea::discrete, 0, 1));
  EXPECT_FALSE(write(RegisterArea::holding, 0, {50, 101}, 0));
  EXPECT_FALSE(write(RegisterArea::holding, 2, {50, 50}, 0));
  EXPECT_FALSE(write(RegisterArea::holding, 648, {4}, 0));
  EXPECT_FALSE(write(RegisterArea::holding, 8, {0}, 0));
  EXPECT_FALSE(write(RegisterArea::input, 97, {0}, 0));
  EXPECT_THAT(read(RegisterArea::holding, 0, 3, 0), ElementsAre(0, 0, 0));
}

TEST_F(WbMdm3Test, KeepsItsSetup) {
  for (const auto address : std::vector<std::uint16_t>{648, 656, 664, 672}) {
    EXPECT_TRUE(write(RegisterArea::holding, address, {1, 2, 3}, 0)) << address;
    EXPECT_THAT(read(RegisterArea::holding, address, 3, 0), ElementsAre(1, 2, 3)) << address;
  }
  EXPECT_THAT(read(RegisterArea::holding, 8, 1, 0), ElementsAre(10));
  EXPECT_TRUE(write(RegisterArea::holding, 8, {5}, 0));
  EXPECT_THAT(read(RegisterArea::holding, 8, 1, 0), ElementsAre(5));
}

TEST_F(WbMdm3Test, ActsByItselfWhenNobodyPolls) {
  write(RegisterArea::holding, 0, {80, 80, 80}, 0);
  write(RegisterArea::coil, 0, {1, 1, 0}, 0);
  write(RegisterArea::holding, 648, {3, 1, 2}, 0);  // set level, off, on
  write(RegisterArea::holding, 656, {40, 40, 40}, 0);
  write(RegisterArea::holding, 8, {5}, 0);
  for (int i = 0; i < 12; ++i) EXPECT_THAT(read(RegisterArea::holding, 0, 1, 4.9 * i), ElementsAre(80));
  EXPECT_THAT(read(RegisterArea::holding, 0, 3, 65), ElementsAre(40, 80, 80));
  EXPECT_THAT(read(RegisterArea::coil, 0, 3, 65), ElementsAre(1, 0, 1));
  // Back under control: what is written afterwards stays.
  EXPECT_TRUE(write(RegisterArea::holding, 0, {70}, 66));
  EXPECT_THAT(read(RegisterArea::holding, 0, 1, 67), ElementsAre(70));
}

TEST_F(WbMdm3Test, WithoutASafetyActionItStaysAsItIs) {
  write(RegisterArea::holding, 0, {80}, 0);
  write(RegisterArea::coil, 0, {1}, 0);
  EXPECT_THAT(read(RegisterArea::holding, 0, 1, 1000), ElementsAre(80));
  EXPECT_THAT(read(RegisterArea::coil, 0, 1, 1000), ElementsAre(1));
}

}  // namespace
}  // namespace rytme::simulator
