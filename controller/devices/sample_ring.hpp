// SPDX-License-Identifier: Apache-2.0
// The blocks of samples of a motion node of ours (firmware/protocol/motion_registers.hpp): what of them is
// new. Internal to devices.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "controller/devices/point_value.hpp"
#include "controller/room/reading.hpp"

namespace rytme::devices {

// `words`: one whole block, its signature checked. The samples that no earlier block had, as a frame in m/s²
// and rad/s on the node's own time; nullopt: none. `received`: when the block came. `motion` is carried from
// block to block of one node; a frame behind lost samples says so by its seq, one behind a restart of the
// node by its boot.
std::optional<MotionFrame> new_samples(std::span<const std::uint16_t> words, Instant received,
                                       PolledMotion& motion);

}  // namespace rytme::devices
