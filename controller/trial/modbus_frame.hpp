// SPDX-License-Identifier: Apache-2.0
// Modbus frames as bytes, RTU and TCP, for examples in fixtures: libmodbus keeps its own to itself. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::trial {

using Bytes = std::vector<std::uint8_t>;

enum class Framing : std::uint8_t { rtu, tcp };

// CRC-16/MODBUS over a frame without its last two bytes; low byte goes first. Modbus over serial
// line 1.02, 6.2.2.
std::uint16_t crc_of(const Bytes& bytes, std::size_t count);

// "01 06 00 00": nullopt when it is no hex.
std::optional<Bytes> bytes_from(std::string_view hex);
std::string hex_of(const Bytes& bytes);

// A request for one of the functions 1-6, 15, 16. `values`: what is written, one per register or bit (0/1).
struct FrameRequest {
  std::uint8_t unit{};
  std::uint8_t function{};
  RegisterArea area{};
  std::uint16_t address{};
  std::uint16_t count{1};
  bool writes{};
  std::vector<std::uint16_t> values;
  std::uint16_t coil_word{};  // function 5: as sent; only 0xFF00 and 0x0000 are on and off
};

// Why a frame could not be read; "" when it could.
struct ParsedRequest {
  FrameRequest request;
  std::string fault;
};
ParsedRequest parse_request(const Bytes& bytes, Framing framing);

// One value per register or bit; exception: the slave's refusal.
struct ParsedResponse {
  std::vector<std::uint16_t> values;
  std::optional<int> exception;
  std::string fault;
};
ParsedResponse parse_response(const FrameRequest& request, const Bytes& bytes, Framing framing);

// What goes out for a write: a single value by function 5 or 6 unless `multiple`, several by 15 or 16. TCP:
// with transaction 1.
Bytes frame_of(const RegisterWrite& write, Framing framing);
Bytes frame_of(const RegisterRead& read, Framing framing);

}  // namespace rytme::trial
