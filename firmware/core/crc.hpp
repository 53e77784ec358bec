// SPDX-License-Identifier: Apache-2.0
// The checksum of Modbus RTU, which the settings in a node's memory have as well. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace rytme::firmware {

// CRC-16, polynomial 0xA001 reflected, start 0xFFFF; sent low byte first. Source: MODBUS over Serial Line
// V1.02, 6.2.2.
std::uint16_t crc16(std::span<const std::uint8_t> bytes, std::uint16_t start = 0xFFFF);

}  // namespace rytme::firmware
