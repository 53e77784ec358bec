// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

constexpr const char* swing = R"(
[[device]]
id = "swing"
place = "swing.motion"
profile = "rytme-motion"
params = { node = "swing1" }
)";
constexpr const char* topic = "homie/5/swing1/motion/frame";
const std::string head = R"({"v":1,"boot":"9f2c","seq":4711,"t_us":123456789,)";

std::string column(std::size_t count) {
  std::string list = "[0.5";
  for (std::size_t i = 1; i < count; ++i) list += ",0.5";
  return list + "]";
}

std::string frame_of(std::size_t count) {
  return head + R"("dt_us":10000,"ax":)" + column(count) + R"(,"ay":)" + column(count) + R"(,"az":)" +
         column(count) + "}";
}

TEST(Motion, FrameWithGyroscopeAndOneStep) {
  Bench bench(swing);
  const auto out = bench.say(topic, head + R"("dt_us":10000,"ax":[1,2.5],"ay":[0,0],"az":[9.8,9.9],)" +
                                        R"("gx":[0.1,0.2],"gy":[0,0],"gz":[-1,-2]})");
  ASSERT_EQ(out.size(), 1U) << bench.devices().last_refusal();
  const auto& frame = std::get<MotionFrame>(out[0]);
  EXPECT_EQ(frame.stamp.seq, 4711U);
  EXPECT_EQ(frame.stamp.t_us, 123456789);
  EXPECT_EQ(frame.step_us, (std::vector<std::int32_t>{10000}));
  EXPECT_EQ(frame.ax, (std::vector<float>{1.0F, 2.5F}));
  EXPECT_EQ(frame.gz, (std::vector<float>{-1.0F, -2.0F}));
}

TEST(Motion, StepsAsAListAndNoGyroscope) {
  Bench bench(swing);
  const auto out =
      bench.say(topic, head + R"("dt_us":[10000,12000],"ax":[1,2,3],"ay":[1,2,3],"az":[1,2,3]})");
  ASSERT_EQ(out.size(), 1U);
  const auto& frame = std::get<MotionFrame>(out[0]);
  EXPECT_EQ(frame.step_us, (std::vector<std::int32_t>{10000, 12000}));
  EXPECT_TRUE(frame.gx.empty());
}

TEST(Motion, LargestFrameIsTakenAndOneMoreIsNot) {
  Bench bench(swing);
  EXPECT_EQ(bench.say(topic, frame_of(MotionFrame::max_samples)).size(), 1U);
  EXPECT_TRUE(bench.say(topic, frame_of(MotionFrame::max_samples + 1)).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::out_of_range), 1U);
}

TEST(Motion, BrokenFramesGiveNothingAndAreCounted) {
  const std::vector<std::string> broken{
      R"("dt_us":10000,"ax":[1,2],"ay":[1],"az":[1,2]})",       // unequal
      R"("dt_us":10000,"ax":[],"ay":[],"az":[]})",              // empty
      R"("dt_us":10000,"ax":[1],"ay":[1]})",                    // an axis is missing
      R"("dt_us":10000,"ax":[1],"ay":["1"],"az":[1]})",         // text for a number
      R"("dt_us":10000,"ax":[1],"ay":[NaN],"az":[1]})",         // not JSON
      R"("dt_us":10000,"ax":[1],"ay":[1e300],"az":[1]})",       // not a float
      R"("dt_us":0,"ax":[1],"ay":[1],"az":[1]})",               // no time
      R"("dt_us":[1,2,3],"ax":[1,2],"ay":[1,2],"az":[1,2]})",   // steps do not fit
      R"("dt_us":10000,"ax":[1],"ay":[1],"az":[1],"gx":[1]})",  // half a gyroscope
      R"("ax":[1],"ay":[1],"az":[1]})",                         // no step
  };
  Bench bench(swing);
  for (const auto& tail : broken) EXPECT_TRUE(bench.say(topic, head + tail).empty()) << tail;
  EXPECT_EQ(bench.refused(), broken.size());
  for (const char* stamp :
       {R"({"v":2,"boot":"a","seq":1,"t_us":1,)", R"({"v":1,"boot":"0123456789abcdef","seq":1,"t_us":1,)",
        R"({"v":1,"boot":"a","seq":-1,"t_us":1,)", R"({"v":1,"boot":"a","seq":1,"t_us":"1",)"})
    EXPECT_TRUE(bench.say(topic, std::string(stamp) + R"("dt_us":1,"ax":[1],"ay":[1],"az":[1]})").empty())
        << stamp;
  EXPECT_EQ(bench.refused(), broken.size() + 4);
}

TEST(Motion, RetainedFrameIsRefused) {
  Bench bench(swing);
  EXPECT_TRUE(bench.say(topic, frame_of(4), true).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::retained), 1U);
}

}  // namespace
}  // namespace rytme::test
