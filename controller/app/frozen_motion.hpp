// SPDX-License-Identifier: Apache-2.0
// Motion sensors that go on saying the same to the last digit: no swing is as still as that (criterion:
// stuck, constant for 60 s). Pure; logic thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "controller/room/reading.hpp"

namespace rytme::app {

class FrozenMotion {
 public:
  static constexpr std::chrono::seconds patience{60};

  void take(const MotionFrame& frame) {
    Last& last = last_[frame.device];
    bool changed = false;
    std::size_t axis = 0;
    for (const auto* values : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz}) {
      float& before = last.values[axis++];
      if (values->empty()) continue;
      changed = changed || std::any_of(values->begin(), values->end(),
                                       [&before](float value) { return value != before; });
      before = values->back();
    }
    if (changed || last.changed == Instant{}) last.changed = frame.received;
  }
  // False of a device that has sent nothing: that it is silent is said elsewhere.
  bool is(DeviceIndex device, Instant now) const {
    const auto found = last_.find(device);
    return found != last_.end() && now - found->second.changed >= patience;
  }

 private:
  struct Last {
    float values[6]{};
    Instant changed{};
  };
  std::map<DeviceIndex, Last> last_;
};

}  // namespace rytme::app
