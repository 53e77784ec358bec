// SPDX-License-Identifier: Apache-2.0
#include "controller/app/stop_inputs.hpp"

#include <algorithm>

#include "controller/settings/stop_input.hpp"

namespace rytme::app {
namespace {

constexpr int samples_told = 1;
// From the first sample that says open to the last: one torn sample stops nothing, nor a burst of 15 ms on
// the wire (IEC 61000-4-4).
constexpr std::chrono::milliseconds apart{20};

int samples_polled(const settings::BusSettings& bus) {
  const auto period = settings::stop_input_period(bus);
  return static_cast<int>(1 + (apart + period - std::chrono::milliseconds{1}) / period);
}

}  // namespace

StopInputs::StopInputs(const settings::House& house) {
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const auto& device = house.devices[i];
    if (!device.is_stop()) continue;
    Input input;
    input.closed_is_on = device.closed_is_on;
    input.lost_is_stop = device.lost_is_stop;
    input.needed = device.bus ? samples_polled(house.buses[*device.bus]) : samples_told;
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
