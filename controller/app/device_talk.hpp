// SPDX-License-Identifier: Apache-2.0
// How each device talks: messages, errors by kind, returns; and what it last said that is not of a person.
// Counted since the start. Pure; logic thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/room/reading.hpp"

namespace rytme::app {

enum class TalkError : std::uint8_t {
  timeout,      // Modbus: no answer
  garbled,      // Modbus: an answer that is none (checksum, length, another request's)
  exception,    // Modbus: the device or its bus refuses
  malformed,    // a message that is not in the profile's format
  wrong_type,   // or holds something else than it should
  implausible,  // out of range, or without a usable value
  retained,     // retained where it may not be
  refused,      // the device refused a command
  unconfirmed,  // a command was neither answered nor confirmed
  count_
};
std::string_view name_of(TalkError error);
TalkError error_of(devices::Refusal refusal);
// What a bus says of a transaction that was not ok.
TalkError error_of(BusOutcome outcome);

// Not of a body, nor of what follows one or of somebody's choice of music: what a maintainer may see.
bool is_of_the_device(Capability capability);

class DeviceTalk {
 public:
  explicit DeviceTalk(std::size_t devices) : rows_(devices) {}

  void heard(DeviceIndex device, Instant now);
  void error(DeviceIndex device, TalkError kind);
  void said(const Reading& reading);
  void came_back(DeviceIndex device) { ++rows_.at(device).returns; }

  // Messages in the last whole minute.
  unsigned per_minute(DeviceIndex device, Instant now) const;
  std::uint64_t messages(DeviceIndex device) const { return rows_.at(device).messages; }
  std::uint64_t returns(DeviceIndex device) const { return rows_.at(device).returns; }
  std::uint64_t errors(DeviceIndex device, TalkError kind) const {
    return rows_.at(device).errors.at(static_cast<std::size_t>(kind));
  }
  // By kind, those that are not 0.
  std::map<std::string, std::uint64_t> errors(DeviceIndex device) const;
  // Last of each channel of the device itself.
  const std::map<Capability, Reading>& last(DeviceIndex device) const { return rows_.at(device).last; }

 private:
  static constexpr std::int64_t slots = 61;  // s; the present one is not counted yet
  struct Row {
    std::uint64_t messages{}, returns{};
    std::array<std::uint64_t, static_cast<std::size_t>(TalkError::count_)> errors{};
    std::array<std::uint32_t, slots> seconds{};
    std::int64_t latest{};  // s that seconds[latest % slots] stands for
    std::map<Capability, Reading> last;
  };

  std::vector<Row> rows_;
};

}  // namespace rytme::app
