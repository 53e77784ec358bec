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
#include <utility>
#include <vector>

#include "controller/room/capability.hpp"
#include "controller/room/wire.hpp"

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
};

// A raw value (text as on the wire, "true"/"false" for JSON booleans) and what it means.
struct MapEntry {
  std::string raw;
  double value{};
};

// Applied after the raw range was checked, before plausibility. mired_to_k: 1e6 / raw.
enum class Conversion : std::uint8_t { none, mired_to_k };

// From the raw number to the capability's unit: convert(raw) * scale + offset; capabilities with unit "1"
// that are scaled are clamped to 0-1. In a profile a raw range without scale means 0-1 over that range.
struct Scaling {
  Conversion convert{Conversion::none};
  double scale{1};
  double offset{0};
  std::optional<double> raw_min, raw_max;              // outside: refused
  std::vector<double> invalid;                         // these raw values: unknown
  std::optional<double> plausible_min, plausible_max;  // in the capability's unit; outside: unknown
};

// json: value at `path`; text, number: the whole payload; csv: field `index`; hex: hex digits, big-endian
// unsigned; ble_hrm: hex of 0x2A37; heart_sample, motion_frame: the JSON streams of contracts §4.
enum class PayloadFormat : std::uint8_t { json, text, number, csv, hex, ble_hrm, heart_sample, motion_frame };

// accept: as good as live; last_known: shown, not live; ignore: refused and counted.
enum class Retained : std::uint8_t { accept, last_known, ignore };

// `when`: the value at `path` must be there and equal. `select_by`: may be absent, otherwise must equal.
struct Condition {
  std::string path;  // JSON Pointer
  std::string equals;
};

struct MqttRead {
  std::string topic;
  PayloadFormat format{PayloadFormat::json};
  std::string path;     // JSON Pointer; json only
  int index{};          // csv only
  char separator{','};  // csv only
  std::vector<MapEntry> map;
  Scaling scaling;
  std::vector<Condition> when;
  std::optional<Condition> select_by;
  Retained retained{Retained::last_known};
  double ttl_s{};  // older than this is no value any more; 0: no limit
  Capability capability{};
};

// How a placeholder writes its value. integer, number: value * factor; mired: 1e6 / value; choice: one of two
// texts for true and false; text: as it is; seconds, tenths, ms: the command's transition (100 ms units for
// tenths).
enum class Wording : std::uint8_t { integer, number, mired, choice, text, seconds, tenths, ms };

struct Placeholder {
  std::optional<Capability> capability;  // nullopt: the transition
  Wording wording{Wording::integer};
  double factor{1};
  std::string if_true, if_false;  // choice only
};

// A member of a JSON payload: a placeholder, or a fixed JSON text.
struct PayloadField {
  std::string key;  // "" when the whole payload is this one value
  std::optional<Placeholder> placeholder;
  std::string literal;  // JSON, e.g. 0, true, "x"
};

// One write is one message: everything in it goes out merged. Never retained.
struct MqttWrite {
  std::string topic;
  int qos{1};
  std::vector<PayloadField> payload;
  bool json_object{};                      // false: payload has exactly one field with key ""
  std::vector<Capability> always_include;  // a message that switches on without these is not sent
  std::chrono::milliseconds transition_max{0};
  std::chrono::milliseconds min_interval{100};
};

struct AvailabilitySource {
  std::string topic;
  std::string path;  // "": the payload is the text
  std::vector<MapEntry> map;
};

struct Availability {
  bool all{true};  // all | any of those heard so far
  std::vector<AvailabilitySource> sources;
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

struct Recovery {
  std::string refresh_topic;  // "": the device cannot be asked
  std::string refresh_payload;
  bool reassert{true};               // command what is aimed at again after a loss
  std::chrono::seconds max_age{10};  // of the aim that may be re-asserted
};

// bool_u16: a register that is 0 or not. word_order of two-register types: big = high word first.
enum class PointType : std::uint8_t { boolean, bool_u16, u16, s16, u32, s32, f32 };
enum class PollClass : std::uint8_t { fast, slow };  // 500 ms, 10 s

struct ModbusPoint {
  std::string id;
  RegisterArea area{RegisterArea::holding};
  std::uint16_t address{};                    // 0-based wire address of channel 1
  std::optional<std::uint16_t> read_address;  // where it differs
  std::uint16_t channel_step{};               // added per channel after the first
  PointType type{PointType::u16};
  bool big_word_first{true};
  Scaling scaling;
  PollClass poll{PollClass::fast};
  bool readable{true};
  bool writable{};
  Capability capability{};
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
  Availability availability;
  Echo echo;
  Recovery recovery;
};

}  // namespace rytme::settings
