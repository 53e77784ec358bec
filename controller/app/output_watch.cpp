// SPDX-License-Identifier: Apache-2.0
#include "controller/app/output_watch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rytme::app {
namespace {

constexpr int strikes_to_believe = 2;
constexpr std::chrono::seconds fight{30};

}  // namespace

void OutputWatch::sent(DeviceIndex device, Capability capability, double value, double tolerance,
                       Instant settled) {
  rows_[{device, capability}] = {value, tolerance, settled, 0, false};
}

void OutputWatch::forget(DeviceIndex device) {
  std::erase_if(rows_, [&](const auto& row) { return row.first.first == device; });
}

OutputWatch::Finding OutputWatch::reported(DeviceIndex device, Capability capability, double value,
                                           Instant now) {
  const auto found = rows_.find({device, capability});
  if (found == rows_.end() || now < found->second.settled || !std::isfinite(value)) return Finding::fine;
  Row& row = found->second;
  if (std::abs(value - row.value) <= row.tolerance) {
    row.strikes = 0;
    row.changed = false;
    return Finding::fine;
  }
  if (row.changed || ++row.strikes < strikes_to_believe) return Finding::fine;
  row.strikes = 0;
  const auto last = resets_.find(device);
  const bool again = last != resets_.end() && now - last->second < fight;
  if (value == 0 && !again) {
    resets_[device] = now;
    return Finding::reset;
  }
  row.changed = true;
  return Finding::changed;
}

bool OutputWatch::changed(DeviceIndex device) const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const auto& row) { return row.first.first == device && row.second.changed; });
}

double OutputWatch::last_sent(DeviceIndex device, Capability capability) const {
  const auto found = rows_.find({device, capability});
  return found == rows_.end() ? std::numeric_limits<double>::quiet_NaN() : found->second.value;
}

}  // namespace rytme::app
