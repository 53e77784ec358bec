// SPDX-License-Identifier: Apache-2.0
// Four outputs of 16 bits on TIM3, PC6 to PC9: 366 Hz at 24 MHz. `Io` as cortex_m/mmio.hpp.
#pragma once

#include "firmware/boards/stm32vldiscovery/clock.hpp"
#include "firmware/core/dimmer.hpp"

namespace rytme::firmware::stm32 {

template <typename Io>
class Pwm {
 public:
  constexpr explicit Pwm(Io& io) : io_(io) {}

  // With the levels that it begins with, so that a start without loss of power shows no dark moment longer
  // than itself.
  void open(const Levels& levels) {
    set_bits(io_, gpio::remap, gpio::timer3_on_port_c);
    io_.store(timer3::psc, 0);
    io_.store(timer3::arr, 65'534);  // so that 65535 is always on
    io_.store(timer3::ccmr1, timer3::pwm_with_preload);
    io_.store(timer3::ccmr2, timer3::pwm_with_preload);
    set(levels);
    io_.store(timer3::egr, 1);
    io_.store(timer3::ccer, timer3::all_channels);
    io_.store(timer3::cr1, timer3::on_with_preload);
    for (const unsigned pin : {6U, 7U, 8U, 9U}) set_pin(io_, gpio::c, pin, gpio::alternate_push_pull);
  }
  void set(const Levels& levels) {
    for (std::size_t channel = 0; channel < levels.size(); ++channel) io_.store(at(channel), levels[channel]);
  }
  Levels read_back() {
    Levels levels{};
    for (std::size_t channel = 0; channel < levels.size(); ++channel)
      levels[channel] = static_cast<std::uint16_t>(io_.load(at(channel)));
    return levels;
  }

 private:
  static constexpr std::uintptr_t at(std::size_t channel) { return timer3::ccr1 + 4 * channel; }

  Io& io_;
};

}  // namespace rytme::firmware::stm32
