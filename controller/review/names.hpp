// SPDX-License-Identifier: Apache-2.0
// The names a series can be asked by.
//   a capability ("hr.bpm", "light.level")            readings as the device sent or signals derived them
//   … + ".commanded", ".confirmed", ".measured"       of commands: asked for, the device's own word, measured
//   apart "motion.magnitude", "motion.accel.x", "motion.gyro.x" (y, z)   from the motion stream "hr.rr_ms"
//   from the heart stream, at the beats' own times
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::review {

enum class Source : std::uint8_t { reading, commanded, confirmed, measured, motion, beats };

struct Name {
  std::string text;  // as asked
  Source source{};
  std::string capability;  // reading and commands: the channel; streams: ""
  std::size_t axis{};      // motion: 0-2 acceleration, 3-5 rotation, 6 magnitude of the acceleration
  std::string_view unit;
  bool sampled{};  // false: a value that stands until the next one
  bool derived{};  // by signals, under the session's formula version
};

inline constexpr std::size_t magnitude_axis = 6;
inline constexpr double late_after_s = 10;  // design §6: data from a body that is older is unknown

// Throws BadQuestion (field "names"): unknown, not a number, or too many. "a,b,c"; the same name twice is
// once.
std::vector<Name> names_from(std::string_view list);

}  // namespace rytme::review
