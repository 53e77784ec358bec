// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "controller/settings/modbus_rules.hpp"
#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

// What a place stands for, and what a profile must offer there.
struct Place {
  std::string_view head;  // "light."; whole word when it does not end with a dot
  bool writes{};
  std::array<std::optional<Capability>, 2> needs;  // any of them; none: anything that is read
};
constexpr std::array places{
    Place{"light.", true, {Capability::light_level, std::nullopt}},
    Place{"music.", true, {Capability::player_volume, std::nullopt}},
    Place{"swing.motion", false, {Capability::motion_frame, Capability::motion_accel_x_mps2}},
    Place{"hammock.motion", false, {Capability::motion_frame, Capability::motion_accel_x_mps2}},
    Place{"heart.", false, {Capability::hr_sample, Capability::hr_bpm}},
    Place{"button.", false, {Capability::button_action, std::nullopt}},
    Place{"stop.", false, {Capability::input_on, std::nullopt}},
    Place{"relay.", true, {Capability::relay_on, std::nullopt}},
    Place{"environment.", false, {}},
};
constexpr std::string_view place_list =
    "light.* | music.* | swing.motion | hammock.motion | heart.* | button.* | stop.* | relay.* | "
    "environment.*";

const Place* find_place(std::string_view text) {
  for (const Place& place : places) {
    const bool open = place.head.ends_with('.');
    if (!open && text == place.head) return &place;
    if (!open || !text.starts_with(place.head) || text.size() == place.head.size()) continue;
    const auto tail = text.substr(place.head.size());
    if (tail.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos)
      return &place;
  }
  return nullptr;
}

bool has_homie(const Profile& profile, Capability capability) {
  return std::any_of(profile.homie.properties.begin(), profile.homie.properties.end(),
                     [&](const HomieProperty& property) { return property.capability == capability; });
}

bool reads(const Profile& profile, const DeviceSettings& device, Capability capability) {
  const auto same = [&](const auto& item) { return item.capability == capability; };
  const auto polled = [&](const ModbusPoint& point) {
    if (!point.readable || !applies(point.when, device.params)) return false;
    return same(point) || (point.in_frame && capability == Capability::motion_frame);
  };
  return std::any_of(profile.reads.begin(), profile.reads.end(), same) || has_homie(profile, capability) ||
         std::any_of(profile.points.begin(), profile.points.end(), polled);
}

bool writes(const Profile& profile, const DeviceSettings& device, Capability capability) {
  for (const MqttWrite& write : profile.writes)
    if (std::find(write.says.begin(), write.says.end(), capability) != write.says.end()) return true;
  if (has_homie(profile, capability)) return true;
  return std::any_of(profile.points.begin(), profile.points.end(), [&](const ModbusPoint& point) {
    return point.writable && point.capability == capability && applies(point.when, device.params);
  });
}

bool has_variants(const Profile& profile) {
  return std::any_of(profile.params.begin(), profile.params.end(),
                     [](const ProfileParam& param) { return !param.choices.empty(); });
}

void check_place(TableReader& reader, const DeviceSettings& device, const Profile& profile) {
  const Place* place = find_place(device.place);
  if (place == nullptr || !place->needs[0]) return;
  const bool fits = std::any_of(place->needs.begin(), place->needs.end(), [&](const auto& need) {
    return need && (place->writes ? writes(profile, device, *need) : reads(profile, device, *need));
  });
  if (!fits)
    reader.error("place", "place: \"" + device.place + "\" needs a profile that " +
                              (place->writes ? "writes " : "reads ") +
                              std::string(name_of(*place->needs[0])) + "; \"" + profile.id + "\" does not" +
                              (has_variants(profile) ? " with these params" : ""));
}

// A param's value as text; nullopt and a problem when it is not what the profile allows.
std::optional<std::string> param_value(TableReader& params, const ProfileParam& param) {
  if (param.integer) {
    std::int64_t value{};
    if (!params.read_integer(param.name, value, param.min, param.max)) return std::nullopt;
    return std::to_string(value);
  }
  std::string text;
  if (!params.read(param.name, text)) return std::nullopt;
  if (text.empty() || text.find_first_of("+#{}") != std::string::npos || !is_printable(text)) {
    params.expected(param.name, *params.node(param.name),
                    "a text without + # { } and control characters, not empty");
    return std::nullopt;
  }
  if (!param.choices.empty() &&
      std::find(param.choices.begin(), param.choices.end(), text) == param.choices.end()) {
    params.error(param.name,
                 param.name + ": \"" + text + "\" is not allowed" + suggestion(text, param.choices));
    return std::nullopt;
  }
  return text;
}

void read_params(TableReader& reader, DeviceSettings& device, const Profile& profile) {
  static const toml::table none;
  const toml::table* given = reader.table("params");
  TableReader params(given != nullptr ? *given : none, reader.report(), "params");
  for (const ProfileParam& param : profile.params) {
    if (params.node(param.name) == nullptr) {
      if (param.default_value)
        device.params[param.name] = *param.default_value;
      else
        reader.error("params", "profile \"" + profile.id + "\" needs the param \"" + param.name + "\"");
      continue;
    }
    if (auto value = param_value(params, param)) device.params[param.name] = *value;
  }
  params.finish();
}

void read_bus_of(TableReader& reader, DeviceSettings& device, const Profile& profile, const House& house) {
  std::string id;
  const bool given = reader.read("bus", id);
  if (profile.transport == ProfileTransport::mqtt) {
    if (given) reader.error("bus", "bus: profile \"" + profile.id + "\" speaks MQTT; remove the key");
    return;
  }
  if (!given) {
    if (reader.node("bus") == nullptr) reader.require("bus");
    return;
  }
  std::vector<std::string> known;
  for (std::size_t i = 0; i < house.buses.size(); ++i) {
    if (house.buses[i].id == id) device.bus = static_cast<BusIndex>(i);
    known.push_back(house.buses[i].id);
  }
  if (!device.bus)
    reader.error("bus", "bus: there is no [[bus]] with id \"" + id + "\"" + suggestion(id, known));
}

const Profile* read_profile_of(TableReader& reader, DeviceSettings& device, const House& house) {
  std::string id;
  if (!reader.require("profile") || !reader.read("profile", id)) return nullptr;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < house.profiles.size(); ++i) {
    known.push_back(house.profiles[i].id);
    if (known.back() != id) continue;
    device.profile = i;
    return &house.profiles[i];
  }
  reader.error("profile", "profile: there is no profile \"" + id + "\" in profiles/" + suggestion(id, known));
  return nullptr;
}

void read_button(TableReader& reader, std::string_view key, std::string& target, const House& house) {
  const bool given = reader.read(key, target);
  if (!given && reader.node(key) != nullptr) return;
  std::vector<std::string> allowed{"end", "stop", "mute", "light"};
  for (const Preset& preset : house.presets) allowed.push_back("start:" + preset.id);
  if (std::find(allowed.begin(), allowed.end(), target) != allowed.end()) return;
  if (given)
    reader.error(key, std::string(key) + ": \"" + target + "\" is not allowed" + suggestion(target, allowed));
  else
    target = "end";  // the default's preset is not among the presets
}

void read_stop(TableReader& reader, DeviceSettings& device) {
  std::size_t closed{}, lost{};
  reader.choose("closed", closed, {"on", "off"});
  reader.choose("lost", lost, {"told", "stop"});
  device.closed_is_on = closed == 0;
  device.lost_is_stop = lost == 1;
}

void read_light(TableReader& reader, DeviceSettings& device) {
  reader.choose("curve", device.curve, {"linear", "gamma2.2", "dali"});
  if (const auto* safe = reader.table("safe")) device.safe = read_safe_scene(*safe, reader.report(), "safe");
}

void warn_fail_safe(TableReader& reader, const DeviceSettings& device, const Profile& profile) {
  if (profile.fail_safe == FailSafe::none)
    reader.warning("id", "device \"" + device.id +
                             "\" stays as it is when the controller is gone: profile \"" + profile.id +
                             "\" has no fail-safe of its own");
}

// Two devices on the same registers or topics would answer and command for each other.
void check_collisions(Report& report, const toml::table& table, const DeviceSettings& device,
                      const std::vector<DeviceSettings>& others) {
  for (const DeviceSettings& other : others) {
    if (!device.id.empty() && other.id == device.id)
      report.error(table.source(), "device id \"" + device.id + "\" stands twice; ids are unique");
    else if (device.bus && other.bus == device.bus && other.profile != device.profile &&
             other.params.contains("unit") && device.params.contains("unit") &&
             other.params.at("unit") == device.params.at("unit"))
      report.error(table.source(), "device \"" + device.id + "\" has the same bus and unit as \"" + other.id +
                                       "\" but another profile; every slave has a unit of its own");
    else if (!device.params.empty() && other.profile == device.profile && other.params == device.params &&
             other.bus == device.bus)
      report.error(table.source(), "device \"" + device.id + "\" is the same as \"" + other.id +
                                       "\": same profile and params");
  }
}

void read_name(TableReader& reader, std::string& name) {
  constexpr std::size_t longest = 40;  // bytes: three of them stand in one line of the staff page
  if (reader.read("name", name) && (name.empty() || name.size() > longest || !is_printable(name)))
    reader.expected("name", *reader.node("name"),
                    "what people call it: 1-40 bytes without control characters");
}

DeviceSettings read_device(const toml::table& table, Report& report, const House& house) {
  TableReader reader(table, report, "[[device]]");
  DeviceSettings device;
  reader.read_id("id", device.id);
  if (const auto& where = reader.where("id"); where.begin.line > 0) {
    device.line = static_cast<int>(where.begin.line);
    device.column = static_cast<int>(where.begin.column);
  }
  read_name(reader, device.name);
  if (reader.require("place") && reader.read("place", device.place) && find_place(device.place) == nullptr)
    reader.expected("place", *reader.node("place"), std::string(place_list));
  if (const Profile* profile = read_profile_of(reader, device, house)) {
    read_bus_of(reader, device, *profile, house);
    read_params(reader, device, *profile);
    check_place(reader, device, *profile);
    if (device.bus) warn_link(reader, device, profile->link, house.buses[*device.bus]);
    warn_fail_safe(reader, device, *profile);
  }
  for (const char* key : {"params", "bus"}) reader.node(key);
  read_light(reader, device);
  if (device.place.starts_with("button.")) {
    read_button(reader, "press", device.press, house);
    read_button(reader, "long", device.long_press, house);
  }
  if (device.is_stop()) read_stop(reader, device);
  if (std::size_t worn{};
      device.place.starts_with("heart.") && reader.choose("worn", worn, {"chest", "wrist"}))
    device.on_wrist = worn == 1;
  reader.finish();
  return device;
}

}  // namespace

std::vector<DeviceSettings> read_devices(TableReader& file, const House& house) {
  std::vector<DeviceSettings> devices;
  for (const toml::table* table : file.tables("device")) {
    const std::size_t before = devices.size();
    devices.push_back(read_device(*table, file.report(), house));
    const std::vector<DeviceSettings> others(devices.begin(),
                                             devices.begin() + static_cast<std::ptrdiff_t>(before));
    check_collisions(file.report(), *table, devices.back(), others);
  }
  return devices;
}

}  // namespace rytme::settings
