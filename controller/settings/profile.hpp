// SPDX-License-Identifier: Apache-2.0
// A device profile as data: how payloads or registers become readings, and commands become payloads or
// registers. Enumerated operators only, no expressions: a profile can neither loop nor run anything.
// docs/profiles.md has every key with its default. Texts may hold {param}; DeviceSettings::params fills them
// in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/settings/profile_modbus.hpp"
#include "controller/settings/profile_mqtt.hpp"

namespace rytme::settings {

enum class ProfileTransport : std::uint8_t { mqtt, modbus };

// What the device does by itself when the controller is gone. none: stays as it is; settable: has a watchdog
// that must be commissioned; not_said: only for a device that is not commanded.
enum class FailSafe : std::uint8_t { not_said, none, settable, built_in };

struct ProfileParam {
  std::string name;
  bool integer{};                            // text otherwise
  std::int64_t min{0}, max{65535};           // integer only
  std::optional<std::string> default_value;  // nullopt: required
  std::vector<std::string> choices;          // text only; empty: any text
};

// What a state message after a command is. target: the wish; actual: what the device does; both; partial:
// only what changed; none: the device says nothing.
enum class EchoKind : std::uint8_t { target, actual, both, none, partial };

struct Echo {
  EchoKind kind{EchoKind::actual};
  std::chrono::milliseconds settle{1500};
  double tolerance{0.01};
  bool off_keeps_level{true};  // false: after off the level is not known until said again
};

// Lower what safety allows, never raise it.
struct Limits {
  double level_max{1};                     // linear light, 0.2-1
  std::optional<double> slew_per_s;        // linear light per second
  std::chrono::milliseconds min_dwell{0};  // an aim is kept so long before the next
};

struct Profile {
  std::string id;
  int version{1};
  ProfileTransport transport{ProfileTransport::mqtt};
  FailSafe fail_safe{FailSafe::not_said};
  std::vector<std::string> sources;
  std::string tested_by;     // "" = nobody has tried it on the real device
  std::string device_class;  // for people: "lamp", "dimmer"
  std::vector<ProfileParam> params;
  std::vector<MqttRead> reads;
  std::vector<MqttWrite> writes;
  std::vector<ModbusPoint> points;
  std::vector<SetupWrite> setup;
  std::vector<SetupMessage> setup_messages;
  std::vector<LeftOut> left_out;
  ModbusLink link;
  Availability availability;
  Echo echo;
  Recovery recovery;
  Limits limits;
  Homie homie;
};

}  // namespace rytme::settings
