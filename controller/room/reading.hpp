// SPDX-License-Identifier: Apache-2.0
// Reading (nb: måling): one decoded value from a device channel with time and quality; and the two streams
// whose frames carry many values, heart samples and motion frames.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/room/capability.hpp"
#include "controller/room/time.hpp"

namespace rytme {

// Position of a device in the settings' list; stable for the life of the process.
using DeviceIndex = std::uint16_t;

// good: as the device sent it, plausible. doubtful: usable with care (said by the source or by a check).
// unknown: no usable value; `value` is NaN.
enum class Quality : std::uint8_t { good, doubtful, unknown };

struct Reading {
  DeviceIndex device{};
  Capability capability{};
  Quality quality{Quality::good};
  double value{};      // in the capability's unit; boolean 0/1; choice index; NaN when unknown
  std::string text;    // ValueKind::text only
  bool live{true};     // false: last known (a retained state); shown, never counted as a sample
  Instant received{};  // when our transport had it, never the device's own clock
};

// A stream frame's own coordinates. `boot` changes when the node restarts, `seq` shows loss, `t_us` is the
// node's monotonic clock in µs: comparable only within one boot.
struct StreamStamp {
  std::string boot;  // as sent, at most 15 characters
  std::uint64_t seq{};
  std::int64_t t_us{};
};

enum class Contact : std::uint8_t { unsupported, no, yes };

// One heart-rate notification (0x2A37 or the same fields as JSON). RR oldest first, unit 1/1024 s.
struct HeartSample {
  static constexpr std::size_t max_rr = 16;
  DeviceIndex device{};
  StreamStamp stamp;
  std::optional<double> bpm;  // nullopt: no data (a sent 0 or 255 means no data)
  Contact contact{Contact::unsupported};
  std::uint8_t rr_count{};
  std::array<std::uint16_t, max_rr> rr_1024{};
  Instant received{};
};

// One batch of motion samples, axes as columns of equal length. m/s² and rad/s; gyro columns empty when
// absent.
struct MotionFrame {
  static constexpr std::size_t max_samples = 256;
  DeviceIndex device{};
  StreamStamp stamp;                  // t_us is the time of the first sample
  std::vector<std::int32_t> step_us;  // from sample i to i+1: one value for all, or count-1 values
  std::vector<float> ax, ay, az;
  std::vector<float> gx, gy, gz;
  Instant received{};
};

using Decoded = std::variant<Reading, HeartSample, MotionFrame>;

}  // namespace rytme
