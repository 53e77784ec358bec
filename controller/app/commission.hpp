// SPDX-License-Identifier: Apache-2.0
// Carrying out the [[setup]] of a Modbus device: in order, each written and read back, and the whole read
// once more at the end. Talks to the device through SetupPort only, so tests can be the device.
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

// `time`: ISO 8601, of the record. Goes on after a fault, so that the sheet shows all of them.
Commissioned commission(const std::vector<devices::SetupStep>& steps, const settings::House& house,
                        const std::string& time, SetupPort& port);

}  // namespace rytme::app
