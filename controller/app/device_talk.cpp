// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_talk.hpp"

#include <algorithm>
#include <chrono>

namespace rytme::app {
namespace {

constexpr std::size_t kinds = static_cast<std::size_t>(TalkError::count_);
constexpr std::array<std::string_view, kinds> names{"timeout",   "garbled",    "exception",
                                                    "malformed", "wrong_type", "implausible",
                                                    "retained",  "refused",    "unconfirmed"};

std::int64_t second_of(Instant at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

std::string_view name_of(TalkError error) { return names.at(static_cast<std::size_t>(error)); }

TalkError error_of(devices::Refusal refusal) {
  switch (refusal) {
    case devices::Refusal::wrong_type:
      return TalkError::wrong_type;
    case devices::Refusal::out_of_range:
      return TalkError::implausible;
    case devices::Refusal::retained:
      return TalkError::retained;
    default:
      return TalkError::malformed;
  }
}

TalkError error_of(BusOutcome outcome) {
  switch (outcome) {
    case BusOutcome::stale:
      return TalkError::timeout;
    case BusOutcome::retry:
      return TalkError::garbled;
    default:
      return TalkError::exception;
  }
}

bool is_of_the_device(Capability capability) {
  switch (capability) {
    case Capability::player_bpm:  // may follow a swing or a pulse
    case Capability::player_phase:
    case Capability::player_rate:
    case Capability::player_source:  // somebody's choice
    case Capability::player_track:
    case Capability::presence_level:
    case Capability::availability_online:  // it is the state
      return false;
    default:
      return !info(capability).from_body;
  }
}

void DeviceTalk::heard(DeviceIndex device, Instant now) {
  Row& row = rows_.at(device);
  ++row.messages;
  const std::int64_t second = second_of(now);
  const std::int64_t first_new = std::max(row.latest + 1, second - slots + 1);
  for (std::int64_t at = first_new; at <= second; ++at)
    row.seconds.at(static_cast<std::size_t>(at % slots)) = 0;
  row.latest = std::max(row.latest, second);
  ++row.seconds.at(static_cast<std::size_t>(second % slots));
}

void DeviceTalk::error(DeviceIndex device, TalkError kind) {
  ++rows_.at(device).errors.at(static_cast<std::size_t>(kind));
}

void DeviceTalk::said(const Reading& reading) {
  if (reading.live && reading.quality == Quality::unknown) error(reading.device, TalkError::implausible);
  if (is_of_the_device(reading.capability))
    rows_.at(reading.device).last.insert_or_assign(reading.capability, reading);
}

unsigned DeviceTalk::per_minute(DeviceIndex device, Instant now) const {
  const Row& row = rows_.at(device);
  const std::int64_t second = second_of(now);
  unsigned sum = 0;
  for (std::int64_t at = std::max<std::int64_t>(second - slots + 1, 0); at < second; ++at)
    if (at <= row.latest && at > row.latest - slots)
      sum += row.seconds.at(static_cast<std::size_t>(at % slots));
  return sum;
}

std::map<std::string, std::uint64_t> DeviceTalk::errors(DeviceIndex device) const {
  std::map<std::string, std::uint64_t> result;
  for (std::size_t i = 0; i < kinds; ++i)
    if (const auto n = rows_.at(device).errors.at(i); n != 0) result.emplace(names.at(i), n);
  return result;
}

}  // namespace rytme::app
