// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/rtu_frame.hpp"

#include <algorithm>

#include "controller/simulator/modbus_pdu.hpp"

namespace rytme::simulator {
namespace {

constexpr std::size_t checksum_bytes = 2;
constexpr std::size_t smallest_request = 4;  // unit, function, checksum

}  // namespace

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0xFFFF;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xA001U : crc >> 1U;
  }
  return static_cast<std::uint16_t>(crc);
}

std::vector<std::uint8_t> rtu_frame(std::uint8_t unit, std::span<const std::uint8_t> pdu) {
  std::vector<std::uint8_t> frame;
  frame.reserve(pdu.size() + 3);
  frame.push_back(unit);
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  const auto crc = crc16(frame);
  frame.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8U));
  return frame;
}

std::optional<std::vector<std::uint8_t>> answer_frame(std::span<RegisterPeer* const> slaves,
                                                      std::span<const std::uint8_t> frame, Instant now) {
  if (frame.size() < smallest_request || crc16(frame) != 0) return std::nullopt;  // with its checksum it is 0
  const auto slave = std::ranges::find(slaves, frame[0], &RegisterPeer::unit);
  if (slave == slaves.end()) return std::nullopt;
  const auto pdu = frame.subspan(1, frame.size() - 1 - checksum_bytes);
  return rtu_frame(frame[0], answer(**slave, pdu, now));
}

}  // namespace rytme::simulator
