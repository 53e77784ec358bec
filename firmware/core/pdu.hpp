// SPDX-License-Identifier: Apache-2.0
// Words in and out of a PDU. Internal to the slave.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/identity.hpp"
#include "firmware/core/register_map.hpp"

namespace rytme::firmware {

using Request = std::span<const std::uint8_t>;

inline std::uint16_t word_at(Request bytes, std::size_t at) {
  return static_cast<std::uint16_t>((unsigned{bytes[at]} << 8U) | bytes[at + 1]);
}

// A reply under construction. Whoever writes has made sure that there is room.
class Reply {
 public:
  explicit Reply(std::span<std::uint8_t> room) : room_(room) {}
  void byte(std::size_t value) { room_[length_++] = static_cast<std::uint8_t>(value); }
  void word(std::uint16_t value) {
    byte(value >> 8U);
    byte(value & 0xFFU);
  }
  std::uint8_t& at(std::size_t index) { return room_[index]; }
  std::size_t length() const { return length_; }
  std::size_t left() const { return room_.size() - length_; }

 private:
  std::span<std::uint8_t> room_;
  std::size_t length_{};
};

// Registers or bits of one request.
using Words = std::array<std::uint16_t, 125>;

// Function 43. The function code stands in the reply already.
Verdict answer_identity(const Identity& identity, Request request, Reply& reply);

}  // namespace rytme::firmware
