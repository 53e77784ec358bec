// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/body_movement.hpp"

namespace rytme::signals {

namespace {

constexpr double standard_gravity = 9.80665;
constexpr std::int64_t second_us = 1'000'000;
constexpr double fresh_s = 3;

// What a seat's sensor says of the body on it.
std::optional<double> through_seat(const MotionNow& now) {
  const bool somebody = now.occupied.value_or(false);
  const bool passive = !now.swing.frequency_hz || now.swing.pumping == 0;
  return somebody && passive ? now.body_mad_mps2 : std::nullopt;
}

}  // namespace

BodyMovement::BodyMovement(std::span<const DeviceIndex> worn) {
  for (const DeviceIndex device : worn) {
    devices_[device].worn = true;
  }
}

std::optional<MotionSecond> BodyMovement::add(const MotionFrame& frame) {
  auto& device = devices_[frame.device];
  device.tracker.add(frame);
  device.heard = frame.received;
  const auto last_us = device.tracker.last_us();
  if (!last_us || *last_us / second_us == device.told_s) {
    return std::nullopt;
  }
  device.told_s = *last_us / second_us;
  return MotionSecond{.now = device.tracker.at(*last_us), .worn = device.worn};
}

std::optional<double> BodyMovement::mad_g(Instant now) const {
  std::optional<double> seat;
  for (const auto& [index, device] : devices_) {
    const auto last_us = device.tracker.last_us();
    if (!last_us || seconds_between(device.heard, now) > fresh_s) {
      continue;
    }
    const auto seen = device.tracker.at(*last_us);
    const auto mad_mps2 = device.worn ? seen.body_mad_mps2 : through_seat(seen);
    if (mad_mps2 && device.worn) {
      return *mad_mps2 / standard_gravity;
    }
    if (mad_mps2) {
      seat = *mad_mps2 / standard_gravity;
    }
  }
  return seat;
}

std::optional<double> BodyMovement::swing_hz(Instant now) const {
  for (const auto& [index, device] : devices_) {
    const auto last_us = device.tracker.last_us();
    if (!last_us || device.worn || seconds_between(device.heard, now) > fresh_s) {
      continue;
    }
    if (const auto hz = device.tracker.at(*last_us).swing.frequency_hz) {
      return hz;
    }
  }
  return std::nullopt;
}

}  // namespace rytme::signals
