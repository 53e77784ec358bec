// SPDX-License-Identifier: Apache-2.0
// What a start without loss of power finds again: how often that was, and where the light was. Lies in memory
// that a start does not clear; after a loss of power there is anything in it. Main loop only.
#pragma once

#include <cstdint>

#include "firmware/core/dimmer.hpp"

namespace rytme::firmware {

class Retained {
 public:
  Retained() = default;  // leaves everything as it is

  // Once at the start, before anything else.
  void begin();
  std::uint16_t starts() const { return starts_; }
  const Levels& levels() const { return levels_; }
  void keep(const Levels& levels);
  // A number that a loss of power has left to chance.
  std::uint16_t chance() const { return chance_; }

 private:
  std::uint16_t checksum() const;

  std::uint32_t mark_;
  std::uint16_t starts_;
  Levels levels_;
  std::uint16_t chance_;
  std::uint16_t checksum_;
};

}  // namespace rytme::firmware
