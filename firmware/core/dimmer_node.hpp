// SPDX-License-Identifier: Apache-2.0
// The dimmer as a Modbus slave: registers of protocol/dimmer_registers.hpp round Dimmer. Main loop only.
#pragma once

#include "firmware/core/node.hpp"

namespace rytme::firmware {

class DimmerNode final : public Node {
 public:
  // A wire that changes for less time is not taken to have changed. A stop begins within 50 ms.
  static constexpr Micros debounce{20'000};

  // Both must outlive the node.
  DimmerNode(Board& board, DimmerOutputs& outputs);

  // One turn of the main loop.
  void turn();

  const Dimmer& dimmer() const { return dimmer_; }

  Verdict read(Area area, std::uint16_t address, std::span<std::uint16_t> values) override;
  Verdict write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) override;
  void heard() override { dimmer_.heard(now_); }

 private:
  DimmerSettings dimmer_settings() const;
  std::uint16_t state() const;
  Verdict read_holding(std::uint16_t address, std::span<std::uint16_t> values);
  Verdict read_status(std::uint16_t address, std::span<std::uint16_t> values) const;
  void check_outputs();
  void look_at_wires(Instant now);

  DimmerOutputs& outputs_;
  Dimmer dimmer_;
  DimmerInputs wires_;    // as they are taken
  DimmerInputs changed_;  // as they were seen last, since
  Instant changed_at_{};
  Levels given_{};
  bool fault_{};
  RtuSlave slave_;
};

}  // namespace rytme::firmware
