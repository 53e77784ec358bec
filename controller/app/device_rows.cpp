// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_rows.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::app {
namespace {

std::optional<double> last_of(const DeviceView& view, DeviceIndex device, Capability capability) {
  const auto& last = view.core.talk().last(device);
  const auto found = last.find(capability);
  if (found == last.end() || !std::isfinite(found->second.value)) return std::nullopt;
  return found->second.value;
}

std::string said_by(const DeviceView& view, DeviceIndex device, Capability capability) {
  const auto& last = view.core.talk().last(device);
  const auto found = last.find(capability);
  return found == last.end() ? "" : found->second.text;
}

// A light that goes there by itself when the controller is gone.
std::optional<double> fail_safe_level(const DeviceView& view, DeviceIndex device, FailSafeState state) {
  const auto& settings = view.house.devices[device];
  if (!settings.place.starts_with("light.") || state != FailSafeState::verified) return std::nullopt;
  return settings.safe.value_or(view.house.room.safe_light).level;
}

web::DeviceRow row_of(const DeviceView& view, DeviceIndex index) {
  const auto& device = view.house.devices[index];
  const Core& core = view.core;
  const auto heard = core.watch().last_heard(index);
  const auto presence = core.watch().presence(index);
  const bool moved = presence == Presence::ok && core.output_changed(index);
  const auto fail_safe = fail_safe_of(view.house, core.devices(), index, view.book);
  const auto* known = view.book.find(device.id);
  const auto silent = core.silences().until("device_down", device.id);
  web::DeviceRow row;
  row.id = device.id;
  row.name = device.name;
  row.place = device.place;
  row.profile = view.house.profiles[device.profile].id;
  row.state = moved ? "changed" : std::string(name_of(presence));
  row.last_seen_s = heard ? seconds_between(*heard, view.now) : -1;
  row.fail_safe = name_of(fail_safe);
  row.fail_safe_at = known != nullptr && known->commissioned ? known->commissioned->time : "";
  row.fail_safe_level = fail_safe_level(view, index, fail_safe);
  row.rssi_dbm = last_of(view, index, Capability::device_rssi_dbm);
  row.lqi = last_of(view, index, Capability::device_lqi);
  row.battery = last_of(view, index, Capability::device_battery);
  row.firmware = said_by(view, index, Capability::device_firmware);
  row.messages_per_min = core.talk().per_minute(index, view.now);
  row.errors = core.talk().errors(index);
  row.reconnects = core.talk().returns(index);
  row.silenced_until = silent ? iso_text(*silent) : "";
  return row;
}

}  // namespace

std::vector<web::DeviceRow> device_rows(const DeviceView& view) {
  std::vector<web::DeviceRow> rows;
  for (std::size_t i = 0; i < view.house.devices.size(); ++i)
    rows.push_back(row_of(view, static_cast<DeviceIndex>(i)));
  return rows;
}

}  // namespace rytme::app
