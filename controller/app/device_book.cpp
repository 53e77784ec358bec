// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_book.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>
#include <sodium.h>

#include "controller/journal/whole_file.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int version = 1;
constexpr const char* file_name = "devices.json";

json::object params_json(const std::map<std::string, std::string>& params) {
  json::object object;
  for (const auto& [name, value] : params) object[name] = value;
  return object;
}

json::object what_it_is(const KnownDevice& device) {
  return {{"profile", device.profile}, {"bus", device.bus}, {"params", params_json(device.params)}};
}

std::string text_of(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

bool flag_of(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

json::object to_json(const Commissioned& done) {
  json::array values;
  for (const auto& value : done.values)
    values.push_back({{"id", value.id},
                      {"place", value.place},
                      {"value", value.value ? json::value(*value.value) : json::value()},
                      {"words", value.words},
                      {"verified", value.verified},
                      {"fault", value.fault}});
  return {
      {"hash", done.hash}, {"time", done.time}, {"verified", done.verified}, {"values", std::move(values)}};
}

Commissioned commissioned_from(const json::object& object) {
  Commissioned done{text_of(object, "hash"), text_of(object, "time"), flag_of(object, "verified"), {}};
  const auto* values = object.if_contains("values");
  if (values == nullptr || !values->is_array()) return done;
  for (const auto& item : values->get_array()) {
    const auto& row = item.as_object();
    const auto* number = row.if_contains("value");
    done.values.push_back(
        {text_of(row, "id"), text_of(row, "place"),
         number != nullptr && number->is_number() ? std::optional(number->to_number<double>()) : std::nullopt,
         text_of(row, "words"), flag_of(row, "verified"), text_of(row, "fault")});
  }
  return done;
}

KnownDevice device_from(const json::object& object) {
  KnownDevice device;
  device.profile = text_of(object, "profile");
  if (const auto* number = object.if_contains("profile_version"); number != nullptr && number->is_int64())
    device.profile_version = static_cast<int>(number->get_int64());
  device.bus = text_of(object, "bus");
  if (const auto* params = object.if_contains("params"); params != nullptr && params->is_object())
    for (const auto& item : params->get_object())
      if (item.value().is_string()) device.params[item.key()] = item.value().get_string().c_str();
  if (const auto* done = object.if_contains("commissioned"); done != nullptr && done->is_object())
    device.commissioned = commissioned_from(done->get_object());
  return device;
}

}  // namespace

DeviceBook DeviceBook::load(const fs::path& data) {
  DeviceBook book;
  std::ifstream file(data / file_name, std::ios::binary);
  if (!file) return book;
  std::ostringstream text;
  text << file.rdbuf();
  const std::string where = (data / file_name).string();
  boost::system::error_code error;
  const json::value root = json::parse(text.str(), error);
  if (error || !root.is_object())
    throw std::runtime_error(where + " is not a JSON object" + (error ? ": " + error.message() : ""));
  const auto* said = root.get_object().if_contains("v");
  if (said == nullptr || !said->is_int64() || said->get_int64() != version)
    throw std::runtime_error(where + " is of another version than " + std::to_string(version));
  const auto* devices = root.get_object().if_contains("devices");
  if (devices == nullptr || !devices->is_object()) throw std::runtime_error(where + " has no devices");
  try {
    for (const auto& item : devices->get_object())
      book.devices_[item.key()] = device_from(item.value().as_object());
  } catch (const std::exception& fault) {
    throw std::runtime_error(where + " is damaged: " + fault.what());
  }
  return book;
}

void DeviceBook::save(const fs::path& data) const {
  json::object devices;
  for (const auto& [id, device] : devices_) {
    json::object row = what_it_is(device);
    row["profile_version"] = device.profile_version;
    if (device.commissioned) row["commissioned"] = to_json(*device.commissioned);
    devices[id] = std::move(row);
  }
  fs::create_directories(data);
  journal::replace_file(
      data / file_name,
      json::serialize(json::object{{"v", version}, {"devices", std::move(devices)}}) + "\n");
}

const KnownDevice* DeviceBook::find(const std::string& id) const {
  const auto found = devices_.find(id);
  return found == devices_.end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, std::string>> DeviceBook::meet(const settings::House& house) {
  std::vector<std::pair<std::string, std::string>> replaced;
  for (const auto& device : house.devices) {
    const auto& profile = house.profiles[device.profile];
    KnownDevice now{
        profile.id, profile.version, device.bus ? house.buses[*device.bus].id : "", device.params, {}};
    auto [row, fresh] = devices_.try_emplace(device.id, now);
    KnownDevice& before = row->second;
    const bool same = before.profile == now.profile && before.bus == now.bus && before.params == now.params;
    if (!fresh && !same)
      replaced.emplace_back(
          device.id, json::serialize(json::object{
                         {"device", device.id}, {"from", what_it_is(before)}, {"to", what_it_is(now)}}));
    // What was set in it is known by its hash: another bus, unit or value has another one.
    now.commissioned = std::move(before.commissioned);
    before = std::move(now);
  }
  return replaced;
}

std::string setup_hash(const settings::House& house, const devices::Devices& devices, DeviceIndex device) {
  std::string text;
  for (const auto& talk : devices.setup_talks(device))
    text += talk.setup->id + ' ' + talk.say.topic + ' ' + talk.say.payload + '\n';
  for (const auto& step : devices.setup(device)) {
    text += house.buses[step.write.bus].id + ' ' + std::to_string(step.write.unit) + ' ' + step.setup->id +
            ' ' + std::string(settings::name_of(step.write.area)) + ' ' + std::to_string(step.write.address);
    for (const auto word : step.write.values) text += ' ' + std::to_string(word);
    text += '\n';
  }
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

std::string_view name_of(FailSafeState state) {
  constexpr std::array<std::string_view, 7> names{"not_needed", "built_in", "verified",      "none",
                                                  "not_set",    "differs",  "other_settings"};
  return names.at(static_cast<std::size_t>(state));
}

bool is_sure(FailSafeState state) {
  return state == FailSafeState::not_needed || state == FailSafeState::built_in ||
         state == FailSafeState::verified;
}

FailSafeState fail_safe_of(const settings::House& house, const devices::Devices& devices, DeviceIndex device,
                           const DeviceBook& book) {
  const auto& outputs = devices.outputs();
  const bool commanded = std::any_of(outputs.begin(), outputs.end(),
                                     [&](const devices::Output& output) { return output.device == device; });
  if (!commanded) return FailSafeState::not_needed;
  const auto& settings = house.devices[device];
  switch (house.profiles[settings.profile].fail_safe) {
    case settings::FailSafe::built_in:
      return FailSafeState::built_in;
    case settings::FailSafe::settable:
      break;
    default:
      return FailSafeState::none;
  }
  const KnownDevice* known = book.find(settings.id);
  if (known == nullptr || !known->commissioned) return FailSafeState::not_set;
  if (known->commissioned->hash != setup_hash(house, devices, device)) return FailSafeState::other_settings;
  return known->commissioned->verified ? FailSafeState::verified : FailSafeState::differs;
}

}  // namespace rytme::app
