// SPDX-License-Identifier: Apache-2.0
#include "controller/app/fault_rows.hpp"

#include <string_view>

namespace rytme::app {
namespace {

using safety::Fault;

bool can_have(const settings::DeviceSettings& device, Fault fault) {
  const std::string_view place = device.place;
  switch (fault) {
    case Fault::heart_unknown:
      return place.starts_with("heart.");
    case Fault::motion_unknown:
      return place.ends_with(".motion");
    case Fault::sensors_lost:
      return place.starts_with("heart.") || place.ends_with(".motion");
    case Fault::broker_down:
      return !device.bus;
    case Fault::bus_down:
      return device.bus.has_value();
    case Fault::lamp_flapping:
      return place.starts_with("light.");
    case Fault::device_down:
    case Fault::controller_silent:
      return place.starts_with("light.") || place.starts_with("music.");
    default:
      return false;  // of the room as a whole
  }
}

void add_step(const safety::Step& step, web::FaultRow& row) {
  if (step.response == Response::none) return;
  row.steps.push_back({static_cast<double>(step.after.count()), std::string(name_of(step.response))});
}

web::FaultRow::Now there_now(const settings::House& house, const FaultWatch::Row& active,
                             const std::string& fault, const Silences& silences, Instant now) {
  const std::string device = active.where ? house.devices[*active.where].id : "";
  const auto until = silences.until(fault, device);
  return {device, seconds_between(active.since, now), until ? iso_text(*until) : ""};
}

}  // namespace

std::vector<web::FaultRow> fault_rows(const settings::House& house, const FaultWatch& faults,
                                      const Silences& silences, Instant now) {
  std::vector<web::FaultRow> rows;
  const auto there = faults.rows();
  for (const safety::Rung& rung : safety::ladder()) {
    web::FaultRow row;
    row.fault = rung.name;
    row.says = {std::string(rung.says_nb), std::string(rung.says_en)};
    row.does = {std::string(rung.does_nb), std::string(rung.does_en)};
    add_step(rung.first, row);
    add_step(rung.then, row);
    for (const auto& device : house.devices)
      if (can_have(device, rung.fault)) row.devices.push_back(device.id);
    for (const auto& active : there)
      if (active.fault == rung.fault) row.now.push_back(there_now(house, active, row.fault, silences, now));
    row.may_be_silent = may_be_silent(rung);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace rytme::app
