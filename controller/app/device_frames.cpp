// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_frames.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "controller/modbus/frame.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

std::string hex(std::uint8_t unit, std::span<const std::uint8_t> pdu) {
  return fmt::format("{:02x} {:02x}", unit, fmt::join(pdu, " "));
}

// As it came: the protocol leaves no choice once the values are known (V1.1b3, 6.1 to 6.4).
modbus::Bytes reply_pdu(const RegisterBlock& block) {
  const auto function = modbus::request_pdu(block.read).front();
  const bool bits = block.read.area == RegisterArea::coil || block.read.area == RegisterArea::discrete;
  modbus::Bytes reply{function, 0};
  if (bits) reply.resize(2 + (block.values.size() + 7) / 8);
  for (std::size_t i = 0; i < block.values.size(); ++i) {
    if (bits) {
      if (block.values[i] != 0)
        reply[2 + i / 8] = static_cast<std::uint8_t>(reply[2 + i / 8] | 1U << (i % 8));
      continue;
    }
    reply.push_back(static_cast<std::uint8_t>(block.values[i] >> 8U));
    reply.push_back(static_cast<std::uint8_t>(block.values[i] & 0xFFU));
  }
  reply[1] = static_cast<std::uint8_t>(reply.size() - 2);
  return reply;
}

std::string_view words_of(BusOutcome outcome) {
  switch (outcome) {
    case BusOutcome::stale:
      return "no reply";
    case BusOutcome::retry:
      return "a reply that is none";
    default:
      return "refused, or the bus is away";
  }
}

bool has_unit(const settings::DeviceSettings& device, BusIndex bus, std::uint8_t unit) {
  return device.bus == bus && settings::number_param(device.params, "unit", 0) == unit;
}

}  // namespace

bool is_of_a_person(const settings::DeviceSettings& device) {
  return device.place.starts_with("heart.") || device.place.ends_with(".motion");
}

DeviceFrames::DeviceFrames(const settings::House& house) : house_(house), rings_(house.devices.size()) {}

bool DeviceFrames::withheld(DeviceIndex device, bool in_session) const {
  const auto& settings = house_.devices[device];
  return is_of_a_person(settings) || (in_session && settings.place.starts_with("music."));
}

DeviceFrame& DeviceFrames::next(DeviceIndex device, bool out, bool withheld, WallTime at) {
  Ring& ring = rings_.at(device);
  if (ring.frames.size() < kept) ring.frames.emplace_back();
  DeviceFrame& frame = ring.frames[ring.next];
  ring.next = (ring.next + 1) % kept;
  frame.at = at;
  frame.out = out;
  frame.withheld = withheld;
  frame.retained = false;
  frame.text.clear();
  return frame;
}

void DeviceFrames::heard(DeviceIndex device, const MqttMessage& message, bool in_session, WallTime at) {
  DeviceFrame& frame = next(device, false, withheld(device, in_session), at);
  frame.where = message.topic;
  frame.bytes = message.payload.size();
  frame.retained = message.retained;
  if (!frame.withheld) frame.text.assign(message.payload, 0, longest);
}

void DeviceFrames::heard(const RegisterBlock& block, WallTime at) {
  for (std::size_t i = 0; i < house_.devices.size(); ++i) {
    if (!has_unit(house_.devices[i], block.read.bus, block.read.unit)) continue;
    const auto device = static_cast<DeviceIndex>(i);
    const bool ok = block.outcome == BusOutcome::ok;
    DeviceFrame& frame = next(device, false, withheld(device, false), at);
    frame.where =
        fmt::format("{} {}, {}", settings::name_of(block.read.area), block.read.address, block.read.count);
    const auto reply = ok ? reply_pdu(block) : modbus::Bytes{};
    frame.bytes = reply.size();
    if (frame.withheld) continue;
    frame.text = hex(block.read.unit, modbus::request_pdu(block.read)) + "  >  ";
    frame.text += ok ? hex(block.read.unit, reply) : words_of(block.outcome);
    frame.text.resize(std::min(frame.text.size(), longest));
  }
}

void DeviceFrames::sent(DeviceIndex device, const devices::Encoded& encoded, bool in_session, WallTime at) {
  for (const auto& publish : encoded.publishes) {
    DeviceFrame& frame = next(device, true, withheld(device, in_session), at);
    frame.where = publish.topic;
    frame.bytes = publish.payload.size();
    if (!frame.withheld) frame.text.assign(publish.payload, 0, longest);
  }
  for (const auto& write : encoded.writes) {
    DeviceFrame& frame = next(device, true, withheld(device, in_session), at);
    const auto request = modbus::request_pdu(write);
    frame.where = fmt::format("{} {}, {}", settings::name_of(write.area), write.address, write.values.size());
    frame.bytes = request.size();
    if (!frame.withheld) frame.text = hex(write.unit, request);
  }
}

std::vector<DeviceFrame> DeviceFrames::of(DeviceIndex device) const {
  const Ring& ring = rings_.at(device);
  std::vector<DeviceFrame> result;
  const std::size_t first = ring.frames.size() < kept ? 0 : ring.next;
  for (std::size_t i = 0; i < ring.frames.size(); ++i)
    result.push_back(ring.frames[(first + i) % ring.frames.size()]);
  return result;
}

}  // namespace rytme::app
