// SPDX-License-Identifier: Apache-2.0
// The two wires to a sensor, as a driver needs them. Every call ends within a bound that the board keeps.
#pragma once

#include <cstdint>
#include <span>

namespace rytme::firmware {

class I2c {
 public:
  // `device`: 7-bit address. False: no answer, or not in time.
  virtual bool read(std::uint8_t device, std::uint8_t reg, std::span<std::uint8_t> bytes) = 0;
  virtual bool write(std::uint8_t device, std::uint8_t reg, std::uint8_t value) = 0;

 protected:
  ~I2c() = default;
};

}  // namespace rytme::firmware
