// SPDX-License-Identifier: Apache-2.0
// The latest samples of a sensor. One writes, in an interrupt if the board likes; one reads, in the main
// loop, and never sees a sample half written: what it can ask for lies a quarter of the ring and more away
// from where the next is put.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware {

class SampleRing {
 public:
  static constexpr std::uint32_t size = 64;
  // So many of the latest can be read.
  static constexpr std::uint32_t readable = 48;

  // Writer. `missed`: samples that should have come before this one; those behind the gap stand alone, so
  // that a block never has a hole.
  void push(const Sample& sample, std::uint32_t missed = 0);

  // Reader. The number of the next sample.
  std::uint32_t next() const { return next_.load(std::memory_order_acquire); }
  // A block of protocol/motion_registers.hpp of at most `samples` samples, which ends `back` samples before
  // the latest. Only those behind the last gap. `words`: room for the whole block.
  void write_block(std::span<std::uint16_t> words, std::uint16_t samples, std::uint16_t back) const;

 private:
  std::array<Sample, size> samples_{};
  std::atomic<std::uint32_t> next_{0};
  std::atomic<std::uint32_t> whole_since_{0};  // number of the first sample behind the last gap
};

}  // namespace rytme::firmware
