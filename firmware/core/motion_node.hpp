// SPDX-License-Identifier: Apache-2.0
// The motion node as a Modbus slave: registers of protocol/motion_registers.hpp. Main loop only.
#pragma once

#include "firmware/core/motion_watch.hpp"
#include "firmware/core/node.hpp"
#include "firmware/core/sample_ring.hpp"
#include "firmware/core/swing_meter.hpp"

namespace rytme::firmware {

class MotionNode final : public Node {
 public:
  // All must outlive the node.
  MotionNode(Board& board, ImuSource& imu, Light& light);

  // One turn of the main loop.
  void turn();

  Verdict read(Area area, std::uint16_t address, std::span<std::uint16_t> values) override;
  Verdict write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) override;
  void heard() override {}

 private:
  void sample(Instant now);
  std::uint16_t state() const;
  Verdict read_input(std::uint16_t address, std::span<std::uint16_t> values) const;
  void read_block(Signature signature, std::span<std::uint16_t> values) const;
  void read_status(std::size_t first, std::span<std::uint16_t> values) const;

  ImuSource& imu_;
  Light& light_;
  bool located_{};
  SampleRing ring_;
  MotionWatch watch_;
  SwingMeter swing_;
  std::uint32_t missed_{};
  std::uint32_t gap_{};  // since the latest sample in the ring
  std::uint16_t boot_{};
  RtuSlave slave_;
};

}  // namespace rytme::firmware
