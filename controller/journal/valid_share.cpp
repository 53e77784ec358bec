// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/valid_share.hpp"

#include <algorithm>

namespace rytme::journal {
namespace {

constexpr double late_after_s = 10;  // design §6: heart data late

}  // namespace

void ValidShare::pulse(const std::string& device, std::int64_t mono_us, bool good) {
  const auto [place, fresh] = devices_.try_emplace(device, Device{mono_us, good, 0, 0});
  if (fresh) return;
  advance(place->second, mono_us);
  place->second.good = good;
}

void ValidShare::recording(std::int64_t mono_us, bool on) {
  advance_all(mono_us);
  recording_ = on;
  // What was known before a pause says nothing about the time after it.
  for (auto& [name, device] : devices_) device.good = false;
}

std::optional<double> ValidShare::share() const {
  double valid_s = 0;
  double all_s = 0;
  for (const auto& [name, device] : devices_) {
    valid_s = std::max(valid_s, device.valid_s);
    all_s = std::max(all_s, device.all_s);
  }
  if (all_s <= 0) return std::nullopt;
  return valid_s / all_s;
}

void ValidShare::advance(Device& device, std::int64_t mono_us) const {
  // The steady clock begins anew when the machine does: such a span is no time.
  const double span_s = std::max(0.0, static_cast<double>(mono_us - device.since_us) / 1e6);
  device.since_us = mono_us;
  if (!recording_) return;
  device.all_s += span_s;
  if (device.good) device.valid_s += std::min(span_s, late_after_s);
}

void ValidShare::advance_all(std::int64_t mono_us) {
  for (auto& [name, device] : devices_) advance(device, mono_us);
}

}  // namespace rytme::journal
