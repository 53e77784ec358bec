// SPDX-License-Identifier: Apache-2.0
// Registers for the tests of the slave: 130 holding registers 0x1200 + address, of which one is the unit and
// one fails, as many input registers 0x3400 + address, 40 coils and 40 discrete inputs (every third one is
// on).
#pragma once

#include <array>

#include "firmware/core/register_map.hpp"

namespace rytme::firmware::test {

class TableMap final : public RegisterMap {
 public:
  static constexpr std::uint16_t unit_register = 100;
  static constexpr std::uint16_t fails_when_written = 101;
  static constexpr std::uint16_t hides_all = 102;  // written 1: nothing can be read any more
  static constexpr std::size_t registers = 130;
  static constexpr std::size_t bits = 40;

  TableMap() {
    for (std::size_t i = 0; i < registers; ++i) words[i] = static_cast<std::uint16_t>(0x1200 + i);
    for (std::size_t i = 0; i < bits; ++i) coils[i] = i % 3 == 0 ? 1 : 0;
    words[unit_register] = 17;
    words[hides_all] = 0;
  }

  std::array<std::uint16_t, registers> words{};
  std::array<std::uint16_t, bits> coils{};
  int heard_times{};
  int writes{};

  std::uint8_t unit() const override { return static_cast<std::uint8_t>(words[unit_register]); }
  void heard() override { ++heard_times; }
  Verdict read(Area area, std::uint16_t address, std::span<std::uint16_t> values) override {
    const bool bit = area == Area::coil || area == Area::discrete;
    if (address + values.size() > (bit ? bits : registers) || words[hides_all] == 1)
      return Verdict::illegal_address;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto at = address + i;
      values[i] = area == Area::coil       ? coils[at]
                  : area == Area::discrete ? std::uint16_t{at % 3 == 0}
                  : area == Area::holding  ? words[at]
                                           : static_cast<std::uint16_t>(0x3400 + at);
    }
    return Verdict::ok;
  }
  Verdict write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) override {
    if (address + values.size() > (area == Area::coil ? bits : registers)) return Verdict::illegal_address;
    if (area == Area::holding && address == fails_when_written) return Verdict::failure;
    ++writes;
    for (std::size_t i = 0; i < values.size(); ++i)
      (area == Area::coil ? coils[address + i] : words[address + i]) = values[i];
    return Verdict::ok;
  }
};

}  // namespace rytme::firmware::test
