// SPDX-License-Identifier: Apache-2.0
#include "controller/app/confirmations.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::app {
namespace {
constexpr std::chrono::seconds stop_answer{2};  // design §6: confirmed within 2 s or the device is named
}

void Confirmations::commanded(DeviceIndex device, Capability capability, double value, double tolerance,
                              std::uint64_t seq, std::optional<Instant> due) {
  pending_[{device, capability}] = {value, tolerance, seq, due};
}

bool Confirmations::may_again(DeviceIndex device, Capability capability, double value) {
  Tried& tried = tried_[{device, capability}];
  if (tried.value != value) tried = {value, 0};
  return tried.times++ == 0;
}

std::vector<Confirmations::Overdue> Confirmations::overdue(Instant now) {
  std::vector<Overdue> all;
  for (auto at = answers_.begin(); at != answers_.end();) {
    const auto [device, due] = *at;
    if (due > now) {
      ++at;
      continue;
    }
    at = answers_.erase(at);
    const auto level = pending_.find({device, Capability::light_level});
    const double value = level != pending_.end() ? level->second.value : 0;
    if (level != pending_.end()) level->second.due.reset();  // one repetition for both
    all.push_back({device, may_again(device, Capability::light_level, value), true});
  }
  for (auto& [key, pending] : pending_) {
    if (!pending.due || *pending.due > now) continue;
    pending.due.reset();
    all.push_back({key.first, may_again(key.first, key.second, pending.value), false});
  }
  return all;
}

Instant Confirmations::next_wake() const {
  Instant wake = deadline_.value_or(Instant::max());
  for (const auto& [device, due] : answers_) wake = std::min(wake, due);
  for (const auto& [key, pending] : pending_)
    if (pending.due) wake = std::min(wake, *pending.due);
  return wake;
}

std::optional<std::uint64_t> Confirmations::reported(DeviceIndex device, Capability capability,
                                                     double value) {
  const auto found = pending_.find({device, capability});
  if (found == pending_.end() || !(std::abs(found->second.value - value) <= found->second.tolerance))
    return std::nullopt;
  const auto seq = found->second.seq;
  pending_.erase(found);
  tried_.erase({device, capability});
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
