// SPDX-License-Identifier: Apache-2.0
// A bus for a command that talks to one device itself, while the room's controller does not run. Blocks; main
// thread.
#pragma once

#include "controller/app/commission.hpp"
#include "controller/modbus/line.hpp"

namespace rytme::app {

class SetupLine : public SetupPort {
 public:
  SetupLine(const settings::House& house, BusIndex bus);

  // "" or why the bus cannot be used.
  std::string open();
  std::string write(const RegisterWrite& write) override;
  std::string read(const RegisterRead& read, std::vector<std::uint16_t>& values) override;

 private:
  template <typename Ask>
  std::string tried(Ask ask);

  settings::BusSettings bus_;
  modbus::Line line_;
};

}  // namespace rytme::app
