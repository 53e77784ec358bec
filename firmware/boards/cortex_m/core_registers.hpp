// SPDX-License-Identifier: Apache-2.0
// What every Cortex-M3 has: its counter, interrupts, and its own reset. Source: ARMv7-M Architecture
// Reference Manual, B3.
#pragma once

#include "firmware/boards/cortex_m/mmio.hpp"
#include "firmware/core/time.hpp"

namespace rytme::firmware::cortex_m {

constexpr std::uintptr_t systick_control = 0xE000E010;
constexpr std::uintptr_t systick_reload = 0xE000E014;
constexpr std::uintptr_t systick_value = 0xE000E018;
constexpr std::uintptr_t nvic_enable = 0xE000E100;
constexpr std::uintptr_t reset_control = 0xE000ED0C;

constexpr std::uint32_t request_reset = 0x05FA'0004;

template <typename Io>
void enable_interrupt(Io& io, unsigned number) {
  io.store(nvic_enable + 4U * (number / 32), 1U << (number % 32));
}

// Microseconds from a counter that runs down and around by itself. No interrupt counts for it: an emulator on
// a busy host delivers too few. Asked more often than it takes to go around (0.7 s for 24 bits at 24 MHz).
// Main loop and interrupts of one priority.
class CycleClock {
 public:
  constexpr CycleClock(std::uintptr_t counter, std::uint32_t mask) : counter_(counter), mask_(mask) {}
  template <typename Io>
  void start(Io& io, std::uint32_t clock_hz) {
    per_us_ = clock_hz / 1'000'000;
    last_ = io.load(counter_);
  }
  template <typename Io>
  Instant now(Io& io) {
    io.hold_interrupts();
    const std::uint32_t count = io.load(counter_);
    cycles_ += (last_ - count) & mask_;
    last_ = count;
    const auto cycles = cycles_;
    io.release_interrupts();
    return Micros(cycles / per_us_);
  }

 private:
  std::uintptr_t counter_;
  std::uint32_t mask_;
  std::uint32_t per_us_{1};
  std::uint32_t last_{};
  std::int64_t cycles_{};
};

// SysTick as such a counter.
constexpr std::uint32_t systick_with_interrupt = 7;
constexpr std::uint32_t systick_mask = 0xFF'FFFF;
template <typename Io>
void start_systick(Io& io) {
  io.store(systick_reload, systick_mask);
  io.store(systick_value, 0);
  io.store(systick_control, 5);  // processor clock, no interrupt, on
}

}  // namespace rytme::firmware::cortex_m
