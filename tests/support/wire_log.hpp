// SPDX-License-Identifier: Apache-2.0
// What a wire has seen: every request with its time and number, every fault by kind.
#pragma once

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include "controller/room/time.hpp"
#include "tests/support/wire_faults.hpp"

namespace rytme::test {

class WireLog {
 public:
  struct Counts {
    std::uint64_t requests{}, collisions{};
    std::array<std::uint64_t, static_cast<std::size_t>(WireFault::count_)> faults{};
    std::chrono::nanoseconds shortest_silence{std::chrono::nanoseconds::max()};  // before a request
  };

  // Its serial number, from 0.
  std::uint64_t request(Instant at) {
    const std::lock_guard lock(mutex_);
    arrivals_.push_back(at);
    return counts_.requests++;
  }
  void fault(WireFault fault) {
    const std::lock_guard lock(mutex_);
    ++counts_.faults.at(static_cast<std::size_t>(fault));
  }
  void collision() {
    const std::lock_guard lock(mutex_);
    ++counts_.collisions;
  }
  void silence(std::chrono::nanoseconds seen) {
    const std::lock_guard lock(mutex_);
    counts_.shortest_silence = std::min(counts_.shortest_silence, seen);
  }
  Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  // Whether the request with this number (its low 16 bits) was the last one before `received`: a reply to any
  // other was old.
  bool was_last(std::uint16_t serial, Instant received) const {
    const std::lock_guard lock(mutex_);
    const auto next = std::upper_bound(arrivals_.begin(), arrivals_.end(), received);
    return next != arrivals_.begin() && static_cast<std::uint16_t>(next - arrivals_.begin() - 1) == serial;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Instant> arrivals_;
  Counts counts_;
};

}  // namespace rytme::test
