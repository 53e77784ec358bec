// SPDX-License-Identifier: Apache-2.0
// Requests and replies as bytes, and whether a reply answers a request. Pure. A PDU is the function code and
// what follows it, without unit and checksum. Source: MODBUS Application Protocol V1.1b3, 4.1 and 6.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::modbus {

using Bytes = std::vector<std::uint8_t>;

// refused: an exception from the slave, which is alive. busy: the same, and worth another try. unreachable: a
// gateway says so for a slave. garbled: something came, and it is no answer to the request. lost: the bus
// itself.
enum class Answer : std::uint8_t { ok, timeout, garbled, refused, busy, unreachable, lost };

Bytes request_pdu(const RegisterRead& read);
// One value goes as function 05 or 06, which almost every device knows, unless the write asks for 0F or 10.
Bytes request_pdu(const RegisterWrite& write);
// Length of the reply that answers it.
std::size_t reply_length(std::span<const std::uint8_t> request);

// A read is answered by as many bytes as were asked for; a write by its own address and value (05, 06) or
// count (0F, 10); anything by an exception that the protocol knows. All else is garbled.
Answer judge(std::span<const std::uint8_t> request, std::span<const std::uint8_t> reply);

// One value per register or bit, from a reply that judge() found ok.
std::vector<std::uint16_t> values_of(const RegisterRead& read, std::span<const std::uint8_t> reply);

// Whether no reply but its own can pass for the reply to this write.
bool identifies_itself(const RegisterWrite& write);

// What stands before a PDU on TCP: transaction, protocol (0), length of what follows the length, unit.
struct TcpHeader {
  static constexpr std::size_t bytes = 7;
  std::uint16_t transaction{};
  std::uint8_t unit{};
};
Bytes tcp_frame(TcpHeader header, std::span<const std::uint8_t> pdu);
// nullopt: not a frame of exactly this length.
std::optional<TcpHeader> tcp_header(std::span<const std::uint8_t> frame);
// Whether the frame ends in another whole one of the 64 latest transactions: a reply that was cut and whose
// missing bytes were another, late or doubled, looks whole, and TCP frames have no checksum to tell.
bool ends_in_another(std::span<const std::uint8_t> frame, std::uint16_t latest_transaction);

}  // namespace rytme::modbus
