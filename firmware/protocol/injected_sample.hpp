// SPDX-License-Identifier: Apache-2.0
// How a sample comes to a motion node that runs in an emulator: there is no model of the sensor, so it is
// told over a second serial port, as bytes.
#pragma once

#include <array>
#include <cstdint>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware::injected_sample {

// Begin, number of the sample (16 bits), six axes, temperature in 0.01 degC, checksum of all before (as
// Modbus RTU has it); words low byte first.
constexpr std::uint8_t begin = 0xA5;
constexpr std::size_t bytes = 19;
constexpr std::size_t number_at = 1;
constexpr std::size_t axes_at = 3;
constexpr std::size_t temperature_at = 15;
constexpr std::size_t checksum_at = 17;

using Frame = std::array<std::uint8_t, bytes>;

inline void put(Frame& frame, std::size_t at, std::uint16_t value) {
  frame.at(at) = static_cast<std::uint8_t>(value & 0xFFU);
  frame.at(at + 1) = static_cast<std::uint8_t>(value >> 8U);
}
inline std::uint16_t get(const Frame& frame, std::size_t at) {
  return static_cast<std::uint16_t>(frame.at(at) | (frame.at(at + 1) << 8U));
}

// Without its checksum.
inline Frame frame_of(std::uint16_t number, const Sample& sample, std::int16_t temperature_centideg) {
  Frame frame{begin};
  put(frame, number_at, number);
  for (std::size_t axis = 0; axis < sample.axes.size(); ++axis)
    put(frame, axes_at + 2 * axis, static_cast<std::uint16_t>(sample.axes.at(axis)));
  put(frame, temperature_at, static_cast<std::uint16_t>(temperature_centideg));
  return frame;
}

}  // namespace rytme::firmware::injected_sample
