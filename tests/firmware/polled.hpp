// SPDX-License-Identifier: Apache-2.0
// The controller's side of the nodes' line: the real bus with the shipped profiles, and what a sample with a
// number must be.
#pragma once

#include <cmath>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "controller/modbus/bus.hpp"
#include "firmware/protocol/motion_registers.hpp"
#include "tests/devices/bench.hpp"

namespace rytme::firmware::test {

// Each sample says its number, in each axis in another way.
inline Sample numbered_sample(std::uint32_t number) {
  Sample sample;
  for (std::size_t axis = 0; axis < sample.axes.size(); ++axis)
    sample.axes.at(axis) = static_cast<std::int16_t>((number * (2 * axis + 1) + axis * 1000) & 0x3FFFU);
  return sample;
}

// Swing (unit 30) and dimmer (unit 40) on one line.
inline std::string room_of_nodes(const std::string& path, const std::string& bus = "") {
  return "[[bus]]\nid = \"b\"\ntransport = \"rtu\"\naddress = \"" + path +
         "\"\nbaud = 115200\nstop_bits = 1\n" + bus +
         "[[device]]\nid = \"swing\"\nplace = \"swing.motion\"\nprofile = \"rytme-swing-node\"\nbus = \"b\"\n"
         "params = { unit = 30 }\n"
         "[[device]]\nid = \"wall\"\nplace = \"light.wall\"\nprofile = \"rytme-dimmer-node\"\nbus = \"b\"\n"
         "params = { unit = 40, channel = 1 }\ncurve = \"linear\"\n";
}

// What came of the samples of a numbered node.
struct SamplesSeen {
  std::uint64_t taken{}, wrong{}, lost{}, doubled{};
  // As many as a node could not keep, which remembers thirty: those that were told beyond them since the
  // newest that a reading had brought. The machine of the test stood still, for the reader or for the
  // emulator. 0 where a node that keeps up is read ten times a second.
  std::uint64_t unread{};
  std::optional<std::uint32_t> next;
  std::set<std::string> boots;  // the node's starts: its numbers begin anew with each

  // `told`: samples that the sensor had told when the frame was received; 0: nobody counts what goes by
  // unread.
  void take(const MotionFrame& frame, std::uint32_t told = 0) {
    boots.insert(frame.stamp.boot);
    constexpr std::uint32_t remembered = 30;
    if (next && told > *next + remembered) unread += told - *next - remembered;
    for (std::size_t i = 0; i < frame.ax.size(); ++i) {
      const auto number =
          static_cast<std::uint32_t>(frame.stamp.t_us / 10'000 + static_cast<std::int64_t>(i));
      ++taken;
      if (!is_right(frame, i, numbered_sample(number))) ++wrong;
      if (next && number > *next) lost += number - *next;
      if (next && number < *next) ++doubled;
      next = number + 1;
    }
  }

 private:
  static bool is_right(const MotionFrame& frame, std::size_t i, const Sample& sample) {
    const std::array columns{&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz};
    for (std::size_t axis = 0; axis < columns.size(); ++axis) {
      const double unit = axis < 3 ? motion_registers::mps2_per_count
                                   : motion_registers::dps_per_count * 3.14159265358979 / 180;
      if (std::abs(columns.at(axis)->at(i) / unit - sample.axes.at(axis)) > 0.01) return false;
    }
    return true;
  }
};

// A bus with its polls, and what was decoded.
class PolledLine {
 public:
  PolledLine(rytme::test::Bench& bench, std::vector<RegisterRead> polls)
      : bench_(bench), bus_(0, bench.house().buses.at(0), polls, [this] {
          const std::lock_guard lock(mutex_);
          news_ = true;
          changed_.notify_all();
        }) {
    bus_.start();
  }
  modbus::Bus& bus() { return bus_; }
  std::uint64_t answered{}, failed{};

  void run(
      std::chrono::milliseconds time, const std::function<void(const Decoded&)>& look,
      const std::function<void()>& meanwhile = [] {}) {
    for (const auto until = std::chrono::steady_clock::now() + time;
         std::chrono::steady_clock::now() < until;) {
      meanwhile();
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds{20}, [this] { return news_; });
      news_ = false;
      lock.unlock();
      bus_.drain(results_);
      for (const auto& result : results_)
        if (const auto* block = std::get_if<RegisterBlock>(&result)) {
          ++(block->outcome == BusOutcome::ok ? answered : failed);
          for (const auto& item : bench_.say(*block)) look(item);
        }
    }
  }

 private:
  rytme::test::Bench& bench_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_{};
  std::vector<modbus::Result> results_;
  modbus::Bus bus_;  // last: its thread uses all of the above
};

}  // namespace rytme::firmware::test
