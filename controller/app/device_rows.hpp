// SPDX-License-Identifier: Apache-2.0
// The devices as a maintainer sees them: in a table, one by one, by their frames; and what else a device may
// be. Never a value about a person. Pure; logic thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/app/core.hpp"
#include "controller/app/device_book.hpp"
#include "controller/modbus/bus.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

struct DeviceView {
  const settings::House& house;
  const Core& core;
  const DeviceBook& book;
  std::vector<modbus::Counters> buses;  // of each bus of the house
  Instant now{};
};

std::vector<web::DeviceRow> device_rows(const DeviceView& view);
// JSON; nullopt: there is no such device.
std::optional<std::string> device_text(const DeviceView& view, const std::string& id);
std::optional<std::string> frames_text(const DeviceView& view, const std::string& id);
std::string profiles_text(const settings::House& house);

}  // namespace rytme::app
