// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_watch.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rytme::app {
namespace {

constexpr std::chrono::seconds stream_late{10};  // design §6: heart data late
constexpr std::array<std::string_view, 4> names{"unknown", "ok", "late", "lost"};

std::uint8_t unit_of(const settings::DeviceSettings& device) {
  const auto found = device.params.find("unit");
  if (found == device.params.end()) return 0;
  unsigned value{};
  const char* begin = found->second.data();
  std::from_chars(begin, begin + found->second.size(), value);
  return static_cast<std::uint8_t>(value);
}

}  // namespace

std::string_view name_of(Presence presence) { return names[static_cast<std::size_t>(presence)]; }

DeviceWatch::DeviceWatch(const settings::House& house) {
  rows_.reserve(house.devices.size());
  for (const auto& device : house.devices) {
    Row row;
    row.bus = device.bus;
    row.unit = unit_of(device);
    row.streams = device.place.starts_with("heart.") || device.place.ends_with(".motion");
    if (device.profile < house.profiles.size()) {
      const auto& availability = house.profiles[device.profile].availability;
      row.max_silence = availability.max_silence;
      row.needs_fresh = availability.first_seen_needs_fresh;
    }
    rows_.push_back(row);
  }
}

void DeviceWatch::heard(DeviceIndex device, Instant now) { rows_[device].heard = now; }

void DeviceWatch::online(DeviceIndex device, bool value, Instant now, bool live) {
  Row& row = rows_[device];
  row.online = value;
  if (value && (live || !row.needs_fresh)) row.heard = now;
}

void DeviceWatch::broker(bool up) {
  broker_up_ = up;
  broker_was_up_ = broker_was_up_ || up;
}

void DeviceWatch::slave(BusIndex bus, std::uint8_t unit, bool answers, Instant now) {
  for (auto& row : rows_) {
    if (row.bus != bus || row.unit != unit) continue;
    row.online = answers;
    if (answers) row.heard = now;
  }
}

Presence DeviceWatch::judge(const Row& row, Instant now) const {
  if (!row.bus && !broker_up_) return row.heard && broker_was_up_ ? Presence::lost : Presence::unknown;
  if (row.online == false) return Presence::lost;
  if (row.max_silence.count() > 0 && row.heard && now - *row.heard > row.max_silence) return Presence::lost;
  if (row.streams) {
    if (!row.heard) return Presence::unknown;
    return now - *row.heard > stream_late ? Presence::late : Presence::ok;
  }
  return row.heard ? Presence::ok : Presence::unknown;
}

void DeviceWatch::look(Instant now, std::vector<Change>& changes) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto to = judge(rows_[i], now);
    if (to == rows_[i].presence) continue;
    changes.push_back({static_cast<DeviceIndex>(i), rows_[i].presence, to});
    rows_[i].presence = to;
  }
}

int DeviceWatch::count(Presence presence) const {
  return static_cast<int>(
      std::count_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.presence == presence; }));
}

}  // namespace rytme::app
