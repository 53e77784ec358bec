// SPDX-License-Identifier: Apache-2.0
// The readers of each kind of file, one after the other called by check(). Internal to settings.
#pragma once

#include <filesystem>

#include "controller/settings/house.hpp"
#include "controller/settings/table_reader.hpp"

namespace rytme::settings {

// read_broker.cpp. `folder` for password_file and the files of tls.
BrokerSettings read_broker(const toml::table& table, Report& report, const std::filesystem::path& folder);
HomeAssistantSettings read_home_assistant(const toml::table& table, Report& report);

// read_room.cpp
RoomSettings read_room(const toml::table& table, Report& report);
CardSettings read_card(const toml::table& table, Report& report);
RetentionSettings read_retention(const toml::table& table, Report& report);
BackupSettings read_backup(const toml::table& table, Report& report);
// Files of certificates are relative to the folder.
WebSettings read_web(const toml::table& table, Report& report, const std::filesystem::path& folder);
// A PEM file that is there, can be read, needs no passphrase and holds that; "" after an error, or when the
// key is not there.
std::string read_pem(TableReader& reader, const char* key, const char* holds,
                     const std::filesystem::path& folder);
// "127.0.0.1:8080" or "[::1]:8080"; false when it is not an IP address and a port.
bool split_address(const std::string& text, std::string& host, int& port);
std::vector<BusSettings> read_buses(TableReader& file);
void read_tokens(const toml::table& table, Report& report, WebSettings& web);
// level and cct_k of a light scene; the level within low-high.
std::optional<LightScene> read_scene(const toml::table& table, Report& report, const std::string& name,
                                     double low, double high);
// { nb = "...", en = "..." }
LocalText read_local_text(TableReader& owner, std::string_view key);

// A scene to rest in: 0.2-0.6, and no saturated red.
std::optional<LightScene> read_safe_scene(const toml::table& table, Report& report, const std::string& name);

// read_sound.cpp
SafetyLimits read_limits(const toml::table& table, Report& report);
SoundSettings read_sound(const toml::table& table, Report& report);
// Amplitude that keeps the room under laeq_max_db, or the uncalibrated cap.
double volume_max_of(const SoundSettings& sound);

// read_device.cpp; uses house.buses, profiles and presets.
std::vector<DeviceSettings> read_devices(TableReader& file, const House& house);

// warn_link.cpp: where the device's factory line and the bus differ.
void warn_link(TableReader& reader, const DeviceSettings& device, const ModbusLink& link,
               const BusSettings& bus);

// read_preset.cpp
Preset read_preset(const toml::table& table, Report& report, double session_max_min);
std::vector<Activity> read_activities(const toml::table& table, Report& report);

// read_profile.cpp
Profile read_profile(const toml::table& table, Report& report);
// Texts with {param}: every name must be a param of the profile.
void check_params(TableReader& owner, std::string_view key, const std::string& text, const Profile& profile);
std::optional<Capability> read_capability(TableReader& owner);
// `of_registers`: `invalid` is raw words there, and read by read_modbus.
Scaling read_scaling(TableReader& owner, std::optional<Capability> capability, bool of_registers = false);
// Shared members of the two profile readers below.
void read_mqtt(TableReader& file, Profile& profile);    // read_profile_mqtt.cpp
void read_modbus(TableReader& file, Profile& profile);  // read_profile_modbus.cpp

// read_mqtt_read.cpp: [[read]], and what its parts share with the other tables; read_mqtt_write.cpp:
// [[write]].
MqttRead read_mqtt_read(const toml::table& table, Report& report, const Profile& profile);
MqttWrite read_mqtt_write(const toml::table& table, Report& report, const Profile& profile);
// Shared by them. `plus`: may hold the wildcard +.
std::string read_topic(TableReader& reader, std::string_view key, const Profile& profile, bool plus = false);
void read_pointer(TableReader& reader, std::string_view key, std::string& path, const Profile& profile);
std::vector<MapEntry> read_map(TableReader& reader, std::optional<Capability> capability);
std::vector<Condition> read_conditions(TableReader& reader, std::string_view key, const Profile& profile,
                                       bool csv);
// An effect of the lamp's own may be switched off, never on.
bool is_forbidden_key(std::string_view key, const std::vector<std::string>& more);
bool is_off(const toml::node& node);

// placeholder.cpp. "{light.level:int*254}"; empty `error` when it is right.
struct ParsedText {
  PayloadField field;
  std::string error;
};
ParsedText parse_text(std::string_view text, const std::vector<ProfileParam>& params);

}  // namespace rytme::settings
