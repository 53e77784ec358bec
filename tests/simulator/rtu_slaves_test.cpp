// SPDX-License-Identifier: Apache-2.0
// Slaves of a serial line: frames, the relay board and the hammock's sensor.
#include <cmath>

#include <gmock/gmock.h>

#include "controller/simulator/rtu_frame.hpp"
#include "controller/simulator/waveshare_relay.hpp"
#include "controller/simulator/wt901c485.hpp"
#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

using testing::Each;
using testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

class RtuFrameTest : public testing::Test {
 protected:
  std::optional<Bytes> answer(const Bytes& frame) { return answer_frame(peers, frame, at_s(0)); }

  WaveshareRelay relay{1};
  std::vector<RegisterPeer*> peers{&relay};
};

// Frames of the maker's wiki.
TEST_F(RtuFrameTest, AnswersTheMakersExamples) {
  const Bytes on_1{0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3A};
  const Bytes on_3{0x01, 0x05, 0x00, 0x02, 0xFF, 0x00, 0x2D, 0xFA};
  EXPECT_EQ(answer(on_1), on_1) << "a write is echoed";
  EXPECT_EQ(answer(on_3), on_3);
  EXPECT_EQ(answer({0x01, 0x01, 0x00, 0x00, 0x00, 0x08, 0x3D, 0xCC}),
            (Bytes{0x01, 0x01, 0x01, 0x05, 0x91, 0x8B}));
}

TEST_F(RtuFrameTest, SaysNothingToOthersToABadChecksumAndToNoise) {
  EXPECT_FALSE(answer({0x01, 0x05, 0x00, 0x00, 0xFF, 0x00, 0x8C, 0x3B}));
  EXPECT_FALSE(answer(rtu_frame(2, Bytes{0x01, 0, 0, 0, 8})));
  EXPECT_FALSE(answer(rtu_frame(0, Bytes{0x05, 0, 0, 0xFF, 0})));
  EXPECT_FALSE(answer({}));
  EXPECT_FALSE(answer({0x01}));
  std::vector<std::uint16_t> coils;
  ASSERT_TRUE(relay.read(RegisterArea::coil, 0, 8, coils, at_s(0)));
  EXPECT_THAT(coils, Each(0)) << "a broadcast is for nobody here";
}

TEST_F(RtuFrameTest, RefusesInTheProtocolsWords) {
  EXPECT_EQ(answer(rtu_frame(1, Bytes{0x01, 0, 8, 0, 1})), rtu_frame(1, Bytes{0x81, 2})) << "no ninth relay";
  EXPECT_EQ(answer(rtu_frame(1, Bytes{0x05, 0, 0, 0x55, 0})), rtu_frame(1, Bytes{0x85, 3})) << "no toggling";
}

TEST(WaveshareRelay, SwitchesOneSeveralOrAll) {
  WaveshareRelay relay(1);
  const auto coils = [&] {
    std::vector<std::uint16_t> values;
    EXPECT_TRUE(relay.read(RegisterArea::coil, 0, 8, values, at_s(0)));
    return values;
  };
  EXPECT_THAT(coils(), Each(0));
  EXPECT_TRUE(relay.write(RegisterArea::coil, 7, {1}, at_s(0)));
  EXPECT_TRUE(relay.write(RegisterArea::coil, 0, {1, 0, 1}, at_s(0)));
  EXPECT_THAT(coils(), ElementsAre(1, 0, 1, 0, 0, 0, 0, 1));
  EXPECT_TRUE(relay.write(RegisterArea::coil, 255, {1}, at_s(0)));
  EXPECT_THAT(coils(), Each(1));
  std::vector<std::uint16_t> values;
  EXPECT_FALSE(relay.read(RegisterArea::coil, 255, 1, values, at_s(0))) << "written only";
  EXPECT_FALSE(relay.write(RegisterArea::coil, 7, {1, 1}, at_s(0)));
  EXPECT_FALSE(relay.write(RegisterArea::holding, 0x4000, {2}, at_s(0)));
  EXPECT_TRUE(relay.read(RegisterArea::holding, 0x8000, 1, values, at_s(0)));
}

class HammockSensor : public testing::Test {
 protected:
  double signed_at(unsigned address, double t_s) {
    std::vector<std::uint16_t> values;
    EXPECT_TRUE(
        sensor.read(RegisterArea::holding, static_cast<std::uint16_t>(address), 1, values, at_s(t_s)));
    return static_cast<std::int16_t>(values.at(0));
  }
  double acceleration(unsigned address, double t_s) { return signed_at(address, t_s) * 16 * 9.80665 / 32768; }

  Wt901c485 sensor{80, 1};
};

TEST_F(HammockSensor, HangsStillWhenItIsFirstAsked) {
  EXPECT_NEAR(acceleration(54, 0), 9.81, 0.3);
  EXPECT_NEAR(acceleration(52, 0), 0, 0.3);
  EXPECT_NEAR(signed_at(62, 0), 0, 1);
  EXPECT_EQ(signed_at(64, 0), 2450) << "24.5 °C";
}

// 1.3 m from the pivot: 2.29 s; the turning rate changes sign twice in it.
TEST_F(HammockSensor, SwingsAtThePaceOfItsRopes) {
  int swung_s = 0, crossings = 0;
  double last = 0;
  for (int i = 0; i < 6000; ++i) {
    const double t_s = i * 0.05;
    const double angle_deg = signed_at(62, t_s) * 180 / 32768;
    const double rate_dps = signed_at(56, t_s) * 2000 / 32768;
    if (std::abs(angle_deg) + std::abs(rate_dps) < 4) continue;  // a person at rest
    ++swung_s;
    if (rate_dps * last < 0) ++crossings;
    last = rate_dps;
  }
  ASSERT_GT(swung_s, 600) << "of 300 s, in twentieths";
  EXPECT_NEAR(2 * swung_s * 0.05 / crossings, 2.29, 0.35);
}

TEST_F(HammockSensor, RefusesWhatItDoesNotHave) {
  std::vector<std::uint16_t> values;
  EXPECT_FALSE(sensor.read(RegisterArea::input, 52, 1, values, at_s(0)));
  EXPECT_FALSE(sensor.read(RegisterArea::holding, 90, 10, values, at_s(0)));
  EXPECT_FALSE(sensor.write(RegisterArea::holding, 3, {6}, at_s(0)));
  EXPECT_TRUE(sensor.read(RegisterArea::holding, 52, 13, values, at_s(1e6))) << "asked again after days";
}

}  // namespace
}  // namespace rytme::simulator
