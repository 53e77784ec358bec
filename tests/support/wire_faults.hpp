// SPDX-License-Identifier: Apache-2.0
// What a faulty bus does to the n-th transaction: drawn from a seed and n alone, so that a run can be
// repeated.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace rytme::test {

using Bytes = std::vector<std::uint8_t>;

enum class WireFault : std::uint8_t {
  none,
  lost_request,
  lost_reply,
  late,             // behind the master's patience, within the quiet time
  corrupt_request,  // serial: a burst of wrong bits; TCP: the header
  corrupt_reply,
  truncated,
  doubled,
  noise,           // bytes before the reply
  echo,            // the request's own bytes before the reply (serial)
  other_unit,      // another slave speaks in its place
  reboot,          // silent for a while, then with its outputs reset
  strange_number,  // TCP: the reply carries the number of the request before
  hang_up,         // TCP
  count_
};

constexpr std::array<std::string_view, static_cast<std::size_t>(WireFault::count_)> wire_fault_names{
    "none",    "lost request", "lost reply", "late",       "corrupt request", "corrupt reply",  "truncated",
    "doubled", "noise",        "echo",       "other unit", "reboot",          "strange number", "hang up"};

struct FaultPlan {
  double share{};  // of transactions with a fault
  std::uint64_t seed{};
  std::vector<WireFault> kinds;
  std::chrono::microseconds patience{};  // of the master
  std::chrono::microseconds lateness{};  // at most, behind the patience
  std::chrono::milliseconds reboot_time{30};
};

// Draws for transaction `n`; more draws for the details follow from the same generator.
class FaultDraw {
 public:
  FaultDraw(const FaultPlan& plan, std::uint64_t n) : random_(plan.seed * 0x9E3779B97F4A7C15ULL + n) {
    random_.discard(2);
    if (plan.kinds.empty() || unit_interval() >= plan.share) return;
    fault_ = plan.kinds[below(plan.kinds.size())];
  }
  WireFault fault() const { return fault_; }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  double unit_interval() { return static_cast<double>(random_() >> 11U) * 0x1.0p-53; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(random_() & 0xFFU); }

 private:
  std::mt19937_64 random_;
  WireFault fault_{WireFault::none};
};

// At most 16 bits in a row, never none: what a CRC16 is sure to find.
inline void burst(Bytes& bytes, FaultDraw& draw) {
  const std::size_t first = draw.below(bytes.size() * 8 - 16);
  const std::size_t pattern = draw.below(0xFFFF) + 1;
  for (std::size_t i = 0; i < 16; ++i) {
    if (((pattern >> i) & 1U) != 0)
      bytes[(first + i) / 8] ^= static_cast<std::uint8_t>(1U << ((first + i) % 8));
  }
}

}  // namespace rytme::test
