// SPDX-License-Identifier: Apache-2.0
// What an MQTT profile is made of: payloads to readings, commands to payloads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/room/capability.hpp"
#include "controller/settings/scaling.hpp"

namespace rytme::settings {

// A raw value (text as on the wire, "true"/"false" for JSON booleans; "*" any other) and what it means: a
// number, or a text where the capability is a text.
struct MapEntry {
  std::string raw;
  double value{};
  std::string text;
};

// json: value at `path`; text, number: the whole payload; csv: field `index`; hex: hex digits, big-endian
// unsigned; ble_hrm: hex of 0x2A37; json_wrapped: JSON in a text at `wrapper` of a JSON payload, `path` leads
// on from there; heart_sample, motion_frame: the JSON streams of contracts §4. text, number, csv, hex and
// ble_hrm with a `path` read the text at that place of a JSON payload.
enum class PayloadFormat : std::uint8_t {
  json,
  text,
  number,
  csv,
  hex,
  ble_hrm,
  json_wrapped,
  heart_sample,
  motion_frame,
};

// accept: as good as live; last_known: shown, not live; ignore: refused and counted.
enum class Retained : std::uint8_t { accept, last_known, ignore };

// One value that is a whole colour, and gives several capabilities. rgb: red, green, blue; hs: hue and
// saturation; hsv: these and the level; xy: CIE 1931; hex: RRGGBB, 8 digits WWRRGGBB; hex_white_last: RRGGBB,
// 8 digits RRGGBBWW, 10 digits RRGGBBCCWW (cold, warm); tagged: "rgb,r,g,b" | "hsv,h,s,v" | "xyz,x,y".
enum class Colour : std::uint8_t { none, rgb, hs, hsv, xy, hex, hex_white_last, tagged };

// Of `when` the value must be there and be (or, negated, not be) one of the values; of `select_by` it may be
// absent.
struct Condition {
  std::string path;  // JSON Pointer; csv: "" and `index`
  int index{};       // csv only
  std::vector<std::string> values;
  bool negated{};
};

struct MqttRead {
  std::string topic;  // + stands for any one level
  PayloadFormat format{PayloadFormat::json};
  std::string path;     // JSON Pointer
  std::string wrapper;  // JSON Pointer; json_wrapped only
  int index{};          // csv only
  char separator{','};  // csv, and of a colour's parts in a text
  std::vector<MapEntry> map;
  Scaling scaling;
  std::vector<Condition> when;
  std::optional<Condition> select_by;
  Retained retained{Retained::last_known};
  bool counts_as_sample{true};  // false: never live, keeps no stream alive
  double ttl_s{};               // older than this is no value any more; 0: no limit
  std::string error_topic;      // while its payload is neither empty nor null the value is unknown
  Colour colour{Colour::none};  // instead of a capability
  double colour_max{255};       // rgb: a channel at full
  Capability capability{};
};

// How a placeholder writes its value. integer, number: value * factor; hex: two hex digits of that; mired:
// 1e6 / value; db: 20 log10(value); choice: one of two texts for true and false, an empty one is not sent;
// text: as it is. The command's transition: seconds, whole_seconds (rounded up), tenths (100 ms), ms,
// half_s_per_sweep (half seconds for the way 0-100 %, 1-40). param: a number the device's settings give.
enum class Wording : std::uint8_t {
  integer,
  number,
  hex,
  mired,
  db,
  choice,
  text,
  seconds,
  whole_seconds,
  tenths,
  ms,
  half_s_per_sweep,
  param,
};

struct Placeholder {
  std::optional<Capability> capability;  // nullopt: the transition, or a param
  Wording wording{Wording::integer};
  double factor{1};
  std::string if_true, if_false;  // choice only
  std::string param;              // param only
};

// Part of a text: fixed characters (which may hold {param}), then perhaps a placeholder.
struct TextPart {
  std::string fixed;
  std::optional<Placeholder> placeholder;
};

// A member of a JSON payload, or the whole payload (key "").
struct PayloadField {
  enum class Kind : std::uint8_t {
    literal,  // a fixed JSON text: 0, true
    text,     // parts, in quotes where it stands in JSON
    value,    // one placeholder: a JSON number, boolean or text by its wording
    object,   // members with keys
    array,    // members without
  };
  std::string key;
  Kind kind{Kind::literal};
  std::string literal;
  std::vector<TextPart> parts;
  std::optional<Placeholder> placeholder;
  std::vector<PayloadField> members;
};

// The device's own answer to a command, before its state says so.
struct Ack {
  std::string topic;
  std::string path;        // there: taken; "" = any message
  std::string error_path;  // there: refused; "" = never said
  std::vector<Condition> when;
  std::chrono::milliseconds timeout{2000};
};

// One write is one message: everything in it goes out merged. Never retained.
struct MqttWrite {
  std::string topic;
  int qos{1};
  PayloadField payload;
  std::vector<Capability> says;            // that stand in the payload
  bool fades{};                            // the transition stands in it
  std::vector<Capability> always_include;  // a message that switches on without these is not sent
  std::chrono::milliseconds transition_max{0};
  std::chrono::milliseconds min_interval{100};
  std::string group;  // of the writes of one group as few as possible go out
  std::optional<Ack> ack;
};

// What a source of availability says: online 1 or 0, and in words when it sleeps or was removed.
struct AvailabilitySource {
  std::string topic;
  std::string path;  // "": the payload is the text
  std::vector<MapEntry> map;
};

struct Availability {
  bool all{true};  // all | any of those heard so far
  std::vector<AvailabilitySource> sources;
  std::chrono::seconds max_silence{0};  // not heard for longer: lost; 0: no limit
  bool first_seen_needs_fresh{};        // a retained "online" is not enough to count as there
};

struct FixedMessage {
  std::string topic;
  std::string payload;
};

// A message that a device sends when it has just started.
struct PowerUp {
  std::string topic;
  Condition marker;  // path "" without values: any message
};

struct Recovery {
  std::vector<FixedMessage> refresh;  // ask for the state; none: the device cannot be asked
  std::vector<FixedMessage> setup;    // before that: at connect and after it has started
  std::vector<PowerUp> on_power_up;
  bool reassert{true};               // command what is aimed at again after a loss
  std::chrono::seconds max_age{10};  // of the aim that may be re-asserted
};

// A Homie 5 device whose own $description says where and how its values stand.
struct HomieProperty {
  Capability capability{};
  bool colour{};         // the colour instead of a capability
  std::string property;  // "node/property"; "auto": the first that fits; "none"
};
// Of a Homie device: what a room can ask for; the rest is only read.
bool is_commanded(Capability capability);
struct Homie {
  std::string device;  // "" = none
  std::vector<HomieProperty> properties;
};

// What makes a device fit for this room: said to it by `rytme device commission`, and what it must answer.
struct SetupMessage {
  std::string id;
  FixedMessage say;
  std::optional<FixedMessage> ask;  // behind it: for a device that does not tell of itself
  std::string answer_topic;
  Condition answer;  // path "": the payload is the text
  std::string purpose;
};

}  // namespace rytme::settings
