// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/stream_node.hpp"

#include <gmock/gmock.h>

#include "controller/simulator/recording.hpp"
#include "tests/simulator/frames_read.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::simulator {
namespace {

using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

// Five frames, a second apart; the third is lost on the air.
class FiveFrames : public FrameSource {
 public:
  std::optional<std::int64_t> next_us() const override {
    return next_ <= 5 ? std::optional(next_ * 1'000'000) : std::nullopt;
  }
  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    if (next_++ == 3) return std::nullopt;
    return std::string(boot) + ":" + std::to_string(seq);
  }

 private:
  std::int64_t next_{1};
};

const auto controller_ready = message("homie/5/rytme-rom1/$state", "ready", true);
const double lead_in_s = seconds_between({}, Instant{} + StreamClock::lead_in);

std::unique_ptr<StreamNode> node(const std::string& device, const std::string& stream,
                                 std::unique_ptr<FrameSource> source,
                                 const std::shared_ptr<StreamClock>& clock) {
  StreamNode::Settings settings{device, device, stream, "rytme-rom1", "9f2c"};
  return std::make_unique<StreamNode>(settings, std::move(source), clock);
}

void hear(StreamNode& listener, const MqttMessage& heard, double t_s) {
  std::vector<MqttPublish> out;
  listener.receive(heard, at_s(t_s), out);
}

std::vector<MqttPublish> sent_until(StreamNode& sender, double t_s) {
  std::vector<MqttPublish> out;
  sender.tick(at_s(t_s), out);
  return out;
}

TEST(StreamNodeTest, WaitsUntilTheControllerIsReady) {
  const auto clock = std::make_shared<StreamClock>(1.0);
  const auto strap = node("strap1", "hr/sample", std::make_unique<FiveFrames>(), clock);
  EXPECT_THAT(strap->subscriptions(), testing::ElementsAre("homie/5/rytme-rom1/$state"));
  EXPECT_THAT(sent_until(*strap, 100), IsEmpty());
  hear(*strap, message("homie/5/rytme-rom1/$state", "lost", true), 100);
  EXPECT_EQ(strap->next_wake(), Instant::max());
  hear(*strap, controller_ready, 200);
  EXPECT_EQ(strap->next_wake(), at_s(201 + lead_in_s));
  EXPECT_THAT(sent_until(*strap, 201 + lead_in_s), SizeIs(1));
}

TEST(StreamNodeTest, GoesOnOnceBegunWhateverTheControllerDoes) {
  const auto clock = std::make_shared<StreamClock>(1.0);
  const auto strap = node("strap1", "hr/sample", std::make_unique<FiveFrames>(), clock);
  hear(*strap, controller_ready, 0);
  hear(*strap, message("homie/5/rytme-rom1/$state", "lost"), 1);
  hear(*strap, controller_ready, 2);
  EXPECT_EQ(strap->next_wake(), at_s(1 + lead_in_s));
}

TEST(StreamNodeTest, TheStreamsOfARoomBeginTogether) {
  const auto clock = std::make_shared<StreamClock>(1.0);
  const auto strap = node("strap1", "hr/sample", std::make_unique<FiveFrames>(), clock);
  const auto swing = node("swing1", "motion/frame", std::make_unique<FiveFrames>(), clock);
  hear(*strap, controller_ready, 0);
  EXPECT_EQ(strap->next_wake(), Instant::max());
  hear(*swing, controller_ready, 3);
  EXPECT_EQ(strap->next_wake(), at_s(4 + lead_in_s));
  EXPECT_EQ(swing->next_wake(), at_s(4 + lead_in_s));
}

TEST(StreamNodeTest, CatchesUpInOrderAndShowsALostFrameAsAGapInSeq) {
  const auto clock = std::make_shared<StreamClock>(1.0);
  const auto strap = node("strap1", "hr/sample", std::make_unique<FiveFrames>(), clock);
  hear(*strap, controller_ready, 0);
  const auto sent = sent_until(*strap, 60);
  ASSERT_THAT(sent, SizeIs(4));
  EXPECT_EQ(sent[0].payload, "9f2c:0");
  EXPECT_EQ(sent[1].payload, "9f2c:1");
  EXPECT_EQ(sent[2].payload, "9f2c:3");
  EXPECT_EQ(sent[3].payload, "9f2c:4");
  EXPECT_THAT(sent, Each(Field(&MqttPublish::topic, "homie/5/strap1/hr/sample")));
  EXPECT_THAT(sent, Each(Field(&MqttPublish::qos, 0)));
  EXPECT_THAT(sent, Each(Field(&MqttPublish::retain, false)));
  // Silent at the end, and no need to wake.
  EXPECT_THAT(sent_until(*strap, 1000), IsEmpty());
  EXPECT_EQ(strap->next_wake(), Instant::max());
}

TEST(StreamNodeTest, SaysReadyAndItsWillSaysLost) {
  const auto swing = node("swing1", "motion/frame", nullptr, std::make_shared<StreamClock>(1.0));
  const auto hello = swing->on_connect(at_s(0));
  EXPECT_EQ(hello.back().topic, "homie/5/swing1/$state");
  EXPECT_EQ(hello.back().payload, "ready");
  EXPECT_EQ(swing->will()->payload, "lost");
  EXPECT_EQ(read_json(hello[1].payload).at("nodes").at("motion").at("properties").at("frame").at("datatype"),
            "json");
}

TEST(StreamNodeTest, ReplayAtSixtyTimesTheSpeedKeepsOrderAndTime) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto recording = std::make_shared<Recording>(read_recording(test::shared("data/stress_predict/S01")));
  const auto clock = std::make_shared<StreamClock>(60.0);
  const auto strap = node("strap1", "hr/sample", recorded_heart(recording), clock);
  const auto wrist = node("swing1", "motion/frame", recorded_motion(recording), clock);
  hear(*strap, controller_ready, 0);
  hear(*wrist, controller_ready, 0);
  std::size_t beats = 0;
  // A loop that wakes up when asked, now and then 2 s late.
  for (double late_s = 0; strap->next_wake() != Instant::max(); late_s = beats % 100 == 0 ? 2.0 : 0.0) {
    const auto wake = strap->next_wake() + seconds(late_s);
    std::vector<MqttPublish> out;
    strap->tick(wake, out);
    ASSERT_FALSE(out.empty());
    for (const auto& each : out) {
      const auto frame = read_heart(each.payload);
      ASSERT_EQ(frame.seq, beats++);
      const double due_s = lead_in_s + static_cast<double>(frame.t_us) * 1e-6 / 60;
      ASSERT_LE(due_s, seconds_between(at_s(0), wake) + 1e-6);
      ASSERT_GE(due_s, seconds_between(at_s(0), wake) - late_s - 1e-6);
    }
  }
  EXPECT_EQ(beats, 1260U);
  EXPECT_GT(sent_until(*wrist, 60).size(), 6000U);
}

}  // namespace
}  // namespace rytme::simulator
