// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/modbus_frame.hpp"

#include <charconv>

namespace rytme::trial {
namespace {

constexpr std::size_t tcp_header = 6;  // transaction, protocol, length; the unit follows

std::uint16_t word(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}

void put(Bytes& bytes, std::uint16_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

bool is_bits(RegisterArea area) { return area == RegisterArea::coil || area == RegisterArea::discrete; }

std::vector<std::uint16_t> unpacked(const Bytes& bytes, std::size_t at, std::size_t count, bool bits) {
  std::vector<std::uint16_t> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(bits ? static_cast<std::uint16_t>((unsigned{bytes[at + i / 8]} >> (i % 8)) & 1U)
                          : word(bytes, at + 2 * i));
  return values;
}

// Unit and PDU without the wrapping; a fault in words when the wrapping is wrong.
std::string unwrap(const Bytes& bytes, Framing framing, Bytes& inner) {
  if (framing == Framing::tcp) {
    if (bytes.size() < tcp_header + 2) return "too short for a TCP frame";
    if (word(bytes, 4) != bytes.size() - tcp_header)
      return "the length in the header is not that of the frame";
    inner.assign(bytes.begin() + tcp_header, bytes.end());
    return "";
  }
  if (bytes.size() < 4) return "too short for an RTU frame";
  const std::uint16_t crc = crc_of(bytes, bytes.size() - 2);
  if (bytes[bytes.size() - 2] != (crc & 0xFFU) || bytes[bytes.size() - 1] != crc >> 8U)
    return "the CRC is wrong; it would be " +
           hex_of({static_cast<std::uint8_t>(crc & 0xFFU), static_cast<std::uint8_t>(crc >> 8U)});
  inner.assign(bytes.begin(), bytes.end() - 2);
  return "";
}

Bytes wrapped(Bytes inner, Framing framing) {
  if (framing == Framing::rtu) {
    const std::uint16_t crc = crc_of(inner, inner.size());
    inner.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
    inner.push_back(static_cast<std::uint8_t>(crc >> 8U));
    return inner;
  }
  Bytes bytes{0, 1, 0, 0};
  put(bytes, static_cast<std::uint16_t>(inner.size()));
  bytes.insert(bytes.end(), inner.begin(), inner.end());
  return bytes;
}

std::optional<RegisterArea> area_of(int function) {
  switch (function) {
    case 1:
    case 5:
    case 15:
      return RegisterArea::coil;
    case 2:
      return RegisterArea::discrete;
    case 3:
    case 6:
    case 16:
      return RegisterArea::holding;
    case 4:
      return RegisterArea::input;
    default:
      return std::nullopt;
  }
}

std::string take_several(const Bytes& inner, FrameRequest& request) {
  const bool bits = is_bits(request.area);
  request.count = word(inner, 4);
  const std::size_t bytes = bits ? (request.count + 7U) / 8U : 2U * request.count;
  if (inner.size() < 7 || inner[6] != bytes || inner.size() != 7 + bytes)
    return "the number of bytes does not fit the number of values";
  request.values = unpacked(inner, 7, request.count, bits);
  return "";
}

}  // namespace

std::uint16_t crc_of(const Bytes& bytes, std::size_t count) {
  std::uint16_t crc = 0xFFFF;
  for (std::size_t i = 0; i < count; ++i) {
    crc = static_cast<std::uint16_t>(crc ^ bytes[i]);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>((crc & 1U) != 0 ? (crc >> 1U) ^ 0xA001U : crc >> 1U);
  }
  return crc;
}

std::optional<Bytes> bytes_from(std::string_view hex) {
  Bytes bytes;
  std::string digits;
  for (const char c : hex)
    if (c != ' ' && c != ':' && c != '-') digits += c;
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value{};
    const char* end = digits.data() + i + 2;
    const auto [stop, error] = std::from_chars(digits.data() + i, end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

std::string hex_of(const Bytes& bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

ParsedRequest parse_request(const Bytes& bytes, Framing framing) {
  ParsedRequest parsed;
  Bytes inner;
  parsed.fault = unwrap(bytes, framing, inner);
  if (!parsed.fault.empty()) return parsed;
  FrameRequest& request = parsed.request;
  request.unit = inner[0];
  request.function = inner[1];
  const auto area = area_of(request.function);
  if (!area || inner.size() < 6) {
    parsed.fault = area ? "the request is too short"
                        : "function " + std::to_string(request.function) + " is none of 1-6, 15 and 16";
    return parsed;
  }
  request.area = *area;
  request.address = word(inner, 2);
  request.writes = request.function > 4;
  if (request.function == 5 || request.function == 6) {
    request.coil_word = word(inner, 4);
    request.values = {request.function == 6
                          ? request.coil_word
                          : static_cast<std::uint16_t>(request.coil_word == 0xFF00 ? 1 : 0)};
  } else if (request.writes) {
    parsed.fault = take_several(inner, request);
  } else {
    request.count = word(inner, 4);
  }
  return parsed;
}

ParsedResponse parse_response(const FrameRequest& request, const Bytes& bytes, Framing framing) {
  ParsedResponse parsed;
  Bytes inner;
  parsed.fault = unwrap(bytes, framing, inner);
  if (!parsed.fault.empty()) return parsed;
  if (inner[0] != request.unit) {
    parsed.fault = "another unit answers";
  } else if (inner[1] == (request.function | 0x80U) && inner.size() > 2) {
    parsed.exception = inner[2];
  } else if (inner[1] != request.function) {
    parsed.fault = "another function is answered";
  } else if (!request.writes) {
    const bool bits = is_bits(request.area);
    const std::size_t expected = bits ? (request.count + 7U) / 8U : 2U * request.count;
    if (inner.size() < 3 || inner[2] != expected || inner.size() != 3 + expected)
      parsed.fault = "not as many values as were asked for";
    else
      parsed.values = unpacked(inner, 3, request.count, bits);
  }
  return parsed;
}

Bytes frame_of(const RegisterWrite& write, Framing framing) {
  const bool coil = write.area == RegisterArea::coil;
  Bytes inner{write.unit};
  const auto count = static_cast<std::uint16_t>(write.values.size());
  if (count == 1 && !write.multiple) {
    inner.push_back(coil ? 5 : 6);
    put(inner, write.address);
    const std::uint16_t value = write.values.front();
    put(inner, coil ? static_cast<std::uint16_t>(value != 0 ? 0xFF00 : 0) : value);
    return wrapped(std::move(inner), framing);
  }
  inner.push_back(coil ? 15 : 16);
  put(inner, write.address);
  put(inner, count);
  inner.push_back(static_cast<std::uint8_t>(coil ? (count + 7) / 8 : 2 * count));
  const std::size_t data = inner.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!coil) {
      put(inner, write.values[i]);
      continue;
    }
    if (i % 8 == 0) inner.push_back(0);
    if (write.values[i] != 0)
      inner[data + i / 8] = static_cast<std::uint8_t>(inner[data + i / 8] | (1U << (i % 8)));
  }
  return wrapped(std::move(inner), framing);
}

Bytes frame_of(const RegisterRead& read, Framing framing) {
  constexpr std::uint8_t functions[] = {1, 2, 4, 3};
  Bytes inner{read.unit, functions[static_cast<std::size_t>(read.area)]};
  put(inner, read.address);
  put(inner, read.count);
  return wrapped(std::move(inner), framing);
}

}  // namespace rytme::trial
