// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <string>

#include "controller/devices/engine.hpp"
#include "controller/devices/registers.hpp"

namespace rytme::devices {
namespace {

// Two in a row: one late answer on a line is no loss.
constexpr int failures_until_lost = 2;

// Wire address that is read, which may differ from the one that is written.
unsigned read_address(const PointUse& use) {
  if (!use.point->read_address) return use.run.address;
  return unsigned{use.run.address} - use.point->address + *use.point->read_address;
}

bool covers(const RegisterRead& block, const PointUse& use) {
  return use.point->readable && block.bus == use.run.bus && block.unit == use.run.unit &&
         block.area == use.run.area && read_address(use) >= block.address &&
         read_address(use) + use.run.count <= unsigned{block.address} + block.count;
}

std::string place_of(const RegisterRead& read) {
  return "bus " + std::to_string(read.bus) + " unit " + std::to_string(read.unit) + " register " +
         std::to_string(read.address);
}

}  // namespace

void Devices::Engine::decode(const RegisterBlock& block, std::vector<Decoded>& out) {
  const bool ok = block.outcome == BusOutcome::ok;
  if (ok && block.values.size() != block.read.count)
    return refuse(place_of(block.read), {Refusal::malformed, "not as many values as were asked for"});
  std::optional<DeviceIndex> device;  // points_ stands in the order of the devices
  for (const PointUse& use : points_) {
    if (!covers(block.read, use)) continue;
    if (device && *device != use.device) tell_light(*device, block.received, out);
    if (device != use.device) tell_bus(use.device, block, out);
    device = use.device;
    if (ok) take_point(use, block, out);
  }
  if (device) tell_light(*device, block.received, out);
  if (!device) refuse(place_of(block.read), {Refusal::unknown_topic, "no device has these registers"});
}

void Devices::Engine::take_point(const PointUse& use, const RegisterBlock& block, std::vector<Decoded>& out) {
  const settings::ModbusPoint& point = *use.point;
  const double raw = raw_of(block.values.data() + (read_address(use) - block.read.address), point.type,
                            point.big_word_first);
  Value value{raw, Quality::good};
  if (info(point.capability).kind == ValueKind::boolean)
    value.number = raw != 0 ? 1 : 0;
  else if (auto refused = scaled(point.scaling, point.capability, raw, value))
    return refuse(place_of(block.read), *refused);
  take_value(reading_of(use.device, point.capability, value, block.received), out);
}

void Devices::Engine::tell_bus(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out) {
  DeviceState& state = states_[device];
  if (block.outcome == BusOutcome::ok)
    state.failures = 0;
  else
    ++state.failures;
  const bool lost = block.outcome == BusOutcome::gone || state.failures >= failures_until_lost;
  if (block.outcome != BusOutcome::ok && !lost) return;
  if (state.bus_online == !lost) return;
  state.bus_online = !lost;
  out.emplace_back(reading_of(device, Capability::availability_online, {lost ? 0.0 : 1.0}, block.received));
}

}  // namespace rytme::devices
