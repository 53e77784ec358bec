// SPDX-License-Identifier: Apache-2.0
// LSM6DSO, accelerometer and gyroscope, over I2C. Registers and times: ST data sheet DS12140.
//
// The sensor measures at 833 Hz behind filters of about 40 Hz, and is read every 10 ms by the node's own
// crystal: its own clock is off by up to 5 %. What is read is at most 1.2 ms old. Never waits: what takes
// time is a state. Main loop only.
#pragma once

#include <cstdint>
#include <optional>

#include "firmware/core/board.hpp"
#include "firmware/core/i2c.hpp"

namespace rytme::firmware {

class Lsm6dso final : public ImuSource {
 public:
  static constexpr std::uint8_t usual_address = 0x6A;  // SDO/SA0 to ground
  static constexpr Micros period{10'000};

  Lsm6dso(I2c& wires, Instant now, std::uint8_t address = usual_address)
      : wires_(wires), address_(address), next_(now) {}

  std::optional<Taken> poll(Instant now) override;
  bool is_present() const override { return state_ == State::measuring; }
  std::optional<std::int16_t> temperature() const override;
  void restart(Instant now) override;

 private:
  enum class State : std::uint8_t { absent, resetting, settling, measuring };

  void look_for_it(Instant now);
  void set_up(Instant now);
  bool write_settings();
  std::optional<Taken> measure(Instant now);
  void lose(Instant now);

  I2c& wires_;
  std::uint8_t address_;
  State state_{State::absent};
  Instant next_;
  std::optional<Instant> sampled_;  // the time on the grid of the latest sample
  std::uint8_t failures_{};
  std::int16_t temperature_raw_{};
};

}  // namespace rytme::firmware
