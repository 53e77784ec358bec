// SPDX-License-Identifier: Apache-2.0
// Who answers on a Modbus bus: every unit that no device of the room has is asked once for one register. An
// answer is an answer, and so is a refusal. Pure; logic thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "controller/settings/house.hpp"

namespace rytme::app {

class BusScan {
 public:
  // `house` must outlive this.
  BusScan(const settings::House& house, BusIndex bus) : house_(house), bus_(bus) {}

  // What is to be asked, 1 to 247.
  std::vector<RegisterRead> begin();
  // An answer to one of them, or none. `up`: the bus was there.
  void take(const RegisterBlock& block, bool up);
  void abandon();
  bool running() const { return running_ && !waiting_.empty(); }

  // JSON: how far it is, who answered, and who is known there; each new one with a block for room.toml.
  std::string text() const;

 private:
  const settings::House& house_;
  BusIndex bus_;
  bool running_{}, abandoned_{};
  std::set<std::uint8_t> waiting_, answered_;
};

}  // namespace rytme::app
