// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/frame.hpp"

#include <algorithm>

namespace rytme::modbus {
namespace {

using View = std::span<const std::uint8_t>;

enum Function : std::uint8_t {
  read_coils = 1,
  read_discrete = 2,
  read_holding = 3,
  read_input = 4,
  write_coil = 5,
  write_register = 6,
  write_coils = 15,
  write_registers = 16
};
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::uint16_t coil_on = 0xFF00;
constexpr std::size_t echoed = 5;  // of a write: function, address, value or count

void add_word(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

std::uint16_t word(View bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}

bool of_bits(RegisterArea area) { return area == RegisterArea::coil || area == RegisterArea::discrete; }

Function reading(RegisterArea area) {
  switch (area) {
    case RegisterArea::coil:
      return read_coils;
    case RegisterArea::discrete:
      return read_discrete;
    case RegisterArea::input:
      return read_input;
    case RegisterArea::holding:
      break;
  }
  return read_holding;
}

// Bytes of values in the reply to a read.
std::size_t bytes_read(View request) {
  const std::size_t count = word(request, 3);
  return request[0] <= read_discrete ? (count + 7) / 8 : 2 * count;
}

bool is_function(std::uint8_t code) {
  const unsigned plain = code & ~unsigned{exception_bit};
  return (plain >= read_coils && plain <= write_register) || plain == write_coils || plain == write_registers;
}

bool is_read(View request) { return request[0] <= read_input; }

Answer meaning_of_exception(std::uint8_t code) {
  switch (code) {
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04:
      return Answer::refused;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x08:
      return Answer::busy;
    case 0x0A:
    case 0x0B:
      return Answer::unreachable;
    default:
      return Answer::garbled;
  }
}

void add_bits(Bytes& out, const std::vector<std::uint16_t>& values) {
  const std::size_t first = out.size();
  out.resize(first + (values.size() + 7) / 8);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) out[first + i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
  }
}

}  // namespace

Bytes request_pdu(const RegisterRead& read) {
  Bytes pdu{reading(read.area)};
  add_word(pdu, read.address);
  add_word(pdu, read.count);
  return pdu;
}

Bytes request_pdu(const RegisterWrite& write) {
  const bool bits = of_bits(write.area);
  const bool single = identifies_itself(write);
  Bytes pdu{single ? (bits ? write_coil : write_register) : (bits ? write_coils : write_registers)};
  add_word(pdu, write.address);
  if (single) {
    add_word(pdu, !bits ? write.values[0] : write.values[0] != 0 ? coil_on : std::uint16_t{0});
    return pdu;
  }
  add_word(pdu, static_cast<std::uint16_t>(write.values.size()));
  pdu.push_back(static_cast<std::uint8_t>(bits ? (write.values.size() + 7) / 8 : 2 * write.values.size()));
  if (bits) {
    add_bits(pdu, write.values);
  } else {
    for (const auto value : write.values) add_word(pdu, value);
  }
  return pdu;
}

std::size_t reply_length(View request) { return is_read(request) ? 2 + bytes_read(request) : echoed; }

Answer judge(View request, View reply) {
  if (reply.size() < 2) return Answer::garbled;
  if (reply[0] == (request[0] | exception_bit)) {
    return reply.size() == 2 ? meaning_of_exception(reply[1]) : Answer::garbled;
  }
  if (reply[0] != request[0] || reply.size() != reply_length(request)) return Answer::garbled;
  const bool answers =
      is_read(request) ? reply[1] == bytes_read(request) : std::ranges::equal(reply, request.first(echoed));
  return answers ? Answer::ok : Answer::garbled;
}

std::vector<std::uint16_t> values_of(const RegisterRead& read, View reply) {
  std::vector<std::uint16_t> values(read.count);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = of_bits(read.area) ? static_cast<std::uint16_t>((unsigned{reply[2 + i / 8]} >> (i % 8)) & 1U)
                                   : word(reply, 2 + 2 * i);
  }
  return values;
}

bool identifies_itself(const RegisterWrite& write) { return write.values.size() == 1 && !write.multiple; }

Bytes tcp_frame(TcpHeader header, View pdu) {
  Bytes frame;
  add_word(frame, header.transaction);
  add_word(frame, 0);
  add_word(frame, static_cast<std::uint16_t>(pdu.size() + 1));
  frame.push_back(header.unit);
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  return frame;
}

std::optional<TcpHeader> tcp_header(View frame) {
  if (frame.size() <= TcpHeader::bytes || word(frame, 2) != 0) return std::nullopt;
  if (word(frame, 4) + std::size_t{6} != frame.size()) return std::nullopt;
  return TcpHeader{word(frame, 0), frame[6]};
}

bool ends_in_another(View frame, std::uint16_t latest_transaction) {
  constexpr std::uint16_t remembered = 64;
  for (std::size_t at = 1; at + TcpHeader::bytes < frame.size(); ++at) {
    const View rest = frame.subspan(at);
    const auto header = tcp_header(rest);
    const bool recent =
        header && static_cast<std::uint16_t>(latest_transaction - header->transaction) < remembered;
    if (recent && is_function(rest[TcpHeader::bytes])) return true;
  }
  return false;
}

}  // namespace rytme::modbus
