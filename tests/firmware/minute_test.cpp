// SPDX-License-Identifier: Apache-2.0
// Swing and dimmer as firmware in QEMU on one line, polled as in a room: ten times a second, for
// RYTME_QEMU_MINUTES (1 otherwise). No sample of 100 a second is lost, doubled or wrong.
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "firmware/core/crc.hpp"
#include "firmware/protocol/injected_sample.hpp"
#include "tests/firmware/polled.hpp"
#include "tests/firmware/qemu_node.hpp"
#include "tests/support/real_time.hpp"

namespace rytme::firmware::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::chrono::minutes duration() {
  const char* wanted = std::getenv("RYTME_QEMU_MINUTES");
  return std::chrono::minutes{wanted == nullptr ? 1 : std::atoi(wanted)};
}

TEST(QemuLine, TenReadingsASecondForAMinuteLoseNoSampleAndDoubleNone) {
  rytme::test::run_before_others();
  QemuNode motion("mps2_an385", "motion");
  QemuNode dimmer("mps2_an385", "dimmer");
  ASSERT_TRUE(motion.is_up(30) && dimmer.is_up(40));
  JoinedLine line({&motion, &dimmer});
  // As docs/hardware.md has it: two readings that fail in a row cost 0.3 s and no sample.
  rytme::test::Bench bench(room_of_nodes(line.path(), "response_timeout_ms = 60\nquiet_ms = 60\n"));
  std::atomic<std::uint32_t> told{0};
  std::jthread sensor([&](const std::stop_token& stop) {
    auto at = Clock::now();
    while (!stop.stop_requested()) {
      const std::uint32_t number = told;
      auto frame =
          injected_sample::frame_of(static_cast<std::uint16_t>(number), numbered_sample(number), 2000);
      injected_sample::put(frame, injected_sample::checksum_at,
                           crc16(std::span(frame).first(injected_sample::checksum_at)));
      motion.io().write(frame);
      told = number + 1;
      std::this_thread::sleep_until(at += 10ms);
    }
  });
  SamplesSeen seen;
  std::uint64_t levels = 0;
  PolledLine polled(bench, bench.devices().polls());
  const auto look = [&](const Decoded& item) {
    if (const auto* frame = std::get_if<MotionFrame>(&item)) {
      const auto since = std::max(Clock::duration{}, Clock::now() - frame->received);
      seen.take(*frame, told - std::min<std::uint32_t>(told, static_cast<std::uint32_t>(since / 10ms)));
    }
    if (const auto* reading = std::get_if<Reading>(&item);
        reading != nullptr && reading->capability == Capability::light_level)
      ++levels;
  };
  polled.run(duration(), look, [&] { dimmer.io().read(0ms); });
  sensor.request_stop();
  sensor.join();
  polled.run(1s, look);
  polled.bus().stop();
  std::cout << told << " samples told, " << seen.taken << " taken, " << seen.lost << " lost, " << seen.doubled
            << " doubled, " << seen.wrong << " wrong, " << seen.unread << " went by unread; "
            << polled.answered << " blocks, " << polled.failed << " readings failed\n";
  EXPECT_GE(told, static_cast<std::uint32_t>(duration() / 10ms) - 10);
  EXPECT_EQ(seen.boots.size(), 1u) << "the node started anew meanwhile";
  EXPECT_LE(seen.lost, seen.unread) << "lost though it was read in time";
  EXPECT_EQ(seen.doubled, 0u);
  EXPECT_EQ(seen.wrong, 0u);
  EXPECT_EQ(seen.next, told) << "up to the last";
  EXPECT_GE(seen.taken + seen.lost + 40, told)
      << "from the beginning, but for what was there before the first reading";
  EXPECT_GT(levels, static_cast<std::uint64_t>(duration() / 1s));
}

}  // namespace
}  // namespace rytme::firmware::test
