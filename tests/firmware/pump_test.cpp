// SPDX-License-Identifier: Apache-2.0
// The nodes behind the fault pump of the buses, polled by the real bus with their shipped profiles: whatever
// the wire does, no value is taken that was not true. Once with the firmware in this process at 460 800 baud,
// once with it in QEMU. RYTME_PUMP_SECONDS sets how long (6 otherwise).
#include <cstdlib>
#include <iostream>
#include <set>

#include <gtest/gtest.h>

#include "firmware/core/dimmer_node.hpp"
#include "firmware/core/motion_node.hpp"
#include "firmware/protocol/injected_sample.hpp"
#include "tests/firmware/polled.hpp"
#include "tests/firmware/qemu_node.hpp"
#include "tests/support/serial_wire.hpp"

namespace rytme::firmware::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Bench;
using rytme::test::SerialWire;
using rytme::test::TruthSlave;
using rytme::test::WireFault;
using Clock = std::chrono::steady_clock;

std::chrono::seconds duration() {
  const char* wanted = std::getenv("RYTME_PUMP_SECONDS");
  return std::chrono::seconds{wanted == nullptr ? 6 : std::atoi(wanted)};
}

std::vector<WireFault> all_faults() {
  return {WireFault::lost_request,  WireFault::lost_reply, WireFault::late,    WireFault::corrupt_request,
          WireFault::corrupt_reply, WireFault::truncated,  WireFault::doubled, WireFault::noise,
          WireFault::echo,          WireFault::other_unit};
}

// Both nodes in this process. Their time is the time of day, made up for whenever somebody speaks to them.
class Nodes final : ImuSource, firmware::Light, DimmerOutputs {
 public:
  std::optional<Bytes> answer(const Bytes& request) {
    const std::lock_guard lock(mutex_);
    catch_up();
    auto reply = say(motion_board_, motion_, request);
    return reply ? reply : say(dimmer_board_, dimmer_, request);
  }
  // Whether channel 0 had this output within the last second.
  bool had(double level) {
    const std::lock_guard lock(mutex_);
    const auto found = seen_.find(static_cast<std::uint16_t>(std::lround(level * 65'535)));
    return found != seen_.end() && Clock::now() - found->second < 1s;
  }

 private:
  void catch_up() {
    const auto now = std::chrono::duration_cast<Micros>(Clock::now() - begun_);
    for (auto* board : {&motion_board_, &dimmer_board_})
      while (board->clock + 1ms < now) {
        board->clock += 1ms;
        if (board == &motion_board_)
          motion_.turn();
        else
          dimmer_.turn();
      }
  }
  template <typename Node>
  static std::optional<Bytes> say(BenchBoard& board, Node& node, const Bytes& request) {
    board.clock += 2ms;
    node.turn();
    board.sent.clear();
    board.clock = board.say(request);
    node.turn();
    board.clock += 400us;
    node.turn();
    return board.sent.empty() ? std::nullopt : std::optional(board.sent);
  }

  std::optional<Taken> poll(Instant now) override {
    if (now < next_) return std::nullopt;
    next_ += 10ms;
    return Taken{numbered_sample(number_++), 0};
  }
  bool is_present() const override { return true; }
  std::optional<std::int16_t> temperature() const override { return std::nullopt; }
  void restart(Instant) override {}
  void set(bool) override {}
  void set(const Levels& levels, Instant) override {
    levels_ = levels;
    seen_[levels[0]] = Clock::now();
  }
  Levels read_back() override { return levels_; }
  DimmerInputs inputs() override { return {}; }
  Levels before_start() override { return {}; }

  std::mutex mutex_;
  Clock::time_point begun_{Clock::now()};
  Instant next_{};
  std::uint32_t number_{};
  Levels levels_{};
  std::map<std::uint16_t, Clock::time_point> seen_;
  BenchBoard motion_board_, dimmer_board_;
  MotionNode motion_{motion_board_, *this, *this};
  DimmerNode dimmer_{dimmer_board_, *this};
};

std::vector<std::unique_ptr<TruthSlave>> others() {
  std::vector<std::unique_ptr<TruthSlave>> out;
  for (const std::uint8_t unit : Bytes{1, 2}) out.push_back(std::make_unique<TruthSlave>(unit));
  return out;
}

void print(const char* name, const PolledLine& line, const SamplesSeen& seen, std::uint64_t levels,
           const rytme::test::WireLog::Counts& counts) {
  std::cout << name << ": " << counts.requests << " transactions, " << line.answered << " blocks taken, "
            << line.failed << " refused; " << seen.taken << " samples, " << seen.wrong << " wrong, "
            << seen.doubled << " doubled, " << seen.lost << " lost; " << levels << " levels;";
  for (std::size_t i = 1; i < counts.faults.size(); ++i)
    if (counts.faults.at(i) > 0)
      std::cout << ' ' << rytme::test::wire_fault_names.at(i) << ' ' << counts.faults.at(i);
  std::cout << '\n';
}

RegisterWrite level_write(std::uint64_t tag) {
  RegisterWrite write;
  write.unit = 40;
  write.area = RegisterArea::holding;
  write.address = 1;
  write.values = {static_cast<std::uint16_t>(tag * 7919)};
  write.tag = tag;
  return write;
}

TEST(Pump, NoFaultOfTheLineBecomesAValueOfANode) {
  SerialWire::Settings wire;
  wire.character = 21'701ns;  // 460 800 baud
  wire.silence = 75'955ns;
  wire.piece = 64;
  wire.faults = {0.08, 11, all_faults(), 15ms, 15ms, 30ms};
  Nodes nodes;
  SerialWire line(wire, others());
  line.script([&](const Bytes& request, std::uint64_t) { return nodes.answer(request); });
  Bench bench(room_of_nodes(line.path(), "response_timeout_ms = 15\nquiet_ms = 30\n"));
  auto polls = bench.devices().polls();
  for (auto& poll : polls) poll.period = 10ms;
  SamplesSeen seen;
  std::uint64_t levels = 0, wrong_levels = 0, tag = 0;
  PolledLine polled(bench, polls);
  auto next_write = Clock::now();
  polled.run(
      duration(),
      [&](const Decoded& item) {
        if (const auto* frame = std::get_if<MotionFrame>(&item)) seen.take(*frame);
        const auto* reading = std::get_if<Reading>(&item);
        if (reading == nullptr || reading->capability != Capability::light_level) return;
        ++levels;
        if (!nodes.had(reading->value)) ++wrong_levels;
      },
      [&] {
        if (Clock::now() < next_write) return;
        next_write += 100ms;
        polled.bus().write(level_write(++tag));
      });
  polled.bus().stop();
  print("in process", polled, seen, levels, line.log().counts());
  EXPECT_EQ(seen.wrong, 0u);
  EXPECT_EQ(seen.doubled, 0u);
  EXPECT_EQ(wrong_levels, 0u);
  EXPECT_GT(seen.taken, static_cast<std::uint64_t>(duration().count()) * 30) << "of 100 a second";
  EXPECT_GT(polled.failed, 10u) << "the wire was not faulty";
  EXPECT_GT(levels, 10u);
}

TEST(Pump, NorOfOneInQemu) {
  SerialWire::Settings wire;
  wire.faults = {0.05, 12, all_faults(), 120ms, 60ms, 30ms};
  QemuNode motion("mps2_an385", "motion");
  ASSERT_TRUE(motion.is_up(30));
  SerialWire line(wire, others());
  line.script([&](const Bytes& request, std::uint64_t) -> std::optional<Bytes> {
    while (!motion.line().read(0ms).empty()) {
    }
    motion.line().write(request);
    Bytes reply;
    for (auto until = Clock::now() + 100ms; Clock::now() < until;) {
      const auto more = motion.line().read(20ms);
      reply.insert(reply.end(), more.begin(), more.end());
      if (reply.size() > 4 && crc16(reply) == 0) return reply;
    }
    return std::nullopt;
  });
  Bench bench(room_of_nodes(line.path(), "response_timeout_ms = 120\nquiet_ms = 120\n"));
  auto polls = bench.devices().polls();
  std::erase_if(polls, [](const RegisterRead& poll) { return poll.unit != 30; });
  std::jthread sensor([&](const std::stop_token& stop) {
    auto at = Clock::now();
    for (std::uint32_t number = 0; !stop.stop_requested(); ++number) {
      auto frame =
          injected_sample::frame_of(static_cast<std::uint16_t>(number), numbered_sample(number), 2000);
      injected_sample::put(frame, injected_sample::checksum_at,
                           crc16(std::span(frame).first(injected_sample::checksum_at)));
      motion.io().write(frame);
      std::this_thread::sleep_until(at += 10ms);
    }
  });
  SamplesSeen seen;
  PolledLine polled(bench, polls);
  polled.run(duration(), [&](const Decoded& item) {
    if (const auto* frame = std::get_if<MotionFrame>(&item)) seen.take(*frame);
  });
  polled.bus().stop();
  print("QEMU", polled, seen, 0, line.log().counts());
  EXPECT_EQ(seen.wrong, 0u);
  EXPECT_EQ(seen.doubled, 0u);
  EXPECT_GT(seen.taken, static_cast<std::uint64_t>(duration().count()) * 30);
  EXPECT_GT(polled.failed, 0u) << "the wire was not faulty";
}

}  // namespace
}  // namespace rytme::firmware::test
