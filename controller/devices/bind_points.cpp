// SPDX-License-Identifier: Apache-2.0
// The points of Modbus profiles bound to the devices: addresses, periods, conditions, the plan of polls,
// setup.
#include <algorithm>
#include <map>
#include <utility>

#include "controller/devices/engine.hpp"
#include "controller/devices/registers.hpp"
#include "controller/room/light_curve.hpp"
#include "controller/settings/modbus_rules.hpp"
#include "controller/settings/stop_input.hpp"

namespace rytme::devices {
namespace {

using settings::PollClass;
using settings::SetupWrite;

std::chrono::milliseconds period_of(PollClass poll, const settings::ModbusLink& link) {
  switch (poll) {
    case PollClass::fast:
      return link.fast;
    case PollClass::slow:
      return link.slow;
    case PollClass::stream:
      return link.stream;
    default:
      return link.once;
  }
}

std::uint8_t unit_of(const settings::DeviceSettings& device) {
  return static_cast<std::uint8_t>(settings::number_param(device.params, "unit", 1));
}

Strips strips_of(const settings::DeviceSettings& device) {
  const Strips usual;
  const auto kelvin = [&](const char* name, double otherwise) {
    return static_cast<double>(
        settings::number_param(device.params, name, static_cast<std::int64_t>(otherwise)));
  };
  return {kelvin("k_warm", usual.warm_k), kelvin("k_cold", usual.cold_k)};
}

double value_of(const SetupWrite& setup, const settings::DeviceSettings& device,
                const settings::RoomSettings& room) {
  const LightScene safe = device.safe.value_or(room.safe_light);
  switch (setup.source) {
    case SetupWrite::Source::safe_level:
      return level_from_linear(device.curve, safe.level);
    case SetupWrite::Source::safe_cct:
      return safe.cct_k > 0 ? safe.cct_k : room.safe_light.cct_k;
    case SetupWrite::Source::param:
      return static_cast<double>(settings::number_param(device.params, setup.param, 0));
    case SetupWrite::Source::literal:
      break;
  }
  return setup.value;
}

}  // namespace

void Devices::Engine::bind_points(DeviceIndex device) {
  const settings::DeviceSettings& settings = house_.devices[device];
  if (!settings.bus) return;
  const settings::Profile& profile = profile_of(device);
  for (const settings::ModbusPoint& point : profile.points) {
    if (!settings::applies(point.when, settings.params)) continue;
    const std::uint16_t behind = settings::channel_offset(profile, settings.params, point.channel_step);
    PointUse use;
    use.device = device;
    use.point = &point;
    use.run = {*settings.bus,
               unit_of(settings),
               point.area,
               static_cast<std::uint16_t>(point.read_address + behind),
               settings::words_in(point.type),
               period_of(point.poll, profile.link)};
    if (settings.is_stop() && point.capability == Capability::input_on) {
      use.run.period = settings::stop_input_period(house_.buses[*settings.bus]);
      use.run.ahead = true;
    }
    use.write_address = static_cast<std::uint16_t>(point.write_address + behind);
    use.strips = strips_of(settings);
    points_.push_back(std::move(use));
  }
}

void Devices::Engine::bind_gates() {
  // A level reaches the lamp before its switch does, whatever the order in the profile.
  std::stable_sort(points_.begin(), points_.end(), [](const PointUse& a, const PointUse& b) {
    const auto rank = [](const PointUse& use) {
      return std::pair(use.device, use.point->capability == Capability::light_on ? 1 : 0);
    };
    return rank(a) < rank(b);
  });
  for (PointUse& use : points_)
    for (const auto& condition : use.point->when) {
      if (condition.of_param) continue;
      const auto other = std::find_if(points_.begin(), points_.end(), [&](const PointUse& item) {
        return item.device == use.device && item.point->id == condition.name;
      });
      if (other != points_.end())
        use.gates.push_back({static_cast<std::size_t>(other - points_.begin()), &condition});
    }
}

std::vector<RegisterRead> Devices::Engine::polls() const {
  std::map<std::pair<BusIndex, std::uint8_t>, std::pair<PollLimits, std::vector<RegisterRead>>> slaves;
  for (const PointUse& use : points_) {
    if (!use.point->readable || use.point->poll == PollClass::never) continue;
    auto& [limits, runs] = slaves[{use.run.bus, use.run.unit}];
    const settings::ModbusLink& link = profile_of(use.device).link;
    limits = {link.max_block, link.max_hole};
    runs.push_back(use.run);
  }
  std::vector<RegisterRead> all;
  for (auto& [slave, wanted] : slaves) {
    auto plan = merged(std::move(wanted.second), wanted.first);
    all.insert(all.end(), plan.begin(), plan.end());
  }
  return all;
}

std::vector<BoundPoint> Devices::Engine::points() const {
  std::vector<BoundPoint> all;
  all.reserve(points_.size());
  for (const PointUse& use : points_) all.push_back({use.device, use.point, use.run, use.write_address});
  return all;
}

std::vector<SetupStep> Devices::Engine::setup(DeviceIndex device) const {
  std::vector<SetupStep> steps;
  const settings::DeviceSettings& settings = house_.devices[device];
  if (!settings.bus) return steps;
  const settings::Profile& profile = profile_of(device);
  for (const SetupWrite& setup : profile.setup) {
    if (!settings::applies(setup.when, settings.params)) continue;
    SetupStep step;
    step.setup = &setup;
    step.value = value_of(setup, settings, house_.room);
    step.write.bus = *settings.bus;
    step.write.unit = unit_of(settings);
    step.write.area = setup.area;
    step.write.address = static_cast<std::uint16_t>(
        setup.address + settings::channel_offset(profile, settings.params, setup.channel_step));
    step.write.values = words_of(unscaled(setup.scaling, step.value), setup.type);
    steps.push_back(std::move(step));
  }
  return steps;
}

settings::Readback Devices::Engine::readback(DeviceIndex device, Capability capability) const {
  const settings::Echo& echo = profile_of(device).echo;
  settings::Readback readback{echo.tolerance, echo.settle};
  for (const PointUse& use : points_) {
    if (use.device != device || use.point->capability != capability) continue;
    if (use.point->readback.tolerance) readback.tolerance = use.point->readback.tolerance;
    if (use.point->readback.delay) readback.delay = use.point->readback.delay;
  }
  return readback;
}

}  // namespace rytme::devices
