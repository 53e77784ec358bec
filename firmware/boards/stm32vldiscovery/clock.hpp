// SPDX-License-Identifier: Apache-2.0
// The clock of an STM32F100: 24 MHz from the crystal, else from its own oscillator, else that oscillator as
// it is. No wait is without an end. `Io` as cortex_m/mmio.hpp.
#pragma once

#include "firmware/boards/cortex_m/mmio.hpp"
#include "firmware/boards/stm32vldiscovery/registers.hpp"

namespace rytme::firmware::stm32 {

struct Clock {
  std::uint32_t hz{};
  bool emulated{};  // there is no clock control at all: an emulator, which always runs at 24 MHz
};

inline constexpr unsigned crystal_looks = 20'000;  // some 10 ms at 8 MHz; a crystal needs 2
inline constexpr unsigned pll_looks = 2'000;

template <typename Io>
Clock start_clock(Io& io) {
  constexpr std::uint32_t full = 24'000'000, bare = 8'000'000;
  constexpr std::uint32_t crystal_by_3 = rcc::pll_takes_hse | (1U << rcc::pll_factor_shift);
  constexpr std::uint32_t half_of_own_by_6 = 4U << rcc::pll_factor_shift;
  // A processor that runs has its oscillator on.
  if ((io.load(rcc::cr) & rcc::hsi_on) == 0) return {full, true};
  set_bits(io, rcc::cr, rcc::hse_on);
  const bool crystal = await_bits(io, rcc::cr, rcc::hse_ready, rcc::hse_ready, crystal_looks);
  io.store(rcc::cfgr, crystal ? crystal_by_3 : half_of_own_by_6);
  set_bits(io, rcc::cr, rcc::pll_on);
  if (!await_bits(io, rcc::cr, rcc::pll_ready, rcc::pll_ready, pll_looks)) return {bare, false};
  set_bits(io, rcc::cfgr, rcc::from_pll);
  if (await_bits(io, rcc::cfgr, rcc::running_from_mask, rcc::running_from_pll, pll_looks))
    return {full, false};
  clear_bits(io, rcc::cfgr, rcc::from_pll);
  return {bare, false};
}

template <typename Io>
void start_peripherals(Io& io) {
  set_bits(io, rcc::apb2enr, rcc::afio | rcc::port_a | rcc::port_b | rcc::port_c);
  set_bits(io, rcc::apb1enr, rcc::timer3 | rcc::usart2 | rcc::i2c1);
}

// Pins 0 to 7, and 8 to 15 in the register behind.
template <typename Io>
void set_pin(Io& io, std::uintptr_t port, unsigned pin, gpio::Mode mode) {
  set_field(io, port + gpio::low_pins + (pin / 8) * 4, (pin % 8) * 4, 4, mode);
}
template <typename Io>
void write_pin(Io& io, std::uintptr_t port, unsigned pin, bool high) {
  io.store(port + gpio::set_reset, 1U << (high ? pin : pin + 16));
}
template <typename Io>
bool read_pin(Io& io, std::uintptr_t port, unsigned pin) {
  return (io.load(port + gpio::input) >> pin & 1U) != 0;
}

}  // namespace rytme::firmware::stm32
