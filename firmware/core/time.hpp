// SPDX-License-Identifier: Apache-2.0
// Time in the nodes: microseconds since the start, from the board's clock, always an argument. Never goes
// back.
#pragma once

#include <chrono>
#include <cstdint>

namespace rytme::firmware {

using Micros = std::chrono::duration<std::int64_t, std::micro>;
using Instant = Micros;

}  // namespace rytme::firmware
