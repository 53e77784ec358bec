// SPDX-License-Identifier: Apache-2.0
// Polled outputs against what we last sent them: who changed this light? Pure; logic thread.
#pragma once

#include <map>
#include <utility>

#include "controller/room/capability.hpp"
#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"

namespace rytme::app {

class OutputWatch {
 public:
  // fine: as sent, or perhaps on its way there. reset: dark without our asking, as after a power cut; to be
  // brought back. changed: somebody else moved it; told once, and left alone until it is commanded anew.
  enum class Finding : std::uint8_t { fine, reset, changed };

  // `value`, `tolerance` in the device's own scale; reports before `settled` are history.
  void sent(DeviceIndex device, Capability capability, double value, double tolerance, Instant settled);
  // What was sent counts no more: the device restarted, was away, or did not get it.
  void forget(DeviceIndex device);
  // Two reports in a row make a finding. A second reset within 30 s is a change: nobody fights over a lamp.
  Finding reported(DeviceIndex device, Capability capability, double value, Instant now);

  // Somebody else's value stands on one of its outputs.
  bool changed(DeviceIndex device) const;
  // What was last sent; NaN: nothing.
  double last_sent(DeviceIndex device, Capability capability) const;

 private:
  struct Row {
    double value{};
    double tolerance{};
    Instant settled{};
    int strikes{};
    bool changed{};
  };
  using Key = std::pair<DeviceIndex, Capability>;
  std::map<Key, Row> rows_;
  std::map<DeviceIndex, Instant> resets_;  // last one of each
};

}  // namespace rytme::app
