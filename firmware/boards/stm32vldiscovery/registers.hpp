// SPDX-License-Identifier: Apache-2.0
// Addresses and bits of the STM32F100 that a node uses. Source: ST reference manual RM0041.
#pragma once

#include <cstdint>

namespace rytme::firmware::stm32 {

namespace rcc {
constexpr std::uintptr_t base = 0x4002'1000, cr = base, cfgr = base + 0x04, apb2enr = base + 0x18,
                         apb1enr = base + 0x1C;
constexpr std::uint32_t hsi_on = 1U << 0U, hse_on = 1U << 16U, hse_ready = 1U << 17U, pll_on = 1U << 24U,
                        pll_ready = 1U << 25U;
constexpr std::uint32_t from_pll = 2, running_from_mask = 0xC, running_from_pll = 8;
constexpr std::uint32_t pll_takes_hse = 1U << 16U;
constexpr unsigned pll_factor_shift = 18;  // factor less 2
constexpr std::uint32_t afio = 1U << 0U, port_a = 1U << 2U, port_b = 1U << 3U, port_c = 1U << 4U;  // apb2enr
constexpr std::uint32_t timer3 = 1U << 1U, usart2 = 1U << 17U, i2c1 = 1U << 21U;                   // apb1enr
}  // namespace rcc

namespace gpio {
constexpr std::uintptr_t a = 0x4001'0800, b = 0x4001'0C00, c = 0x4001'1000;
constexpr std::uintptr_t low_pins = 0x00, input = 0x08, output = 0x0C, set_reset = 0x10;
constexpr std::uintptr_t remap = 0x4001'0004;  // AFIO_MAPR
constexpr std::uint32_t timer3_on_port_c = 3U << 10U;
// What a pin is, four bits.
enum Mode : std::uint32_t {
  floating_input = 0x4,
  pulled_input = 0x8,  // up or down as its output bit says
  push_pull = 0x2,
  open_drain = 0x6,
  alternate_push_pull = 0xB,
  alternate_open_drain = 0xF,
};
}  // namespace gpio

namespace usart {
constexpr std::uintptr_t base = 0x4000'4400, sr = base, dr = base + 0x04, brr = base + 0x08,
                         cr1 = base + 0x0C, cr2 = base + 0x10;
constexpr unsigned interrupt = 38;
constexpr std::uint32_t parity_error = 1U << 0U, framing_error = 1U << 1U, noise = 1U << 2U,
                        overrun = 1U << 3U, received = 1U << 5U, all_sent = 1U << 6U, room = 1U << 7U;  // sr
constexpr std::uint32_t receive = 1U << 2U, transmit = 1U << 3U, on_received = 1U << 5U,
                        on_all_sent = 1U << 6U, on_room = 1U << 7U, odd = 1U << 9U, with_parity = 1U << 10U,
                        nine_bits = 1U << 12U,
                        enable = 1U << 13U;         // cr1
constexpr std::uint32_t two_stop_bits = 2U << 12U;  // cr2
}  // namespace usart

namespace i2c {
constexpr std::uintptr_t base = 0x4000'5400, cr1 = base, cr2 = base + 0x04, dr = base + 0x10,
                         sr1 = base + 0x14, sr2 = base + 0x18, ccr = base + 0x1C, trise = base + 0x20;
constexpr std::uint32_t enable = 1U << 0U, start = 1U << 8U, stop = 1U << 9U, acknowledge = 1U << 10U,
                        software_reset = 1U << 15U;  // cr1
constexpr std::uint32_t started = 1U << 0U, addressed = 1U << 1U, both_full = 1U << 2U, received = 1U << 6U,
                        room = 1U << 7U, refused = 1U << 10U;  // sr1
constexpr std::uint32_t busy = 1U << 1U;                       // sr2
constexpr std::uint32_t fast_mode = 1U << 15U;                 // ccr
}  // namespace i2c

namespace timer3 {
constexpr std::uintptr_t base = 0x4000'0400, cr1 = base, egr = base + 0x14, ccmr1 = base + 0x18,
                         ccmr2 = base + 0x1C, ccer = base + 0x20, psc = base + 0x28, arr = base + 0x2C,
                         ccr1 = base + 0x34;
constexpr std::uint32_t pwm_with_preload = 0x6868;  // two channels of a ccmr: PWM mode 1, preload
constexpr std::uint32_t all_channels = 0x1111;
constexpr std::uint32_t on_with_preload = 0x81;
}  // namespace timer3

namespace iwdg {
constexpr std::uintptr_t key = 0x4000'3000, prescaler = key + 4, reload = key + 8, status = key + 12;
constexpr std::uint32_t start = 0xCCCC, unlock = 0x5555, feed = 0xAAAA;
constexpr std::uint32_t by_16 = 2;
}  // namespace iwdg

namespace flash {
constexpr std::uintptr_t base = 0x4002'2000, key = base + 0x04, sr = base + 0x0C, cr = base + 0x10,
                         ar = base + 0x14;
constexpr std::uint32_t key1 = 0x4567'0123, key2 = 0xCDEF'89AB;
constexpr std::uint32_t busy = 1U << 0U, failed = 1U << 2U | 1U << 4U, done = 1U << 5U;                // sr
constexpr std::uint32_t program = 1U << 0U, erase_page = 1U << 1U, start = 1U << 6U, lock = 1U << 7U;  // cr
constexpr std::uintptr_t settings = 0x0801'F800;  // the last two pages of 128 KB
constexpr std::uintptr_t page_bytes = 0x400;
}  // namespace flash

}  // namespace rytme::firmware::stm32
