// SPDX-License-Identifier: Apache-2.0
// The LSM6DSO's registers as a node sees them over I2C: those of data sheet DS12140 that a driver touches,
// with what a reset does to them. What is measured is put in by the test.
#pragma once

#include <array>
#include <optional>

#include "firmware/core/i2c.hpp"
#include "firmware/core/time.hpp"
#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware::test {

class Lsm6dsoModel final : public I2c {
 public:
  explicit Lsm6dsoModel(const Instant& clock) : clock_(clock) { reset(); }

  Sample measured{{0, 0, 4098, 0, 0, 0}};
  std::int16_t temperature_raw{};
  bool connected{true};
  bool answers{true};                   // false: holds the wires, every call fails
  bool has_new{true};                   // in its status register
  std::optional<std::uint8_t> forgets;  // a register that does not keep what is written
  std::uint8_t id{0x6C};
  int resets{};
  int calls{};

  std::uint8_t at(std::uint8_t reg) const { return registers_.at(reg); }

  bool read(std::uint8_t device, std::uint8_t reg, std::span<std::uint8_t> bytes) override {
    ++calls;
    if (!is_there(device)) return false;
    present();
    const bool increments = (registers_[0x12] & 0x04U) != 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = registers_.at(reg + (increments ? i : 0));
    return true;
  }
  bool write(std::uint8_t device, std::uint8_t reg, std::uint8_t value) override {
    ++calls;
    if (!is_there(device)) return false;
    if (reg == 0x12 && (value & 1U) != 0) {
      ++resets;
      reset();
    } else if (forgets != reg) {
      registers_.at(reg) = value;
    }
    return true;
  }

 private:
  bool is_there(std::uint8_t device) const {
    return connected && answers && device == 0x6A && clock_ >= ready_;
  }
  void reset() {
    registers_ = {};
    registers_[0x0F] = id;
    registers_[0x12] = 0x04;
    ready_ = clock_ + Micros(50);
  }
  // Only what is switched on measures.
  void present() {
    registers_[0x0F] = id;
    const bool accelerates = (registers_[0x10] >> 4U) == 7, turns = (registers_[0x11] >> 4U) == 7;
    registers_[0x1E] = static_cast<std::uint8_t>(has_new ? (accelerates ? 1U : 0U) | (turns ? 2U : 0U) : 0U);
    put(0x20, temperature_raw);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      put(0x22 + 2 * axis, turns ? measured.axes.at(3 + axis) : std::int16_t{0});
      put(0x28 + 2 * axis, accelerates ? measured.axes.at(axis) : std::int16_t{0});
    }
  }
  void put(std::size_t reg, std::int16_t value) {
    registers_.at(reg) = static_cast<std::uint8_t>(value & 0xFF);
    registers_.at(reg + 1) = static_cast<std::uint8_t>((value >> 8) & 0xFF);
  }

  const Instant& clock_;
  Instant ready_{};
  std::array<std::uint8_t, 128> registers_{};
};

}  // namespace rytme::firmware::test
