// SPDX-License-Identifier: Apache-2.0
// ST's STM32VLDISCOVERY, or any board with an STM32F100: pins in docs/hardware.md.
#pragma once

#include "firmware/boards/stm32vldiscovery/pwm.hpp"
#include "firmware/boards/stm32vldiscovery/rs485.hpp"
#include "firmware/boards/stm32vldiscovery/safekeeping.hpp"
#include "firmware/boards/stm32vldiscovery/wires.hpp"
#include "firmware/core/board.hpp"

namespace rytme::firmware::stm32 {

class Discovery final : public Board, public DimmerOutputs, public Light {
 public:
  // Once, before anything else.
  void begin();

  Instant now() override;
  LineTiming open_line(const LineFormat& format) override;
  std::optional<Character> receive() override;
  void send(std::span<const std::uint8_t> bytes) override;
  bool is_sending() override;
  Storage& storage() override;
  void feed_watchdog() override;
  [[noreturn]] void restart() override;
  std::uint16_t starts() override;
  std::uint16_t chance() override;

  // A motion node's: the sensor's wires, and the green light on PC9.
  Wires<Mmio>& open_wires();
  void set(bool on) override;

  // A dimmer's.
  void open_outputs();
  void set(const Levels& levels, Instant at) override;
  Levels read_back() override;
  DimmerInputs inputs() override;
  Levels before_start() override;

 private:
  Clock clock_;
};

// The one there is.
Discovery& board();

}  // namespace rytme::firmware::stm32
