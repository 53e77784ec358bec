// SPDX-License-Identifier: Apache-2.0
// Wiren Board WB-MDM3, a dimmer of three channels: coil = on, holding 0-2 = level in %, and the safety
// timeout that acts by itself when nobody has polled. Addresses: wb-mqtt-serial templates/config-wb-mdm3.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class WbMdm3 : public RegisterPeer {
 public:
  explicit WbMdm3(std::uint8_t unit) : unit_(unit) {}

  std::uint8_t unit() const override { return unit_; }
  bool read(RegisterArea area, std::uint16_t address, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant now) override;
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
             Instant now) override;

 private:
  struct Channel {
    std::uint16_t on{};
    std::uint16_t level{};          // %
    std::uint16_t safety_action{};  // 0 none, 1 off, 2 on, 3 set level
    std::uint16_t safety_level{};   // %
    std::uint16_t power_up_action{};
    std::uint16_t power_up_level{};
  };
  void polled(Instant now);
  void act_safe();
  // The register behind an address of holding or coil, with the largest value it takes; nullptr: none.
  std::uint16_t* cell(RegisterArea area, unsigned address, std::uint16_t& largest);
  std::optional<std::uint16_t> input(unsigned address, Instant now) const;

  std::uint8_t unit_;
  std::array<Channel, 3> channels_{};
  std::uint16_t safety_timeout_s_{10};
  std::optional<Instant> first_poll_;  // taken as the start of the device
  Instant last_poll_{};
};

}  // namespace rytme::simulator
