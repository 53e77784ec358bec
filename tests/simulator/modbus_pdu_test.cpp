// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/modbus_pdu.hpp"

#include <gmock/gmock.h>

#include "controller/simulator/wb_mdm3.hpp"
#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

using Bytes = std::vector<std::uint8_t>;

class ModbusPduTest : public testing::Test {
 protected:
  Bytes ask(const Bytes& request) { return answer(dimmer, request, at_s(0)); }
  WbMdm3 dimmer{1};
};

// The frames of the dimmer's fixture, without unit and checksum.
TEST_F(ModbusPduTest, WritesAndReadsLevels) {
  EXPECT_EQ(ask({0x06, 0, 0, 0, 0x3C}), (Bytes{0x06, 0, 0, 0, 0x3C}));
  EXPECT_EQ(ask({0x06, 0, 2, 0, 0x64}), (Bytes{0x06, 0, 2, 0, 0x64}));
  EXPECT_EQ(ask({0x03, 0, 0, 0, 3}), (Bytes{0x03, 6, 0, 0x3C, 0, 0, 0, 0x64}));
  EXPECT_EQ(ask({0x10, 0, 0, 0, 2, 4, 0, 10, 0, 20}), (Bytes{0x10, 0, 0, 0, 2}));
  EXPECT_EQ(ask({0x03, 0, 0, 0, 2}), (Bytes{0x03, 4, 0, 10, 0, 20}));
}

TEST_F(ModbusPduTest, PacksCoilsLowestFirst) {
  EXPECT_EQ(ask({0x05, 0, 2, 0xFF, 0}), (Bytes{0x05, 0, 2, 0xFF, 0}));
  EXPECT_EQ(ask({0x01, 0, 0, 0, 3}), (Bytes{0x01, 1, 0b100}));
  EXPECT_EQ(ask({0x0F, 0, 0, 0, 3, 1, 0b011}), (Bytes{0x0F, 0, 0, 0, 3}));
  EXPECT_EQ(ask({0x01, 0, 0, 0, 3}), (Bytes{0x01, 1, 0b011}));
}

TEST_F(ModbusPduTest, AnswersWhatCannotBeWithAnException) {
  EXPECT_EQ(ask({0x03, 0, 3, 0, 1}), (Bytes{0x83, 2}));
  EXPECT_EQ(ask({0x02, 0, 0, 0, 1}), (Bytes{0x82, 2}));
  EXPECT_EQ(ask({0x2B, 0x0E}), (Bytes{0xAB, 1}));
  EXPECT_EQ(ask({0x03, 0, 0, 0, 0}), (Bytes{0x83, 3}));
  EXPECT_EQ(ask({0x03, 0, 0, 0, 126}), (Bytes{0x83, 3}));
  EXPECT_EQ(ask({0x03, 0}), (Bytes{0x83, 3}));
  EXPECT_EQ(ask({0x05, 0, 0, 0x12, 0x34}), (Bytes{0x85, 3}));
  EXPECT_EQ(ask({0x06, 0}), (Bytes{0x86, 3}));
  EXPECT_EQ(ask({0x10, 0, 0, 0, 2, 4, 0, 10}), (Bytes{0x90, 3}));
  EXPECT_EQ(ask({0x10}), (Bytes{0x90, 3}));
  EXPECT_EQ(ask({0x06, 0, 0, 0, 200}), (Bytes{0x86, 2}));
}

}  // namespace
}  // namespace rytme::simulator
