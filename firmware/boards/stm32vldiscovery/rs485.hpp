// SPDX-License-Identifier: Apache-2.0
// USART2 on an RS-485 transceiver: PA2 sends, PA3 receives, PA1 drives the line while something is sent (and
// switches the transceiver's receiver off). Sent by interrupt; where none comes the main loop does its work.
// `Io` as cortex_m/mmio.hpp.
#pragma once

#include <optional>
#include <span>

#include "firmware/boards/stm32vldiscovery/clock.hpp"
#include "firmware/core/character_ring.hpp"
#include "firmware/core/line_timing.hpp"

namespace rytme::firmware::stm32 {

template <typename Io>
class Rs485 {
 public:
  explicit constexpr Rs485(Io& io) : io_(io) {}

  void open(const LineFormat& format, std::uint32_t clock_hz) {
    set_pin(io_, gpio::a, direction_pin, gpio::push_pull);
    write_pin(io_, gpio::a, direction_pin, false);
    set_pin(io_, gpio::a, 2, gpio::alternate_push_pull);
    set_pin(io_, gpio::a, 3, gpio::floating_input);
    io_.store(usart::brr, (clock_hz + format.baud / 2) / format.baud);
    io_.store(usart::cr2, format.stop_bits == 2 ? usart::two_stop_bits : 0);
    std::uint32_t control = usart::enable | usart::receive | usart::transmit | usart::on_received;
    if (format.parity != Parity::none) control |= usart::with_parity | usart::nine_bits;
    if (format.parity == Parity::odd) control |= usart::odd;
    io_.store(usart::cr1, control);
  }

  std::optional<Character> receive(Instant now) { return ring_.pop(now); }

  void send(std::span<const std::uint8_t> bytes) {
    next_ = bytes.data();
    left_ = bytes.size();
    sending_ = true;
    write_pin(io_, gpio::a, direction_pin, true);
    set_bits(io_, usart::cr1, usart::on_room);
  }

  bool is_sending() {
    if (!sending_) return false;
    io_.hold_interrupts();
    go_on_sending();
    io_.release_interrupts();
    return sending_;
  }

  void on_interrupt(Instant now) {
    take(now);
    if (sending_) go_on_sending();
  }

 private:
  static constexpr unsigned direction_pin = 1;

  // Reading the status and then the data clears what was wrong.
  void take(Instant now) {
    const auto status = io_.load(usart::sr);
    if ((status & (usart::received | usart::overrun)) == 0) return;
    const auto byte = static_cast<std::uint8_t>(io_.load(usart::dr) & 0xFFU);
    constexpr std::uint32_t wrong =
        usart::parity_error | usart::framing_error | usart::noise | usart::overrun;
    if (!sending_) ring_.push(byte, (status & wrong) == 0, now);
  }

  void go_on_sending() {
    const auto status = io_.load(usart::sr);
    if (left_ > 0) {
      if ((status & usart::room) == 0) return;
      io_.store(usart::dr, *next_++);
      left_ = left_ - 1;
      // From here on it is the end of the last stop bit that matters.
      if (left_ == 0) set_field(io_, usart::cr1, 6, 2, 1);
      return;
    }
    if ((status & usart::all_sent) == 0) return;
    clear_bits(io_, usart::cr1, usart::on_all_sent);
    write_pin(io_, gpio::a, direction_pin, false);
    sending_ = false;
  }

  Io& io_;
  CharacterRing<64> ring_;
  const std::uint8_t* next_{};
  volatile std::size_t left_{};
  volatile bool sending_{};
};

}  // namespace rytme::firmware::stm32
