// SPDX-License-Identifier: Apache-2.0
// One device as JSON, its frames, and the profiles.
#include <algorithm>
#include <cmath>
#include <set>

#include <boost/json.hpp>

#include "controller/app/device_rows.hpp"
#include "controller/app/mask.hpp"
#include "controller/desk/secret_name.hpp"
#include "controller/journal/utf8.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

json::value from(std::string_view text) { return json::value(json::string_view(text.data(), text.size())); }
json::value number_or_null(double value) { return std::isfinite(value) ? json::value(value) : json::value(); }

std::optional<DeviceIndex> find(const settings::House& house, const std::string& id) {
  const auto found = std::find_if(house.devices.begin(), house.devices.end(),
                                  [&](const settings::DeviceSettings& device) { return device.id == id; });
  if (found == house.devices.end()) return std::nullopt;
  return static_cast<DeviceIndex>(found - house.devices.begin());
}

// How long a wearable's message is says how many beats are in it.
std::size_t blurred(std::size_t bytes) {
  constexpr std::size_t step = 128;
  return (bytes + step - 1) / step * step;
}

json::object params_of(const settings::DeviceSettings& device) {
  json::object params;
  for (const auto& [name, value] : device.params)
    params[name] = desk::is_secret_name(name) ? std::string(mask) : value;
  return params;
}

json::value bus_of(const DeviceView& view, const settings::DeviceSettings& device) {
  if (!device.bus) return nullptr;
  const auto& bus = view.house.buses[*device.bus];
  json::object result{
      {"id", bus.id},
      {"transport", bus.transport == settings::BusTransport::rtu ? "rtu" : "tcp"},
      {"address", bus.address},
      {"baud", bus.transport == settings::BusTransport::rtu ? json::value(bus.baud) : json::value()}};
  if (*device.bus >= view.buses.size()) return result;
  const auto& counters = view.buses[*device.bus];
  const auto unit = static_cast<std::uint8_t>(settings::number_param(device.params, "unit", 0));
  const auto garbled = counters.garbled_by_unit.find(unit);
  result["reads"] = counters.reads;
  result["timeouts"] = counters.timeouts;
  result["garbled"] = counters.garbled;
  result["garbled_here"] = garbled == counters.garbled_by_unit.end() ? 0 : garbled->second;
  result["exceptions"] = counters.exceptions;
  result["reopens"] = counters.reopens;
  return result;
}

// What of a person a device says is told as readings a minute, and how old the last one is, in the row.
json::array readings_of(const DeviceView& view, DeviceIndex device) {
  json::array rows;
  const bool of_a_person = is_of_a_person(view.house.devices[device]);
  for (const auto& [capability, reading] : view.core.talk().last(device)) {
    const auto& about = info(capability);
    if (of_a_person && !about.name.starts_with("device.")) continue;
    const bool text = about.kind == ValueKind::text;
    rows.push_back(
        {{"channel", from(about.name)},
         {"value", text ? from(masked(journal::valid_utf8(reading.text))) : number_or_null(reading.value)},
         {"unit", from(about.unit)},
         {"kind", about.kind == ValueKind::boolean ? "boolean"
                  : text                           ? "text"
                                                   : "number"},
         {"quality", from(name_of(reading.quality))},
         {"age_s", seconds_between(reading.received, view.now)}});
  }
  return rows;
}

// Written at commissioning, and read back.
json::value sheet_of(const DeviceView& view, const settings::DeviceSettings& device) {
  const auto* known = view.book.find(device.id);
  if (known == nullptr || !known->commissioned) return nullptr;
  json::array values;
  for (const auto& value : known->commissioned->values)
    values.push_back({{"id", value.id},
                      {"place", value.place},
                      {"value", value.value ? number_or_null(*value.value) : json::value()},
                      {"words", masked(value.words)},
                      {"verified", value.verified},
                      {"fault", value.fault}});
  return json::object{{"time", known->commissioned->time},
                      {"verified", known->commissioned->verified},
                      {"values", std::move(values)}};
}

// Topics that it was heard on or spoken to by, each once.
json::array topics_of(const DeviceView& view, DeviceIndex device) {
  std::set<std::string> topics;
  if (!view.house.devices[device].bus)
    for (const auto& frame : view.core.frames().of(device)) topics.insert(frame.where);
  json::array result;
  for (const auto& topic : topics) result.push_back(from(journal::valid_utf8(topic)));
  return result;
}

json::object test_of(const DeviceView& view, DeviceIndex device) {
  const DeviceFade& fade = view.core.fade();
  if (fade.device() != device || fade.state() == DeviceFade::State::none) return {{"state", "none"}};
  json::array ends;
  for (const auto& end : fade.ends())
    ends.push_back({{"aim", end.aim},
                    {"read", end.read ? json::value(*end.read) : json::value()},
                    {"there", end.there}});
  return {{"state", from(name_of(fade.state()))}, {"ends", std::move(ends)}};
}

bool can_be_tested(const DeviceView& view, DeviceIndex device) {
  const auto& outputs = view.core.devices().outputs();
  return std::any_of(outputs.begin(), outputs.end(), [&](const devices::Output& output) {
    return output.device == device && std::find(output.capabilities.begin(), output.capabilities.end(),
                                                Capability::light_level) != output.capabilities.end();
  });
}

json::object param_of(const settings::ProfileParam& param) {
  json::array choices(param.choices.begin(), param.choices.end());
  return {{"name", param.name},
          {"integer", param.integer},
          {"min", param.min},
          {"max", param.max},
          {"default", param.default_value ? json::value(*param.default_value) : json::value()},
          {"choices", std::move(choices)}};
}

}  // namespace

std::optional<std::string> device_text(const DeviceView& view, const std::string& id) {
  const auto index = find(view.house, id);
  if (!index) return std::nullopt;
  const auto& device = view.house.devices[*index];
  const auto& profile = view.house.profiles[device.profile];
  json::array sources(profile.sources.begin(), profile.sources.end());
  const json::object result{{"id", device.id},
                            {"place", device.place},
                            {"profile",
                             {{"id", profile.id},
                              {"version", profile.version},
                              {"class", profile.device_class},
                              {"tested_by", profile.tested_by},
                              {"sources", std::move(sources)}}},
                            {"params", params_of(device)},
                            {"bus", bus_of(view, device)},
                            {"topics", topics_of(view, *index)},
                            {"of_a_person", is_of_a_person(device)},
                            {"messages", view.core.talk().messages(*index)},
                            {"readings", readings_of(view, *index)},
                            {"commissioned", sheet_of(view, device)},
                            {"can_be_tested", can_be_tested(view, *index)},
                            {"test", test_of(view, *index)}};
  return json::serialize(result);
}

std::optional<std::string> frames_text(const DeviceView& view, const std::string& id) {
  const auto index = find(view.house, id);
  if (!index) return std::nullopt;
  json::array frames;
  for (const auto& frame : view.core.frames().of(*index)) {
    const bool secret = desk::is_secret_name(frame.where);
    frames.push_back({{"at", iso_text(frame.at)},
                      {"out", frame.out},
                      {"where", journal::valid_utf8(frame.where)},
                      {"text", frame.withheld ? json::value()
                                              : from(secret ? std::string(mask)
                                                            : masked(journal::valid_utf8(frame.text)))},
                      {"bytes", frame.withheld ? blurred(frame.bytes) : frame.bytes},
                      {"retained", frame.retained}});
  }
  return json::serialize(json::object{{"frames", std::move(frames)}});
}

std::string profiles_text(const settings::House& house) {
  json::array all;
  for (const auto& profile : house.profiles) {
    json::array params;
    for (const auto& param : profile.params) params.push_back(param_of(param));
    all.push_back({{"id", profile.id},
                   {"transport", profile.transport == settings::ProfileTransport::mqtt ? "mqtt" : "modbus"},
                   {"class", profile.device_class},
                   {"params", std::move(params)}});
  }
  json::array buses;
  for (const auto& bus : house.buses) buses.push_back(from(bus.id));
  return json::serialize(json::object{{"profiles", std::move(all)}, {"buses", std::move(buses)}});
}

}  // namespace rytme::app
