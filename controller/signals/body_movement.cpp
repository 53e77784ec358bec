// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/body_movement.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numbers>

#include "controller/signals/pendulum_phase.hpp"

namespace rytme::signals {

namespace {

constexpr double standard_gravity = 9.80665;
constexpr std::int64_t second_us = 1'000'000;
constexpr double fresh_s = 3;
constexpr std::chrono::seconds stuck_after{60};
constexpr double rad_per_deg = std::numbers::pi / 180;
constexpr double foretold_periods = 1.25;
constexpr std::int64_t drift_us = 20;  // a frame: more than two quartz clocks part in 0.2 s

std::int64_t in_us(Instant when) {
  return std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
}

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
  const auto before_us = device.tracker.last_us();
  device.tracker.add(frame);
  device.heard = frame.received;
  if (!before_us || device.tracker.last_us() != before_us) device.counted = frame.received;
  set_clock(device);
  const auto last_us = device.tracker.last_us();
  if (!last_us || *last_us / second_us == device.told_s) {
    return std::nullopt;
  }
  device.told_s = *last_us / second_us;
  return MotionSecond{.now = device.tracker.at(*last_us), .worn = device.worn};
}

// A frame comes as soon as it can or later, so the quickest one knows best; drift_us a frame lets go of it.
void BodyMovement::set_clock(Device& device) {
  const auto last_us = device.tracker.last_us();
  if (!last_us) {
    return;
  }
  const std::int64_t behind_us = in_us(device.heard) - *last_us;
  const std::int64_t known_us = device.behind_us.value_or(behind_us) + drift_us;
  device.behind_us = std::abs(behind_us - known_us) > second_us ? behind_us : std::min(behind_us, known_us);
}

bool BodyMovement::stuck(DeviceIndex device) const {
  const auto found = devices_.find(device);
  return found != devices_.end() && found->second.heard - found->second.counted >= stuck_after;
}

std::optional<SwingSeen> BodyMovement::swing(Instant now) const {
  for (const auto& [index, device] : devices_) {
    if (device.worn || !device.behind_us) {
      continue;
    }
    const std::int64_t now_us = in_us(now) - *device.behind_us;
    const auto seen = device.tracker.at(now_us).swing;
    const double age_s = static_cast<double>(now_us - device.tracker.last_us().value_or(0)) / second_us;
    const bool known = seen.frequency_hz && seen.phase_rad;
    if (known && age_s * *seen.frequency_hz <= foretold_periods) {
      const double phase_rad = even_phase(*seen.phase_rad, seen.amplitude_deg.value_or(0) * rad_per_deg);
      return SwingSeen{*seen.frequency_hz, phase_rad, seen.quality == Quality::good};
    }
  }
  return std::nullopt;
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
