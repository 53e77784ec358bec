// SPDX-License-Identifier: Apache-2.0
#include "controller/app/stop_inputs.hpp"

#include <algorithm>

namespace rytme::app {
namespace {

constexpr int samples_polled = 2;
constexpr int samples_told = 1;

}  // namespace

StopInputs::StopInputs(const settings::House& house) {
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const auto& device = house.devices[i];
    if (!device.is_stop()) continue;
    Input input;
    input.closed_is_on = device.closed_is_on;
    input.lost_is_stop = device.lost_is_stop;
    input.needed = device.bus ? samples_polled : samples_told;
    inputs_.emplace(static_cast<DeviceIndex>(i), input);
  }
}

// A value that is none is no closed circuit.
bool StopInputs::reported(DeviceIndex device, double value) {
  const auto found = inputs_.find(device);
  if (found == inputs_.end()) return false;
  Input& input = found->second;
  const bool closed = input.closed_is_on ? value > 0.5 : value < 0.5;
  input.opened = closed ? 0 : std::min(input.opened + 1, input.needed + 1);
  return input.opened == input.needed;
}

void StopInputs::reachable(DeviceIndex device, bool is, Instant now) {
  const auto found = inputs_.find(device);
  if (found == inputs_.end()) return;
  Input& input = found->second;
  if (is) {
    input.lost_at.reset();
    input.lost = false;
  } else if (!input.lost_at && !input.lost) {
    input.lost_at = now;
  }
}

std::vector<DeviceIndex> StopInputs::overdue(Instant now) {
  std::vector<DeviceIndex> all;
  for (auto& [device, input] : inputs_) {
    if (!input.lost_is_stop || !input.lost_at || now < *input.lost_at + lost_bound) continue;
    input.lost_at.reset();
    input.lost = true;
    all.push_back(device);
  }
  return all;
}

Instant StopInputs::next_wake() const {
  Instant wake = Instant::max();
  for (const auto& [device, input] : inputs_)
    if (input.lost_is_stop && input.lost_at) wake = std::min(wake, *input.lost_at + lost_bound);
  return wake;
}

std::optional<DeviceIndex> StopInputs::open() const {
  for (const auto& [device, input] : inputs_)
    if (input.lost || input.opened >= input.needed) return device;
  return std::nullopt;
}

}  // namespace rytme::app
