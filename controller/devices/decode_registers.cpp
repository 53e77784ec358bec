// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "controller/devices/engine.hpp"
#include "controller/devices/registers.hpp"
#include "controller/devices/sample_ring.hpp"

namespace rytme::devices {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool covers(const RegisterRead& block, const PointUse& use) {
  return use.point->readable && block.bus == use.run.bus && block.unit == use.run.unit &&
         block.area == use.run.area && use.run.address >= block.address &&
         use.run.address + use.run.count <= unsigned{block.address} + block.count;
}

const std::uint16_t* words_in_block(const PointUse& use, const RegisterBlock& block) {
  return block.values.data() + (use.run.address - block.read.address);
}

std::string place_of(const RegisterRead& read) {
  return "bus " + std::to_string(read.bus) + " unit " + std::to_string(read.unit) + " register " +
         std::to_string(read.address);
}

std::size_t axis_of(Capability capability) {
  return static_cast<std::size_t>(capability) - static_cast<std::size_t>(Capability::motion_accel_x_mps2);
}

std::int64_t microseconds(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

// A frame of one sample. The time is ours, monotonic; t_us, seq and boot as a node would send them. No frame
// without all of the acceleration, no turning without all of its axes.
std::optional<MotionFrame> frame_of(PolledMotion& motion, DeviceIndex device, Instant received,
                                    std::chrono::milliseconds period) {
  const auto axes = std::exchange(motion.axes, {});
  if (!axes[0] || !axes[1] || !axes[2]) return std::nullopt;
  if (motion.boot.empty())
    motion.boot = "p" + std::to_string(microseconds(received) / 1000 % 100'000'000'000'000);
  MotionFrame frame;
  frame.device = device;
  frame.received = received;
  frame.stamp = {motion.boot, motion.seq++, microseconds(received)};
  frame.step_us = {static_cast<std::int32_t>(period.count() * 1000)};
  for (auto [column, axis] : {std::pair{&frame.ax, 0U}, {&frame.ay, 1U}, {&frame.az, 2U}})
    column->push_back(static_cast<float>(*axes.at(axis)));
  if (axes[3] && axes[4] && axes[5])
    for (auto [column, axis] : {std::pair{&frame.gx, 3U}, {&frame.gy, 4U}, {&frame.gz, 5U}})
      column->push_back(static_cast<float>(*axes.at(axis) * std::numbers::pi / 180));
  return frame;
}

}  // namespace

void Devices::Engine::decode(const RegisterBlock& block, std::vector<Decoded>& out) {
  const bool ok = block.outcome == BusOutcome::ok;
  if (ok && block.values.size() != block.read.count)
    return refuse(place_of(block.read), {Refusal::malformed, "not as many values as were asked for"});
  if (ok && !has_its_signatures(block))
    return refuse(place_of(block.read),
                  {Refusal::malformed, "another block's signature: the reply to another question"});
  std::optional<DeviceIndex> device;  // points_ stands in the order of the devices
  for (PointUse& use : points_) {
    if (!covers(block.read, use)) continue;
    if (device && *device != use.device) tell_block(*device, block, out);
    if (device != use.device) tell_bus(use.device, block, out);
    device = use.device;
    if (ok)
      take_point(use, block, out);
    else if (use.point->in_frame && use.point->capability == Capability::motion_accel_x_mps2)
      ++states_[use.device].motion.seq;  // a sample that is missing
  }
  if (device) tell_block(*device, block, out);
  if (!device) refuse(place_of(block.read), {Refusal::unknown_topic, "no device has these registers"});
}

bool Devices::Engine::has_its_signatures(const RegisterBlock& block) const {
  return std::ranges::all_of(points_, [&](const PointUse& use) {
    return !use.point->signature || !covers(block.read, use) ||
           *words_in_block(use, block) == *use.point->signature;
  });
}

// What is not valid in the device's present mode is unknown, whatever the register holds.
void Devices::Engine::take_point(PointUse& use, const RegisterBlock& block, std::vector<Decoded>& out) {
  const settings::ModbusPoint& point = *use.point;
  const std::uint16_t* words = words_in_block(use, block);
  if (point.type.kind == settings::PointKind::samples) {
    auto frame = new_samples({words, use.run.count}, block.received, states_[use.device].motion);
    if (!frame) return;
    frame->device = use.device;
    frame->received = block.received;
    out.emplace_back(std::move(*frame));
    return;
  }
  PointValue said;
  const Outcome refused = point_value(point, use.strips, words, said);
  if (refused) return refuse(place_of(block.read), *refused);
  use.words.assign(words, words + use.run.count);
  use.said = said;
  if (!point.capability) return;
  if (!open(use)) said = {{nan, Quality::unknown}, {}};
  if (point.in_frame) {
    if (said.value.quality == Quality::good)
      states_[use.device].motion.axes.at(axis_of(*point.capability)) = said.value.number;
    return;
  }
  Reading reading = reading_of(use.device, *point.capability, said.value, block.received);
  reading.text = std::move(said.text);
  if (info(*point.capability).kind != ValueKind::text) reading.text.clear();
  take_value(reading, out);
}

// While the deciding point has not been read the settings are believed.
bool Devices::Engine::open(const PointUse& use) const {
  for (const Gate& gate : use.gates) {
    const auto& said = points_[gate.use].said;
    if (said && !allows(*gate.condition, *said)) return false;
  }
  return true;
}

std::vector<PointReadout> Devices::Engine::read_points(const RegisterBlock& block) const {
  std::vector<PointReadout> all;
  if (block.outcome != BusOutcome::ok || block.values.size() != block.read.count) return all;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const PointUse& use = points_[i];
    if (!covers(block.read, use)) continue;
    const std::uint16_t* words = words_in_block(use, block);
    PointReadout readout{i, nan, nan, {}, Quality::unknown, open(use)};
    const auto kind = use.point->type.kind;
    if (kind != settings::PointKind::ascii && kind != settings::PointKind::samples)
      readout.raw = raw_of(words, use.point->type);
    PointValue said;
    if (!point_value(*use.point, use.strips, words, said)) {
      readout.value = said.value.quality == Quality::good ? said.value.number : nan;
      readout.quality = said.value.quality;
      readout.text = said.text;
    }
    all.push_back(std::move(readout));
  }
  return all;
}

void Devices::Engine::tell_block(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out) {
  states_[device].light.turned = false;  // its level has a poll of its own, newer than the one we know
  tell_light(device, block.received, out);
  if (auto frame = frame_of(states_[device].motion, device, block.received, block.read.period))
    out.emplace_back(std::move(*frame));
}

void Devices::Engine::tell_bus(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out) {
  DeviceState& state = states_[device];
  if (block.outcome == BusOutcome::ok)
    state.failures = 0;
  else
    ++state.failures;
  const bool lost =
      block.outcome == BusOutcome::gone || state.failures >= profile_of(device).link.offline_after;
  if (block.outcome != BusOutcome::ok && !lost) return;
  if (state.bus_online == !lost) return;
  state.bus_online = !lost;
  out.emplace_back(reading_of(device, Capability::availability_online, {lost ? 0.0 : 1.0}, block.received));
}

}  // namespace rytme::devices
