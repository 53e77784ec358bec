// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/wb_mdm3.hpp"

#include <chrono>

namespace rytme::simulator {
namespace {

constexpr unsigned safety_timeout_address = 8;
constexpr unsigned ac_present = 97;
constexpr unsigned overcurrent = 100;
constexpr unsigned uptime_high = 104;
constexpr unsigned uptime_low = 105;
constexpr unsigned supply_mv = 121;
constexpr unsigned temperature_tenths = 124;
constexpr unsigned serial_high = 270;
constexpr unsigned serial_low = 271;
constexpr std::uint32_t serial = 4'210'123;
constexpr std::uint16_t safety_timeout_largest = 65534;

enum SafetyAction : std::uint16_t { none, off, on, set_level };

}  // namespace

std::uint16_t* WbMdm3::cell(RegisterArea area, unsigned address, std::uint16_t& largest) {
  largest = 1;
  if (area == RegisterArea::coil) return address < channels_.size() ? &channels_.at(address).on : nullptr;
  if (address == safety_timeout_address) {
    largest = safety_timeout_largest;
    return &safety_timeout_s_;
  }
  struct Run {
    unsigned first;
    std::uint16_t Channel::*member;
    std::uint16_t largest;
  };
  static constexpr std::array<Run, 5> runs{{{0, &Channel::level, 100},
                                            {648, &Channel::safety_action, set_level},
                                            {656, &Channel::safety_level, 100},
                                            {664, &Channel::power_up_action, set_level},
                                            {672, &Channel::power_up_level, 100}}};
  for (const auto& run : runs) {
    if (address < run.first || address >= run.first + channels_.size()) continue;
    largest = run.largest;
    return &(channels_.at(address - run.first).*run.member);
  }
  return nullptr;
}

std::optional<std::uint16_t> WbMdm3::input(unsigned address, Instant now) const {
  const auto uptime = static_cast<std::uint32_t>(seconds_between(*first_poll_, now));
  switch (address) {
    case ac_present:
      return 1;
    case overcurrent:
      return 0;
    case uptime_high:
      return static_cast<std::uint16_t>(uptime >> 16U);
    case uptime_low:
      return static_cast<std::uint16_t>(uptime & 0xFFFFU);
    case supply_mv:
      return 24'050;
    case temperature_tenths:
      return 385;
    case serial_high:
      return static_cast<std::uint16_t>(serial >> 16U);
    case serial_low:
      return static_cast<std::uint16_t>(serial & 0xFFFFU);
    default:
      return std::nullopt;
  }
}

// Lets the time since the last poll pass: whoever looks sees what the dimmer has done on its own in between.
void WbMdm3::polled(Instant now) {
  if (!first_poll_) {
    first_poll_ = now;
  } else if (now - last_poll_ >= std::chrono::seconds(safety_timeout_s_)) {
    act_safe();
  }
  last_poll_ = now;
}

void WbMdm3::act_safe() {
  for (auto& channel : channels_) {
    if (channel.safety_action == none) continue;
    channel.on = channel.safety_action == off ? 0 : 1;
    if (channel.safety_action == set_level) channel.level = channel.safety_level;
  }
}

bool WbMdm3::read(RegisterArea area, std::uint16_t address, std::uint16_t count,
                  std::vector<std::uint16_t>& values, Instant now) {
  polled(now);
  values.clear();
  if (area == RegisterArea::discrete) return false;
  for (unsigned at = address; at < unsigned{address} + count; ++at) {
    std::uint16_t largest{};
    if (area == RegisterArea::input) {
      const auto value = input(at, now);
      if (!value) return false;
      values.push_back(*value);
    } else if (const auto* value = cell(area, at, largest)) {
      values.push_back(*value);
    } else {
      return false;
    }
  }
  return true;
}

// All or nothing, as the real one does.
bool WbMdm3::write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
                   Instant now) {
  polled(now);
  if (area != RegisterArea::coil && area != RegisterArea::holding) return false;
  std::uint16_t largest{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at = static_cast<unsigned>(address + i);
    if (cell(area, at, largest) == nullptr || values[i] > largest) return false;
    if (area == RegisterArea::holding && at == safety_timeout_address && values[i] == 0) return false;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto* target = cell(area, static_cast<unsigned>(address + i), largest);
    if (target != nullptr) *target = values[i];
  }
  return true;
}

}  // namespace rytme::simulator
