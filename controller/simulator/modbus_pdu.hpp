// SPDX-License-Identifier: Apache-2.0
// What a Modbus slave answers: request PDU in, response PDU out (function code first; no unit, no checksum).
// The same for TCP and for a serial line. Source: MODBUS Application Protocol V1.1b3.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "controller/simulator/world.hpp"

namespace rytme::simulator {

constexpr std::uint8_t exception_illegal_function = 0x01;
constexpr std::uint8_t exception_illegal_address = 0x02;
constexpr std::uint8_t exception_illegal_value = 0x03;
constexpr std::uint8_t exception_no_answer = 0x0B;  // a gateway whose slave is not there

// Serves functions 1-6, 15 and 16. `request` is never empty.
std::vector<std::uint8_t> answer(RegisterPeer& peer, std::span<const std::uint8_t> request, Instant now);
std::vector<std::uint8_t> exception_answer(std::uint8_t function, std::uint8_t code);

}  // namespace rytme::simulator
