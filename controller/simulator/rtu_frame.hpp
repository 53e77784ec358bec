// SPDX-License-Identifier: Apache-2.0
// Slaves on one serial line: request frame in, response frame out. Pure; the time between frames is the
// owner's. Source: MODBUS over serial line V1.02, 2.5.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "controller/simulator/world.hpp"

namespace rytme::simulator {

// Polynomial 0xA001 (reflected 0x8005), start 0xFFFF.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);

// Unit, PDU, checksum with its low byte first.
std::vector<std::uint8_t> rtu_frame(std::uint8_t unit, std::span<const std::uint8_t> pdu);

// nullopt: nobody answers, because the checksum is wrong, the frame is too short, or its unit is not here. A
// broadcast (unit 0) is not carried out: the controller sends none.
std::optional<std::vector<std::uint8_t>> answer_frame(std::span<RegisterPeer* const> slaves,
                                                      std::span<const std::uint8_t> frame, Instant now);

}  // namespace rytme::simulator
