// SPDX-License-Identifier: Apache-2.0
// What a slave answers to a request: functions 1 to 6, 15, 16, 22, 23 and 43/14, without unit and checksum.
// Source: MODBUS Application Protocol V1.1b3. Checked in its order: function, lengths and values, addresses;
// a request that is longer or shorter than it says is an illegal value. Main loop only.
#pragma once

#include <cstdint>
#include <span>

#include "firmware/core/identity.hpp"
#include "firmware/core/register_map.hpp"

namespace rytme::firmware {

inline constexpr std::size_t largest_pdu = 253;

// `request`: one byte at least. Writes the answer into `reply`; its length, and whether it is no exception.
struct Answered {
  std::size_t length{};
  bool ok{};
};
Answered answer_pdu(RegisterMap& map, const Identity& identity, std::span<const std::uint8_t> request,
                    std::span<std::uint8_t, largest_pdu> reply);

}  // namespace rytme::firmware
