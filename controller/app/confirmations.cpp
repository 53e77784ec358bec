// SPDX-License-Identifier: Apache-2.0
#include "controller/app/confirmations.hpp"

#include <cmath>

namespace rytme::app {
namespace {
constexpr std::chrono::seconds stop_answer{2};  // design §6: confirmed within 2 s or the device is named
}

void Confirmations::commanded(DeviceIndex device, Capability capability, double value, double tolerance,
                              std::uint64_t seq) {
  pending_[{device, capability}] = {value, tolerance, seq};
}

std::optional<std::uint64_t> Confirmations::reported(DeviceIndex device, Capability capability,
                                                     double value) {
  const auto found = pending_.find({device, capability});
  if (found == pending_.end() || !(std::abs(found->second.value - value) <= found->second.tolerance))
    return std::nullopt;
  const auto seq = found->second.seq;
  pending_.erase(found);
  return seq;
}

void Confirmations::stop_sent(std::uint64_t generation, const std::vector<DeviceIndex>& devices,
                              Instant now) {
  generation_ = generation;
  deadline_ = now + stop_answer;
  confirmed_.clear();
  waiting_ = {devices.begin(), devices.end()};
}

bool Confirmations::stop_confirmed(DeviceIndex device) {
  if (waiting_.erase(device) == 0) return false;
  confirmed_.push_back(device);
  return true;
}

}  // namespace rytme::app
