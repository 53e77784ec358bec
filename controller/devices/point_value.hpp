// SPDX-License-Identifier: Apache-2.0
// What the registers of one Modbus point mean, and the registers that mean a value. Pure. Internal to
// devices.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "controller/devices/value.hpp"

namespace rytme::devices {

// Colour temperatures of a lamp's two strips, K.
struct Strips {
  double warm_k{2700};
  double cold_k{6500};
};

// Two strips of equal flux mix about linearly in reciprocal colour temperature (mired). Position 0 warm, 1
// cold.
double kelvin_of_position(double position, Strips strips);
double position_of_kelvin(double kelvin, Strips strips);

struct PointValue {
  Value value;
  std::string text;  // texts only
};

// Sets `out`, or says why not (outside the raw range). Error words, NaN and what read_map does not know are
// unknown. `words`: as many as the point has.
Outcome point_value(const settings::ModbusPoint& point, Strips strips, const std::uint16_t* words,
                    PointValue& out);

// The words that carry a setting; nullopt: write_map has no such value.
std::optional<std::vector<std::uint16_t>> point_words(const settings::ModbusPoint& point, Strips strips,
                                                      const Setting& setting);

// True when a condition allows this value.
bool allows(const settings::PointCondition& condition, const PointValue& value);

// A polled IMU as a node of its own: each block with all axes is a frame of one sample.
struct PolledMotion {
  std::array<std::optional<double>, 6> axes;  // of the block under decoding: accel x y z, gyro x y z
  std::uint64_t seq{};
  std::string boot;                        // names this run of the controller, and of the node
  std::optional<std::uint16_t> node_boot;  // a ring of samples: the node's own number of its start
  std::uint32_t next{};                    // the number of the first sample not taken yet
};

}  // namespace rytme::devices
