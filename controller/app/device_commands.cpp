// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_commands.hpp"

#include <algorithm>
#include <ctime>
#include <ostream>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/app/broker_line.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/data_lock.hpp"
#include "controller/app/device_open.hpp"
#include "controller/app/setup_line.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;
constexpr int done = 0, answer_is_no = 1;

std::string timestamp() {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now().wall);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  return text;
}

// Where the device is reached: its bus and unit, or its first topic.
std::string reached_at(const settings::House& house, DeviceIndex device) {
  const auto& settings = house.devices[device];
  if (settings.bus) {
    const auto unit = settings.params.find("unit");
    return house.buses[*settings.bus].id + (unit == settings.params.end() ? "" : " unit " + unit->second);
  }
  for (const char* name : {"topic", "node", "prefix", "device"})
    if (const auto param = settings.params.find(name); param != settings.params.end()) return param->second;
  const auto& profile = house.profiles[settings.profile];
  return profile.reads.empty() ? "" : profile.reads.front().topic;
}

void print_sheet(const std::string& id, const Commissioned& sheet, std::ostream& out) {
  out << fmt::format("{}  {}\n", id, sheet.time);
  constexpr const char* line = "{:<20}  {:<14}  {:>10}  {:>10}  {}\n";
  out << fmt::format(line, "setup", "at", "value", "written", "read back");
  for (const auto& value : sheet.values) {
    const std::string result = !value.fault.empty() ? "DIFFERS: " + value.fault
                               : value.verified     ? "the same"
                                                    : "not read back";
    out << fmt::format(line, value.id, value.place, value.value ? fmt::format("{:.6g}", *value.value) : "",
                       value.words, result);
  }
  if (sheet.values.empty())
    out << "nothing to set: the profile has no [[setup]] for this device\n";
  else
    out << (sheet.verified ? "verified\n" : "NOT verified\n");
}

json::object sheet_json(const std::string& id, const Commissioned& sheet) {
  json::array values;
  for (const auto& value : sheet.values)
    values.push_back({{"id", value.id},
                      {"at", value.place},
                      {"value", value.value ? json::value(*value.value) : json::value()},
                      {"written", value.words},
                      {"verified", value.verified},
                      {"fault", value.fault}});
  return {{"device", id}, {"time", sheet.time}, {"verified", sheet.verified}, {"values", std::move(values)}};
}

}  // namespace

int device_list(const DeviceRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto house = load_house(request.config);
    const devices::Devices devices(house);
    const auto book = DeviceBook::load(request.data);
    json::array rows;
    constexpr const char* line = "{:<16}  {:<18}  {:<30}  {:<26}  {}\n";
    if (!request.json) out << fmt::format(line, "id", "place", "profile", "bus or topic", "fail-safe");
    for (std::size_t i = 0; i < house.devices.size(); ++i) {
      const auto index = static_cast<DeviceIndex>(i);
      const auto& device = house.devices[i];
      const auto& profile = house.profiles[device.profile].id;
      const auto where = reached_at(house, index);
      const auto state = fail_safe_of(house, devices, index, book);
      const auto* known = book.find(device.id);
      const bool told = known != nullptr && known->commissioned;
      if (request.json)
        rows.push_back({{"id", device.id},
                        {"place", device.place},
                        {"profile", profile},
                        {"at", where},
                        {"fail_safe", name_of(state)},
                        {"commissioned", told ? json::value(known->commissioned->time) : json::value()}});
      else
        out << fmt::format(line, device.id, device.place, profile, where, name_of(state));
    }
    if (request.json) out << json::serialize(rows) << '\n';
    return done;
  });
}

namespace {

Commissioned carried_out(const settings::House& house, const devices::Devices& devices, DeviceIndex device) {
  const auto& bus = house.devices[device].bus;
  if (bus) {
    SetupLine line(house, *bus);
    if (const auto fault = line.open(); !fault.empty()) throw std::runtime_error(fault);
    return commission(devices.setup(device), line);
  }
  const auto talks = devices.setup_talks(device);
  std::vector<MqttSubscription> subscriptions;
  subscriptions.reserve(talks.size());
  for (const auto& talk : talks) subscriptions.emplace_back(talk.answer_topic, false, false);
  if (talks.empty()) return {{}, {}, true, {}};
  BrokerLine line(house, "commission", std::move(subscriptions));
  return commission(talks, line);
}

}  // namespace

int device_commission(const DeviceRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto house = load_house(request.config);
    const auto index = find_device(house, request.id);
    const auto& device = house.devices[index];
    const auto lock = take_lock(request.data, "device commission " + device.id);
    const devices::Devices devices(house);
    auto book = DeviceBook::load(request.data);
    auto sheet = carried_out(house, devices, index);
    sheet.hash = setup_hash(house, devices, index);
    sheet.time = timestamp();
    auto& known = book.at(device.id);
    if (known.profile.empty()) {
      known.profile = house.profiles[device.profile].id;
      known.profile_version = house.profiles[device.profile].version;
      known.bus = device.bus ? house.buses[*device.bus].id : "";
      known.params = device.params;
    }
    known.commissioned = sheet;
    book.save(request.data);
    if (request.json)
      out << json::serialize(sheet_json(device.id, sheet)) << '\n';
    else
      print_sheet(device.id, sheet, out);
    return sheet.verified ? done : answer_is_no;
  });
}

}  // namespace rytme::app
