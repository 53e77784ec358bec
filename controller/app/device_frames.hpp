// SPDX-License-Identifier: Apache-2.0
// The last frames to and from each device, as they were on the wire: for whoever has to see what it really
// says. What comes from a person, or follows one, is kept by its length alone. Pure; logic thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

// Everything on such a place says how a person is or moves.
bool is_of_a_person(const settings::DeviceSettings& device);

struct DeviceFrame {
  WallTime at{};
  bool out{};         // from us
  std::string where;  // topic; Modbus: "holding 100, 3"
  std::string text;   // payload as it was, cut; Modbus: hex of request and reply, without checksum
  std::size_t bytes{};
  bool retained{};
  bool withheld{};  // text is left out
};

class DeviceFrames {
 public:
  static constexpr std::size_t kept = 50;
  static constexpr std::size_t longest = 400;  // bytes of a text

  // `house` must outlive this.
  explicit DeviceFrames(const settings::House& house);

  // `in_session`: what a player is told then is withheld as well.
  void heard(DeviceIndex device, const MqttMessage& message, bool in_session, WallTime at);
  void heard(const RegisterBlock& block, WallTime at);  // of every device with this unit
  void sent(DeviceIndex device, const devices::Encoded& encoded, bool in_session, WallTime at);

  // Oldest first.
  std::vector<DeviceFrame> of(DeviceIndex device) const;

 private:
  struct Ring {
    std::vector<DeviceFrame> frames;
    std::size_t next{};
  };
  DeviceFrame& next(DeviceIndex device, bool out, bool withheld, WallTime at);
  bool withheld(DeviceIndex device, bool in_session) const;

  const settings::House& house_;
  std::vector<Ring> rings_;
};

}  // namespace rytme::app
