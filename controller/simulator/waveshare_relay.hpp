// SPDX-License-Identifier: Apache-2.0
// Waveshare Modbus RTU Relay, 8 channels: coils 0-7, coil 255 all at once (written only), holding 0x8000
// version. It has no watchdog: a relay stays as it is. Addresses: the maker's wiki, Modbus_RTU_Relay.
#pragma once

#include <array>

#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class WaveshareRelay : public RegisterPeer {
 public:
  explicit WaveshareRelay(std::uint8_t unit) : unit_(unit) {}

  std::uint8_t unit() const override { return unit_; }
  bool read(RegisterArea area, std::uint16_t address, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant now) override;
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
             Instant now) override;

 private:
  std::uint8_t unit_;
  std::array<std::uint16_t, 8> relays_{};
};

}  // namespace rytme::simulator
