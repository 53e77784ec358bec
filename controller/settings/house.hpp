// SPDX-License-Identifier: Apache-2.0
// The settings folder as types: everything the controller knows before it has heard a single device. Plain
// data, valid by construction: only load() makes one, and only without errors.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/light_curve.hpp"
#include "controller/room/limits.hpp"
#include "controller/room/preset.hpp"
#include "controller/room/wire.hpp"
#include "controller/settings/profile.hpp"

namespace rytme::settings {

struct RoomSettings {
  std::string id;  // [a-z0-9-]+, part of MQTT topics
  std::string name;
  std::string language{"nb"};        // nb | en
  LightScene safe_light{0.4, 3500};  // level 0.2-0.6 linear
  bool recording{};                  // what a new session starts with
  double session_max_min{45};        // <= 45
  bool show_level{};                 // arousal levels on the staff page
  bool simulated{};                  // demo: every screen says SIMULERING
};

// Paths of PEM files. certificate and key: "" when the broker asks for a password instead, or for neither.
struct BrokerTls {
  std::string ca, certificate, key;
};

struct BrokerSettings {
  std::string host{"127.0.0.1"};
  int port{1883};  // 8883 with tls
  std::string user;
  std::string password;  // read from password_file, relative to the folder; never logged
  std::optional<BrokerTls> tls;
  bool clear_retained_commands{};  // delete what others have left retained on our devices' command topics
};

// The controller announced to Home Assistant (MQTT discovery); nothing of a person is among it.
struct HomeAssistantSettings {
  bool discovery{};
  std::string prefix{"homeassistant"};
};

// How long what is kept stays in the journal.
struct RetentionSettings {
  int waveforms_days{30};
  int summaries_months{12};
  int access_log_months{24};
};

struct BackupSettings {
  std::string recipient;  // public key as 64 hex digits; "" = none, then no backup can be made
  std::string folder;     // absolute, where backups without a name of their own go; "" = DATA/backups
  int keep{7};            // the newest of them
  std::optional<int> daily_at_min;  // minute of the local day; nullopt: by hand alone
};

// Measured once with a meter of class 2 or better, pink noise, at the head's place in swing and on the floor.
struct SoundCalibration {
  std::string date;  // YYYY-MM-DD
  std::string device;
  double db_a_at_full{};  // dB(A) in the room with the player at full scale
};

struct SoundSettings {
  std::optional<SoundCalibration> calibration;
  double laeq_max_db{laeq_ceiling_db};
  double beat_delay_s{};  // from a player's beat to the ear
};

struct WebSettings {
  std::string host{"127.0.0.1"};  // of this machine alone, without TLS
  int port{8080};
  std::string tls_host;  // for the network; "" = not served
  int tls_port{};
  std::string certificate, key;  // PEM files; "" = those of `rytme tls init`
  // token -> role, from tokens.toml in the folder when there is one (demo writes it).
  std::map<std::string, std::string> tokens;
};

enum class BusTransport : std::uint8_t { rtu, tcp };
enum class BusSilence : std::uint8_t { characters, us1750 };  // 3.5 characters, or 1750 µs

struct BusSettings {
  std::string id;
  BusTransport transport{BusTransport::rtu};
  std::string address;  // rtu: a serial port's path; tcp: IP:PORT (no names)
  int baud{9600};
  char parity{'N'};
  int stop_bits{2};
  BusSilence silence{BusSilence::characters};
  std::chrono::milliseconds response_timeout{150};
  // rtu: after a transaction without a proper reply nothing is asked for so long (at least response_timeout);
  // no slave answers later than that.
  std::chrono::milliseconds quiet{200};
  bool echo_suppress{};  // rtu: the adapter returns what is sent before the reply
  bool tid_strict{
      true};  // tcp: a reply carries its request's number; false: for gateways that do not keep it
};

struct DeviceSettings {
  std::string id;
  int line{1}, column{1};                     // of the id in room.toml
  std::string place;                          // "light.main"
  std::string name;                           // what people in the house call it; "" = its id
  std::size_t profile{};                      // index into House::profiles
  std::map<std::string, std::string> params;  // values as text, defaults filled in
  std::optional<BusIndex> bus;
  LightCurve curve{LightCurve::gamma22};
  std::optional<LightScene> safe;  // nullopt: the room's safe light
  // button.* only: what a press and a long press ask: "start:<preset id>", "end", "stop", "mute", "light".
  std::string press{"start:regulate-down"};
  std::string long_press{"stop"};
  bool on_wrist{};  // heart.* only: worn = "wrist"; else on the chest
  // stop.* only: what input.on says while the circuit is closed, and whether a device out of reach is a stop
  // too.
  bool closed_is_on{true};
  bool lost_is_stop{};

  bool is_stop() const { return place.starts_with("stop."); }
};

struct Activity {
  std::string id;
  Direction direction{Direction::neutral};
  LocalText text;
};

// What only the house knows, for the card on the door; "" = not said.
struct CardSettings {
  std::string where_the_switch_is;  // "til venstre for døren, i hoftehøyde"
  std::string whom_to_call;         // a duty phone; never a young person's name
};

struct House {
  RoomSettings room;
  CardSettings card;
  BrokerSettings broker;
  HomeAssistantSettings home_assistant;
  WebSettings web;
  RetentionSettings retention;
  BackupSettings backup;
  SoundSettings sound;
  SafetyLimits limits;  // volume_max follows from the calibration
  std::vector<BusSettings> buses;
  std::vector<DeviceSettings> devices;  // DeviceIndex is the position here
  std::vector<Profile> profiles;
  std::vector<Preset> presets;  // regulate-down, regulate-up first
  std::vector<Activity> activities;
  std::string hash;  // hex, over all files that were read except secrets
};

}  // namespace rytme::settings
