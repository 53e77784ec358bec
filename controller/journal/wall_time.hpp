// SPDX-License-Identifier: Apache-2.0
// Wall time between the file, which counts µs of UTC, and the place where the room stands.
#pragma once

#include <cstdint>

namespace rytme::journal {

// How far local time was ahead of UTC at that moment. Any thread.
std::int64_t local_offset_min(std::int64_t t_us);

}  // namespace rytme::journal
