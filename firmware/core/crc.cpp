// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/crc.hpp"

#include <array>

namespace rytme::firmware {
namespace {

// What four bits do to the checksum: 32 bytes of flash, a quarter of the steps.
constexpr std::array<std::uint16_t, 16> make_nibbles() {
  std::array<std::uint16_t, 16> table{};
  for (unsigned nibble = 0; nibble < table.size(); ++nibble) {
    unsigned crc = nibble;
    for (int bit = 0; bit < 4; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) * 0xA001U);
    table.at(nibble) = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr auto nibbles = make_nibbles();

}  // namespace

std::uint16_t crc16(std::span<const std::uint8_t> bytes, std::uint16_t start) {
  unsigned crc = start;
  for (const auto byte : bytes) {
    crc ^= byte;
    crc = (crc >> 4U) ^ nibbles[crc & 0xFU];
    crc = (crc >> 4U) ^ nibbles[crc & 0xFU];
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace rytme::firmware
