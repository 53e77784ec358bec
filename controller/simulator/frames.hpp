// SPDX-License-Identifier: Apache-2.0
// The two streams as text on the wire, and where they come from: a person that is simulated or was recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::simulator {

struct HeartFrame {
  std::int64_t t_us{};
  int bpm{};  // 0: no data
  bool contact{true};
  std::vector<std::uint16_t> rr_1024;  // oldest first, unit 1/1024 s
};

// Axes as columns of equal length, m/s² and rad/s; gyro columns empty when there is none.
struct MotionColumns {
  std::vector<std::int64_t> t_us;
  std::vector<float> ax, ay, az;
  std::vector<float> gx, gy, gz;
};

// The same fields as a Bluetooth heart rate measurement (0x2A37), upper-case hex.
std::string heart_measurement_hex(const HeartFrame& frame);
// Payload of homie/5/<node>/hr/sample.
std::string heart_frame_text(const HeartFrame& frame, std::string_view boot, std::uint64_t seq);
// Payload of homie/5/<node>/motion/frame with samples [first, first + count) of `columns`; count > 0.
std::string motion_frame_text(const MotionColumns& columns, std::size_t first, std::size_t count,
                              std::string_view boot, std::uint64_t seq);

// One node's frames in the order of the source's clock, which begins near 0.
class FrameSource {
 public:
  FrameSource() = default;
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;
  virtual ~FrameSource() = default;
  // When the next frame is complete and goes out; nullopt: nothing comes any more.
  virtual std::optional<std::int64_t> next_us() const = 0;
  // That frame's text; nullopt: lost on the air. Only while next_us() has a value.
  virtual std::optional<std::string> take(std::string_view boot, std::uint64_t seq) = 0;
};

}  // namespace rytme::simulator
