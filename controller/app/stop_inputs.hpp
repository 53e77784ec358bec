// SPDX-License-Identifier: Apache-2.0
// Wall stops on an input (place stop.*), normally closed: a circuit that is open, because somebody pressed or
// because a wire broke, is a stop. Pure; logic thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

class StopInputs {
 public:
  explicit StopInputs(const settings::House& house);

  // What the input of a device says (input.on, 0 or 1); readings of other devices are let pass. True: its
  // circuit has opened just now, and everything is to stop. A polled input has to say so for 20 ms, in
  // two samples or more; one that tells its changes once.
  bool reported(DeviceIndex device, double value);
  // Whether the device is in reach. Out of reach it says nothing; where the settings want it, that is an open
  // circuit after `lost_bound`.
  void reachable(DeviceIndex device, bool is, Instant now);
  // Devices that have been out of reach for that long just now.
  std::vector<DeviceIndex> overdue(Instant now);
  Instant next_wake() const;

  // A device whose circuit is open, or counts as open: nothing can be made ready again. nullopt: none.
  std::optional<DeviceIndex> open() const;

  static constexpr std::chrono::seconds lost_bound{3};

 private:
  struct Input {
    bool closed_is_on{};
    bool lost_is_stop{};
    int needed{};  // samples that say open
    int opened{};  // in a row
    bool lost{};   // for so long that it counts as open
    std::optional<Instant> lost_at;
  };
  std::map<DeviceIndex, Input> inputs_;
};

}  // namespace rytme::app
