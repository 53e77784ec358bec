// SPDX-License-Identifier: Apache-2.0
// What a node shows of itself to a Modbus master: registers and bits. The slave asks, the node answers.
#pragma once

#include <cstdint>
#include <span>

namespace rytme::firmware {

enum class Area : std::uint8_t { coil, discrete, input, holding };

// ok, or the exception code of MODBUS Application Protocol V1.1b3, 7.
enum class Verdict : std::uint8_t {
  ok = 0,
  illegal_function = 1,
  illegal_address = 2,
  illegal_value = 3,
  failure = 4
};

class RegisterMap {
 public:
  // The address it answers to now, 1 to 247. A request that changes it is still answered from the old one.
  virtual std::uint8_t unit() const = 0;
  // One value for each register, or 0 and 1 for bits; all from one moment. illegal_address: one of them is
  // not there, or they begin or end within a value that is read as a whole.
  virtual Verdict read(Area area, std::uint16_t address, std::span<std::uint16_t> values) = 0;
  // All or nothing. `area` is coil or holding.
  virtual Verdict write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) = 0;
  // A master has asked this node for something that it could do.
  virtual void heard() = 0;

 protected:
  ~RegisterMap() = default;
};

}  // namespace rytme::firmware
