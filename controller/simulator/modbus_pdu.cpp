// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/modbus_pdu.hpp"

namespace rytme::simulator {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Pdu = std::span<const std::uint8_t>;

constexpr std::size_t most_registers_read = 125;
constexpr std::size_t most_registers_written = 123;
constexpr std::size_t most_bits_read = 2000;
constexpr std::size_t most_bits_written = 1968;
constexpr std::uint16_t coil_on = 0xFF00;

std::uint16_t word(Pdu pdu, std::size_t at) {
  return static_cast<std::uint16_t>((pdu[at] << 8U) | pdu[at + 1]);
}

void add_word(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

void add_bits(Bytes& out, const std::vector<std::uint16_t>& values) {
  const auto first = out.size();
  out.resize(first + (values.size() + 7) / 8);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) out[first + i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
  }
}

RegisterArea area_of(std::uint8_t function) {
  switch (function) {
    case 1:
    case 5:
    case 15:
      return RegisterArea::coil;
    case 2:
      return RegisterArea::discrete;
    case 4:
      return RegisterArea::input;
    default:
      return RegisterArea::holding;
  }
}

Bytes answer_read(RegisterPeer& peer, Pdu request, Instant now) {
  const auto function = request[0];
  const bool bits = function <= 2;
  const auto count = request.size() == 5 ? word(request, 3) : std::uint16_t{0};
  if (count == 0 || count > (bits ? most_bits_read : most_registers_read)) {
    return exception_answer(function, exception_illegal_value);
  }
  std::vector<std::uint16_t> values;
  if (!peer.read(area_of(function), word(request, 1), count, values, now)) {
    return exception_answer(function, exception_illegal_address);
  }
  Bytes out{function, static_cast<std::uint8_t>(bits ? (values.size() + 7) / 8 : 2 * values.size())};
  if (bits) {
    add_bits(out, values);
  } else {
    for (const auto value : values) add_word(out, value);
  }
  return out;
}

Bytes answer_write_one(RegisterPeer& peer, Pdu request, Instant now) {
  const auto function = request[0];
  if (request.size() != 5) return exception_answer(function, exception_illegal_value);
  auto value = word(request, 3);
  if (function == 5) {
    if (value != coil_on && value != 0) return exception_answer(function, exception_illegal_value);
    value = value == coil_on ? 1 : 0;
  }
  if (!peer.write(area_of(function), word(request, 1), {value}, now)) {
    return exception_answer(function, exception_illegal_address);
  }
  return {request.begin(), request.end()};
}

// Whether the byte count of a write of several fits the count of values and the length of the request.
bool well_formed(Pdu request, bool bits) {
  if (request.size() < 6) return false;
  const std::size_t count = word(request, 3);
  const std::size_t bytes = bits ? (count + 7) / 8 : 2 * count;
  return count > 0 && count <= (bits ? most_bits_written : most_registers_written) && request[5] == bytes &&
         request.size() == 6 + bytes;
}

Bytes answer_write_several(RegisterPeer& peer, Pdu request, Instant now) {
  const auto function = request[0];
  const bool bits = function == 15;
  if (!well_formed(request, bits)) return exception_answer(function, exception_illegal_value);
  std::vector<std::uint16_t> values(word(request, 3));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = bits ? static_cast<std::uint16_t>((unsigned{request[6 + i / 8]} >> (i % 8)) & 1U)
                     : word(request, 6 + 2 * i);
  }
  if (!peer.write(area_of(function), word(request, 1), values, now)) {
    return exception_answer(function, exception_illegal_address);
  }
  return {request.begin(), request.begin() + 5};
}

}  // namespace

std::vector<std::uint8_t> exception_answer(std::uint8_t function, std::uint8_t code) {
  return {static_cast<std::uint8_t>(function | 0x80U), code};
}

std::vector<std::uint8_t> answer(RegisterPeer& peer, std::span<const std::uint8_t> request, Instant now) {
  switch (request[0]) {
    case 1:
    case 2:
    case 3:
    case 4:
      return answer_read(peer, request, now);
    case 5:
    case 6:
      return answer_write_one(peer, request, now);
    case 15:
    case 16:
      return answer_write_several(peer, request, now);
    default:
      return exception_answer(request[0], exception_illegal_function);
  }
}

}  // namespace rytme::simulator
