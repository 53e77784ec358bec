// SPDX-License-Identifier: Apache-2.0
// ARM's MPS2 with the AN385 image, as QEMU has it: UART0 is the RS-485 line, UART1 what a board has in
// hardware (samples in, levels out), TIMER0 the clock, the APB watchdog the watchdog. The settings live in
// memory that a start does not clear, which is all the memory that there is. Source of addresses and bits:
// ARM AN385 and DDI 0479 (Cortex-M System Design Kit).
#pragma once

#include <array>

#include "firmware/core/board.hpp"
#include "firmware/core/character_ring.hpp"

namespace rytme::firmware::mps2 {

// One of the two serial ports. The interrupts fill and empty it.
class Uart {
 public:
  explicit constexpr Uart(std::uintptr_t base) : base_(base) {}
  void open(std::uint32_t baud);
  void send(std::span<const std::uint8_t> bytes);
  bool is_sending() const { return left_ > 0; }
  std::optional<Character> receive(Instant now);
  void on_received(Instant at);
  void on_sent();

 private:
  std::uintptr_t base_;
  CharacterRing<64> ring_;
  const std::uint8_t* next_{};
  volatile std::size_t left_{};
};

class Mps2Board final : public Board, public Storage {
 public:
  // Once, before anything else.
  void begin();

  // Until something comes, 1 ms at most: an emulator that never rests takes a whole processor of its host.
  void rest();

  Instant now() override;
  LineTiming open_line(const LineFormat& format) override;
  std::optional<Character> receive() override;
  void send(std::span<const std::uint8_t> bytes) override;
  bool is_sending() override;
  Storage& storage() override { return *this; }
  void feed_watchdog() override;
  [[noreturn]] void restart() override;
  std::uint16_t starts() override;
  std::uint16_t chance() override { return 0; }

  bool load(unsigned place, std::span<std::uint16_t> words) override;
  bool save(unsigned place, std::span<const std::uint16_t> words) override;

  // What stands in the place of the hardware.
  Uart& second_port();
  void keep(const Levels& levels);
  Levels kept() const;
};

// The one there is.
Mps2Board& board();

}  // namespace rytme::firmware::mps2
