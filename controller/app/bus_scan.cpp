// SPDX-License-Identifier: Apache-2.0
#include "controller/app/bus_scan.hpp"

#include <map>

#include <boost/json.hpp>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

constexpr int first_unit = 1;
constexpr int last_unit = 247;  // Modbus over serial line 1.02, 2.2

// Unit -> device ids.
std::map<std::uint8_t, std::vector<std::string>> known_on(const settings::House& house, BusIndex bus) {
  std::map<std::uint8_t, std::vector<std::string>> known;
  for (const auto& device : house.devices)
    if (device.bus == bus)
      known[static_cast<std::uint8_t>(settings::number_param(device.params, "unit", 0))].push_back(device.id);
  return known;
}

}  // namespace

std::vector<RegisterRead> BusScan::begin() {
  const auto known = known_on(house_, bus_);
  std::vector<RegisterRead> reads;
  running_ = true;
  abandoned_ = false;
  waiting_.clear();
  answered_.clear();
  for (int unit = first_unit; unit <= last_unit; ++unit) {
    const auto wire = static_cast<std::uint8_t>(unit);
    if (known.contains(wire)) continue;
    waiting_.insert(wire);
    reads.push_back({bus_, wire, RegisterArea::holding, 0, 1, std::chrono::milliseconds{0}, false});
  }
  return reads;
}

void BusScan::take(const RegisterBlock& block, bool up) {
  if (block.read.bus != bus_ || waiting_.erase(block.read.unit) == 0) return;
  const bool answers = block.outcome == BusOutcome::ok || (block.outcome == BusOutcome::gone && up);
  if (answers) answered_.insert(block.read.unit);
}

void BusScan::abandon() {
  abandoned_ = running();
  waiting_.clear();
}

std::string BusScan::text() const {
  json::array units;
  for (const auto unit : answered_) units.push_back(unit);
  json::array known;
  for (const auto& [unit, ids] : known_on(house_, bus_))
    known.push_back({{"unit", unit}, {"devices", json::array(ids.begin(), ids.end())}});
  return json::serialize(json::object{{"bus", house_.buses[bus_].id},
                                      {"state", running()    ? "asking"
                                                : abandoned_ ? "abandoned"
                                                : running_   ? "done"
                                                             : "idle"},
                                      {"left", waiting_.size()},
                                      {"answered", std::move(units)},
                                      {"known", std::move(known)}});
}

}  // namespace rytme::app
