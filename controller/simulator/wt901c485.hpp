// SPDX-License-Identifier: Apache-2.0
// WitMotion WT901C485, an inertial sensor, under a hammock with a simulated person in it: holding 52-54
// acceleration (x along the path, y across, z along the ropes), 55-57 turning rate, 61-63 angles, 64
// temperature. Registers: REG.h of WITMOTION/WitStandardModbus_WT901C485.
#pragma once

#include <optional>

#include "controller/simulator/random.hpp"
#include "controller/simulator/seat.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::simulator {

class Wt901c485 : public RegisterPeer {
 public:
  Wt901c485(std::uint8_t unit, std::uint64_t seed);

  std::uint8_t unit() const override { return unit_; }
  bool read(RegisterArea area, std::uint16_t address, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant now) override;
  // Its settings are not simulated: every write is refused.
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
             Instant now) override;

 private:
  void move_to(Instant now);
  double noisy(double truth, double noise) { return truth + noise * random_.normal(); }
  std::uint16_t value(unsigned address);

  std::uint8_t unit_;
  Seat hammock_;
  Random random_;
  std::optional<Instant> start_;  // when it was first asked
  std::int64_t samples_{};
};

}  // namespace rytme::simulator
