// SPDX-License-Identifier: Apache-2.0
// I2C1 as master at 400 kHz, PB6 clock and PB7 data, by looking: a reading of 16 bytes takes 0.5 ms. Every
// wait has a bound; after a failure the bus is freed by nine clocks and set up anew. Source: RM0041, 22.3.3.
// `Io` as cortex_m/mmio.hpp.
#pragma once

#include <span>

#include "firmware/boards/stm32vldiscovery/clock.hpp"
#include "firmware/core/i2c.hpp"

namespace rytme::firmware::stm32 {

template <typename Io>
class Wires final : public I2c {
 public:
  static constexpr unsigned looks = 1000;  // per byte; some 0.5 ms at 24 MHz

  constexpr explicit Wires(Io& io) : io_(io) {}

  void open(std::uint32_t clock_hz) {
    clock_mhz_ = clock_hz / 1'000'000;
    set_up();
  }

  // One byte, or three and more.
  bool read(std::uint8_t device, std::uint8_t reg, std::span<std::uint8_t> bytes) override {
    return (begin(device, reg) && take(device, bytes)) || give_up();
  }
  bool write(std::uint8_t device, std::uint8_t reg, std::uint8_t value) override {
    if (!begin(device, reg)) return give_up();
    io_.store(i2c::dr, value);
    if (!await(i2c::both_full)) return give_up();
    set_bits(io_, i2c::cr1, i2c::stop);
    return true;
  }

 private:
  static constexpr unsigned clock_pin = 6, data_pin = 7;

  void set_up() {
    set_pin(io_, gpio::b, clock_pin, gpio::alternate_open_drain);
    set_pin(io_, gpio::b, data_pin, gpio::alternate_open_drain);
    io_.store(i2c::cr1, i2c::software_reset);
    io_.store(i2c::cr1, 0);
    io_.store(i2c::cr2, clock_mhz_);
    io_.store(i2c::ccr,
              i2c::fast_mode | ((clock_mhz_ * 10 + 11) / 12));  // a third of it low, two thirds high: 1.2 MHz
    io_.store(i2c::trise, clock_mhz_ * 300 / 1000 + 1);
    io_.store(i2c::cr1, i2c::enable);
  }

  // Its own word, or that the other side refuses; bounded.
  bool await(std::uint32_t bit) {
    for (unsigned look = 0; look < looks; ++look) {
      const auto status = io_.load(i2c::sr1);
      if ((status & bit) != 0) return true;
      if ((status & i2c::refused) != 0) return false;
    }
    return false;
  }

  bool address(std::uint8_t device, bool to_read) {
    set_bits(io_, i2c::cr1, i2c::start | i2c::acknowledge);
    if (!await(i2c::started)) return false;
    io_.store(i2c::dr, (std::uint32_t{device} << 1U) | (to_read ? 1U : 0U));
    return await(i2c::addressed);
  }

  bool begin(std::uint8_t device, std::uint8_t reg) {
    if (!await_bits(io_, i2c::sr2, i2c::busy, 0, looks) || !address(device, false)) return false;
    io_.load(i2c::sr2);  // which ends the addressing
    io_.store(i2c::dr, reg);
    return await(i2c::both_full);
  }

  // The last byte is not acknowledged, and the stop is asked for before it is there.
  bool take(std::uint8_t device, std::span<std::uint8_t> bytes) {
    if (!address(device, true)) return false;
    const std::size_t count = bytes.size();
    if (count == 1) clear_bits(io_, i2c::cr1, i2c::acknowledge);
    io_.load(i2c::sr2);
    if (count == 1) set_bits(io_, i2c::cr1, i2c::stop);
    std::size_t at = 0;
    for (; at + 3 < count; ++at)
      if (!take_one(bytes[at], i2c::received)) return false;
    if (count > 1) {
      if (!await(i2c::both_full)) return false;
      clear_bits(io_, i2c::cr1, i2c::acknowledge);
      bytes[at++] = static_cast<std::uint8_t>(io_.load(i2c::dr));
      set_bits(io_, i2c::cr1, i2c::stop);
      bytes[at++] = static_cast<std::uint8_t>(io_.load(i2c::dr));
    }
    return take_one(bytes[at], i2c::received);
  }

  bool take_one(std::uint8_t& byte, std::uint32_t when) {
    if (!await(when)) return false;
    byte = static_cast<std::uint8_t>(io_.load(i2c::dr));
    return true;
  }

  // A device that holds the data line lets go within nine clocks.
  bool give_up() {
    io_.store(i2c::cr1, 0);
    set_pin(io_, gpio::b, clock_pin, gpio::open_drain);
    write_pin(io_, gpio::b, data_pin, true);
    set_pin(io_, gpio::b, data_pin, gpio::open_drain);
    for (int clock = 0; clock < 9; ++clock)
      for (const bool high : {false, true}) {
        write_pin(io_, gpio::b, clock_pin, high);
        for (int wait = 0; wait < 16; ++wait) io_.load(gpio::b + gpio::input);  // some 5 us
      }
    set_up();
    return false;
  }

  Io& io_;
  std::uint32_t clock_mhz_{24};
};

}  // namespace rytme::firmware::stm32
