// SPDX-License-Identifier: Apache-2.0
// Carrying out the [[setup]] of a device in its order. Modbus: each written and read back, and the whole read
// once more at the end. MQTT: each said, and its answer awaited. Talks to the device through a port only, so
// tests can be the device.
#pragma once

#include <optional>
#include <vector>

#include "controller/app/device_book.hpp"

namespace rytme::app {

class SetupPort {
 public:
  virtual ~SetupPort() = default;
  // "" when done; else why not, in words for people. Tries again where that helps; bounded.
  virtual std::string write(const RegisterWrite& write) = 0;
  virtual std::string read(const RegisterRead& read, std::vector<std::uint16_t>& values) = 0;
};

class TalkPort {
 public:
  virtual ~TalkPort() = default;
  virtual void say(const MqttPublish& message) = 0;
  // The next message heard; nullopt when there is none within the time.
  virtual std::optional<MqttMessage> hear(std::chrono::milliseconds limit) = 0;
};

// Both go on after a fault, so that the sheet shows all of them. The sheet's hash and time are the caller's
// to fill in.
Commissioned commission(const std::vector<devices::SetupStep>& steps, SetupPort& port);
Commissioned commission(const std::vector<devices::SetupTalk>& talks, TalkPort& port);

}  // namespace rytme::app
