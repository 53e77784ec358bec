// SPDX-License-Identifier: Apache-2.0
// Our own nodes through their shipped profiles: the two blocks of a motion node become frames without a
// sample lost unseen or taken twice, and what has another block's signature is not taken at all.
#include "firmware/core/sample_ring.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

namespace at = firmware::motion_registers;
using namespace std::chrono_literals;

constexpr std::uint16_t node_boot = 7;

std::string room(const std::string& place, const std::string& profile, const std::string& more) {
  return "[[bus]]\nid = \"b\"\ntransport = \"rtu\"\naddress = \"/dev/null\"\nbaud = 115200\nstop_bits = 1\n"
         "[[device]]\nid = \"d\"\nplace = \"" +
         place + "\"\nprofile = \"" + profile + "\"\nbus = \"b\"\n" + more;
}

// A node that samples as long as the test says; each sample carries its number.
class Node {
 public:
  void sample(int count, std::uint32_t missed = 0) {
    for (; count > 0; --count, missed = 0) {
      const auto number = ring_.next() + missed;
      ring_.push({{static_cast<std::int16_t>(number & 0x3FFFU), 0, 4098, 0, 1000, 0}}, missed);
    }
  }
  RegisterBlock newest() const {
    return block(at::newest, at::newest_samples, 0, firmware::Signature::motion_newest);
  }
  RegisterBlock earlier() const {
    return block(at::earlier, at::earlier_samples, at::newest_samples - at::overlap,
                 firmware::Signature::motion_earlier);
  }
  std::uint16_t boot{node_boot};

 private:
  RegisterBlock block(std::uint16_t address, std::uint16_t samples, std::uint16_t back,
                      firmware::Signature signature) const {
    RegisterBlock out;
    out.values.resize(at::BlockAt::samples + std::size_t{samples} * at::words_per_sample);
    ring_.write_block(out.values, samples, back);
    out.values[at::signature] = static_cast<std::uint16_t>(signature);
    out.values[at::boot] = boot;
    out.read = {0, 30, RegisterArea::input, address, static_cast<std::uint16_t>(out.values.size()), 100ms};
    return out;
  }
  firmware::SampleRing ring_;
};

class OwnSwing : public testing::Test {
 protected:
  // The numbers of the samples that the block gave.
  std::vector<int> take(RegisterBlock block) {
    std::vector<int> numbers;
    block.received = now += 50ms;
    frames = 0;
    for (const auto& item : bench.say(block))
      if (const auto* frame = std::get_if<MotionFrame>(&item)) {
        ++frames;
        stamp = frame->stamp;
        last = *frame;
        for (const float value : frame->ax)
          numbers.push_back(static_cast<int>(std::lround(value / at::mps2_per_count)));
      }
    return numbers;
  }
  static std::vector<int> counted(int from, int to) {
    std::vector<int> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(i);
    return numbers;
  }

  const std::string swing = room("swing.motion", "rytme-swing-node", "params = { unit = 30 }\n");
  Bench bench{swing};
  Node node;
  Instant now{};
  StreamStamp stamp;
  MotionFrame last;
  int frames{};
};

TEST_F(OwnSwing, IsPolledAsTwoBlocksOfDifferentLength) {
  std::vector<unsigned> lengths;
  for (const auto& poll : bench.devices().polls())
    if (poll.period == 100ms) lengths.push_back(poll.count);
  EXPECT_EQ(lengths, (std::vector<unsigned>{119, 125})) << "and the earlier one first";
}

TEST_F(OwnSwing, EachSampleIsTakenOnce) {
  node.sample(100);
  EXPECT_EQ(take(node.earlier()), counted(65, 84));
  EXPECT_EQ(take(node.newest()), counted(84, 100));
  EXPECT_EQ(stamp.seq, 1u);
  node.sample(10);
  EXPECT_TRUE(take(node.earlier()).empty());
  EXPECT_EQ(frames, 0);
  EXPECT_EQ(take(node.newest()), counted(100, 110));
  EXPECT_EQ(stamp.seq, 2u) << "nothing lost";
  EXPECT_EQ(stamp.t_us, 1'000'000);
  EXPECT_TRUE(take(node.newest()).empty()) << "the same again";
  EXPECT_NEAR(last.az[0], 9.806, 0.01);
  EXPECT_NEAR(last.gy[0], 35 * 3.14159265 / 180, 0.001);
}

TEST_F(OwnSwing, AReadingThatFailedIsMadeUpFor) {
  node.sample(100);
  take(node.newest());
  node.sample(30);
  EXPECT_EQ(take(node.earlier()), counted(100, 114));
  EXPECT_EQ(take(node.newest()), counted(114, 130));
  EXPECT_EQ(stamp.seq, 2u);
}

TEST_F(OwnSwing, WhatIsLostIsSaid) {
  node.sample(100);
  take(node.newest());
  node.sample(60);
  EXPECT_EQ(take(node.earlier()), counted(125, 144));
  EXPECT_EQ(stamp.seq, 2u) << "one number is missing";
  EXPECT_EQ(take(node.newest()), counted(144, 160));
  EXPECT_EQ(stamp.seq, 3u);
  node.sample(1, 40);  // the sensor itself was away
  EXPECT_EQ(take(node.newest()), counted(200, 201));
  EXPECT_EQ(stamp.seq, 5u);
}

TEST_F(OwnSwing, ARestartOfTheNodeIsANewBoot) {
  node.sample(1000);
  take(node.newest());
  const auto before = stamp;
  Node same_number;
  same_number.sample(30);
  EXPECT_EQ(take(same_number.newest()), counted(10, 30)) << "its count fell";
  EXPECT_NE(stamp.boot, before.boot);
  Node another;
  another.boot = 8;
  another.sample(50);
  EXPECT_EQ(take(another.newest()), counted(30, 50));
}

// It counts from zero then: under the same name its frames would be taken for those of before.
TEST_F(OwnSwing, ARestartOfTheControllerIsAStreamOfItsOwn) {
  node.sample(100);
  take(node.newest());
  Bench anew(swing);
  auto block = node.newest();
  block.received = now + 50ms;
  const auto decoded = anew.say(block);
  const auto found = std::ranges::find_if(
      decoded, [](const Decoded& item) { return std::holds_alternative<MotionFrame>(item); });
  ASSERT_NE(found, decoded.end());
  const auto& again = std::get<MotionFrame>(*found).stamp;
  EXPECT_EQ(again.seq, stamp.seq);
  EXPECT_NE(again.boot, stamp.boot);
}

TEST_F(OwnSwing, ABlockWithAnothersSignatureIsNotTaken) {
  node.sample(100);
  auto wrong = node.newest();
  wrong.values[0] = static_cast<std::uint16_t>(firmware::Signature::motion_earlier);
  EXPECT_TRUE(take(wrong).empty());
  EXPECT_EQ(bench.refused(), 1u);
  auto more = node.newest();
  more.values[at::state] = 200;  // more than there is room for
  EXPECT_EQ(take(more).size(), 20u);
}

TEST_F(OwnSwing, ABlockWithoutSamplesGivesNone) {
  EXPECT_TRUE(take(node.newest()).empty());
  EXPECT_EQ(frames, 0);
}

TEST(OwnDimmer, ReadsItsRealOutputAndWritesItsAim) {
  Bench bench(
      room("light.wall", "rytme-dimmer-node", "params = { unit = 40, channel = 2 }\ncurve = \"linear\"\n"));
  const auto polls = bench.devices().polls();
  ASSERT_EQ(polls.size(), 2u);
  RegisterBlock block;
  block.read = polls[0].area == RegisterArea::holding ? polls[0] : polls[1];
  EXPECT_EQ(block.read.count, 10) << "signature, outputs and state in one";
  block.values = {0x4443, 1, 65'535, 3, 4, 5, 32'768, 7, 8, 0};
  bench.say(block);
  EXPECT_NEAR(*bench.last(Capability::light_level), 0.5, 1e-4);
  block.values[0] = 0x4453;
  block.values[6] = 0;
  bench.say(block);
  EXPECT_NEAR(*bench.last(Capability::light_level), 0.5, 1e-4) << "another block";
  Command command;
  command.device = 0;
  command.settings = {{Capability::light_level, 0.25, {}}};
  const auto encoded = bench.devices().encode(command);
  ASSERT_EQ(encoded.writes.size(), 1u);
  EXPECT_EQ(encoded.writes[0].address, 2);
  EXPECT_EQ(encoded.writes[0].values, (std::vector<std::uint16_t>{16'384}));
}

TEST(OwnDimmer, ItsFailSafeIsWhatTheFirmwareTakes) {
  Bench bench(room(
      "light.wall", "rytme-dimmer-node",
      "params = { unit = 40, channel = 2, watchdog_s = 3 }\ncurve = \"linear\"\nsafe = { level = 0.4 }\n"));
  std::map<std::string, std::pair<unsigned, unsigned>> wanted;
  for (const auto& step : bench.devices().setup(0))
    wanted[step.setup->id] = {step.write.address, step.write.values[0]};
  EXPECT_EQ(wanted["unlock"], std::pair(513U, 0x5254U));
  EXPECT_EQ(wanted["watchdog_time"], std::pair(520U, 30U));
  EXPECT_EQ(wanted["fade_time"], std::pair(521U, 20U));
  EXPECT_EQ(wanted["safe_level"], std::pair(524U, 26'214U));
  EXPECT_EQ(wanted["power_on_level"], std::pair(528U, 26'214U));
  EXPECT_EQ(wanted["save"], std::pair(514U, 1U));
}

}  // namespace
}  // namespace rytme::test
