// SPDX-License-Identifier: Apache-2.0
// The boards' images in QEMU, spoken to over their serial ports.
#include <gmock/gmock.h>

#include "firmware/protocol/dimmer_registers.hpp"
#include "firmware/protocol/motion_registers.hpp"
#include "tests/firmware/qemu_node.hpp"

namespace rytme::firmware::test {
namespace {

namespace set = settings_registers;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr std::uint8_t dimmer_unit = 40;
constexpr std::uint8_t motion_unit = 30;
constexpr double safe = 0.4;

class QemuDimmer : public testing::Test {
 protected:
  void write(std::uint16_t address, std::uint16_t value) {
    ASSERT_EQ(node.ask(dimmer_unit, pdu_of(6, {address, value})), pdu_of(6, {address, value}));
  }
  void set_watchdog(std::uint16_t tenths) {
    write(set::unlock, set::key);
    write(dimmer_registers::watchdog_time, tenths);
    EXPECT_THAT(node.read(dimmer_unit, 3, dimmer_registers::watchdog_time, 1), ElementsAre(tenths));
  }
  // A master that asks twice a second.
  void ask_for(std::chrono::milliseconds time) {
    for (const auto until = std::chrono::steady_clock::now() + time;
         std::chrono::steady_clock::now() < until;) {
      node.read(dimmer_unit, 3, 0, 10);
      trace.listen(300ms);
    }
  }
  // How long until every channel is there; 30 s at most.
  double seconds_to(double level) {
    const auto from = std::chrono::steady_clock::now();
    const auto gone = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    };
    while (std::abs(trace.level() - level) > 1e-4 && gone() < 30) trace.listen(20ms);
    return gone();
  }

  QemuNode node{"mps2_an385", "dimmer"};
  OutputTrace trace{node};
};

TEST_F(QemuDimmer, RisesToSafeLightByItselfAndFollowsWhatIsWritten) {
  EXPECT_LT(seconds_to(safe), 10);
  write(dimmer_registers::level, 65'535);
  ask_for(1500ms);
  const auto block = node.read(dimmer_unit, 3, 0, 10);
  ASSERT_THAT(block, SizeIs(10));
  EXPECT_EQ(block[0], 0x4443);
  EXPECT_EQ(block[dimmer_registers::output], 65'535);
  EXPECT_LT(trace.fastest(), 0.6 * 1.05);
}

TEST_F(QemuDimmer, WithoutAMasterItIsAtSafeLightWithinWatchdogAndFade) {
  set_watchdog(30);
  write(dimmer_registers::level, 65'535);
  ask_for(2500ms);
  EXPECT_NEAR(trace.level(), 1, 1e-4);
  EXPECT_LT(seconds_to(safe), 3 + 2 + 0.7);
  EXPECT_LT(trace.fastest(), 0.6 * 1.05);
  const auto back = trace.listen(50ms).size();
  ask_for(1s);
  EXPECT_NEAR(trace.level(), safe, 1e-4) << "asking alone resumes nothing";
  write(dimmer_registers::level, 65'535);
  ask_for(1500ms);
  EXPECT_NEAR(trace.level(), 1, 1e-4);
  EXPECT_LT(trace.fastest(back), 0.6 * 1.05) << "by ramp";
}

TEST_F(QemuDimmer, ABrokenStopWireIsSafeLight) {
  EXPECT_LT(seconds_to(safe), 10);
  write(dimmer_registers::level, 65'535);
  ask_for(1500ms);
  const auto before = trace.listen(20ms).size();
  const Bytes open{'s'};
  node.io().write(open);
  EXPECT_LT(seconds_to(safe), 2 + 1.5) << "a fade of 2 s, and what a busy machine takes from the emulator";
  EXPECT_LT(trace.fastest(before), 0.31);
  EXPECT_EQ(node.read(dimmer_unit, 3, 0, 10).at(9) & 1U, 1u);
}

TEST(QemuWatchdog, AMainLoopThatStandsStillIsStartedAnewAndTheLightGoesOn) {
  QemuNode node("mps2_an385", "watchdog");
  OutputTrace trace(node);
  trace.listen(2s);
  EXPECT_EQ(node.read(dimmer_unit, 4, status_registers::base, 19).at(status_registers::starts), 0);
  Words status;
  for (int second = 0; second < 20; ++second) {
    trace.listen(1s);
    status = node.read(dimmer_unit, 4, status_registers::base, 19);
    if (status.size() == 19 && status[status_registers::starts] == 1) break;
  }
  ASSERT_THAT(status, SizeIs(19));
  EXPECT_EQ(status[status_registers::starts], 1) << "started anew, once";
  const auto lines = trace.listen(1s);
  ASSERT_GT(lines.size(), 20u);
  EXPECT_NEAR(lines.back().levels[0], safe, 1e-4);
  for (std::size_t i = 1; i < lines.size(); ++i)
    EXPECT_GE(lines[i].levels[0], lines[i - 1].levels[0]) << "never a step back into the dark";
}

TEST(QemuMotion, WithoutASensorItSaysSo) {
  QemuNode node("mps2_an385", "motion");
  const auto status = node.read(motion_unit, 4, status_registers::base, motion_registers::status_words);
  ASSERT_THAT(status, SizeIs(27));
  EXPECT_EQ(status[1] & 1U, 0u);
  EXPECT_EQ(status[motion_registers::temperature], motion_registers::unknown_temperature);
}

// In QEMU the STM32F100 has its serial ports and its counter: the nodes run, say what they are, and say that
// the rest is not there.
TEST(QemuDiscovery, TheMotionNodeRuns) {
  QemuNode node("stm32vldiscovery", "motion");
  const auto name = node.ask(motion_unit, {43, 14, 4, 1});
  ASSERT_GT(name.size(), 9u);
  EXPECT_EQ(std::string(name.begin() + 9, name.end()), "RYTME-MOTION-1");
  const auto status = node.read(motion_unit, 4, status_registers::base, motion_registers::status_words);
  ASSERT_THAT(status, SizeIs(27));
  EXPECT_EQ(status[0], 0x4D53);
  EXPECT_EQ(status[1] & 1U, 0u) << "no sensor";
}

TEST(QemuDiscovery, TheDimmerRunsAndSaysThatItsOutputsDoNotFollow) {
  QemuNode node("stm32vldiscovery", "dimmer");
  // Its inputs read 0 there: the mute wire is closed, so everything is dark until nobody has asked for long
  // enough.
  ASSERT_EQ(node.ask(dimmer_unit, pdu_of(6, {set::unlock, set::key})).size(), 5u);
  ASSERT_EQ(node.ask(dimmer_unit, pdu_of(6, {dimmer_registers::watchdog_time, 5})).size(), 5u);
  std::this_thread::sleep_for(1500ms);
  const auto block = node.read(dimmer_unit, 3, 0, 10);
  ASSERT_THAT(block, SizeIs(10));
  EXPECT_EQ(block[9] & 0b1110U, 0b1110u) << "muted, watchdog, output fault";
  EXPECT_EQ(block[dimmer_registers::output], 0) << "the real one: there is no timer";
}

}  // namespace
}  // namespace rytme::firmware::test
