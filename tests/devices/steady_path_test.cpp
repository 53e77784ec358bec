// SPDX-License-Identifier: Apache-2.0
// A room that has run for a while decodes without asking the heap for anything: no pause that depends on what
// else the process has done.
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"
#include "tests/devices/usual_messages.hpp"
#include "tests/support/allocations.hpp"

namespace rytme::test {
namespace {

struct Cost {
  std::size_t decoded{};  // items
  std::size_t allocations{};
};

// After two of each, which may make room.
Cost cost_of(devices::Devices& devices, const std::vector<MqttMessage>& messages) {
  constexpr int warm_up = 2;
  constexpr int rounds = 100;
  std::vector<Decoded> out;
  Cost cost;
  std::size_t before{};
  for (int round = 0; round < warm_up + rounds; ++round) {
    if (round == warm_up) before = allocations();
    for (const auto& message : messages) {
      devices.decode(message, out);
      if (round >= warm_up) cost.decoded += out.size();
      devices.give_back(out);
    }
  }
  cost.allocations = allocations() - before;
  return cost;
}

TEST(SteadyPath, DecodingAllocatesNothing) {
  Bench bench(usual_room);
  const std::vector<MqttMessage> usual{light_message(), number_message(), pulse_message(), motion_message(10),
                                       motion_message(MotionFrame::max_samples)};
  const Cost cost = cost_of(bench.devices(), usual);
  EXPECT_EQ(bench.refused(), 0U) << bench.devices().last_refusal();
  EXPECT_EQ(cost.decoded, 100U * 8);  // the lamp says on, level, colour and how well it is linked
  EXPECT_EQ(cost.allocations, 0U);
}

TEST(SteadyPath, NorDoesRefusing) {
  Bench bench(usual_room);
  std::vector<MqttMessage> wrong{light_message(), pulse_message(), motion_message(10)};
  for (auto& message : wrong) message.payload.pop_back();
  wrong.push_back({"homie/5/light1/light/level", "forty-seven", false, {}});
  const Cost cost = cost_of(bench.devices(), wrong);
  EXPECT_EQ(cost.decoded, 0U);
  EXPECT_EQ(bench.refused(), 102U * wrong.size());
  EXPECT_EQ(cost.allocations, 0U);
}

// What was used again holds nothing of the frame before.
TEST(SteadyPath, AFrameHasItsOwnValuesOnly) {
  Bench bench(usual_room);
  std::vector<Decoded> out;
  bench.devices().decode(motion_message(100), out);
  bench.devices().give_back(out);
  ASSERT_TRUE(out.empty());
  bench.devices().decode(
      {"homie/5/swing1/motion/frame",
       R"({"v":1,"boot":"b","seq":1,"t_us":5,"dt_us":[7],"ax":[1,2],"ay":[3,4],"az":[5,6]})",
       false,
       {}},
      out);
  ASSERT_EQ(out.size(), 1U);
  const auto& frame = std::get<MotionFrame>(out[0]);
  EXPECT_EQ(frame.step_us, std::vector<std::int32_t>{7});
  EXPECT_EQ(frame.ax, (std::vector<float>{1, 2}));
  EXPECT_EQ(frame.az, (std::vector<float>{5, 6}));
  EXPECT_TRUE(frame.gx.empty() && frame.gy.empty() && frame.gz.empty());
}

}  // namespace
}  // namespace rytme::test
