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
  std::vector<std::string> choices;          // text only; empty: any text
};

// A raw value (text as on the wire, "true"/"false" for JSON booleans; "*" any other) and what it means: a
// number, or a text where the capability is a text.
struct MapEntry {
  std::string raw;
  double value{};
  std::string text;
};

// Applied after the raw range was checked, before plausibility. mired_to_k: 1e6 / raw. cct_position: Modbus
// only, see ModbusPoint. MQTT only: percent_to_1: / 100; db_to_1: 10^(raw / 20), an amplitude; rad_to_deg;
// g_to_mps2:
// * 9.80665; f_to_c; ms_to_s: / 1000; s1024_to_s: / 1024.
enum class Conversion : std::uint8_t {
  none,
  mired_to_k,
  cct_position,
  percent_to_1,
  db_to_1,
  rad_to_deg,
  g_to_mps2,
  f_to_c,
  ms_to_s,
  s1024_to_s,
};

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

// What a state message after a command is. target: the wish; actual: what the device does; both; partial:
// only what changed; none: the device says nothing.
enum class EchoKind : std::uint8_t { target, actual, both, none, partial };

struct Echo {
  EchoKind kind{EchoKind::actual};
  std::chrono::milliseconds settle{1500};
  double tolerance{0.01};
  bool off_keeps_level{true};  // false: after off the level is not known until said again
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

// Lower what safety allows, never raise it.
struct Limits {
  double level_max{1};                     // linear light, 0.2-1
  std::optional<double> slew_per_s;        // linear light per second
  std::chrono::milliseconds min_dwell{0};  // an aim is kept so long before the next
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

// raw_u16: the register as it is. choice: a number that means something by read_map. bits: part of a
// register.
enum class PointKind : std::uint8_t {
  boolean,
  bool_u16,
  u16,
  s16,
  u32,
  s32,
  u64,
  s64,
  f32,
  f64,
  choice,
  bits,
  ascii,
  raw_u16
};

// How registers become a raw number (ascii: a text). Orders: of the words of a value, of the bytes of a word.
struct PointType {
  PointKind kind{PointKind::u16};
  bool big_word_first{true};
  bool big_byte_first{true};
  std::uint8_t low_bit{}, high_bit{15};  // bits; bool_u16 with `bit`: both the same
  std::uint16_t length{};                // ascii: characters
};

// A raw number and what it means: a number (booleans 0/1), or a text.
struct RegisterMeaning {
  std::int64_t raw{};
  std::optional<double> number;
  std::string text;
};

// The value of a point (by its id), or a param, is one of these. Numbers of points after read_map and scale.
struct PointCondition {
  std::string name;
  bool of_param{};
  std::vector<std::string> any_of;
};

// fast 500 ms, slow 10 s, once: at start and every 10 minutes, stream 50 ms; ModbusLink may say otherwise.
enum class PollClass : std::uint8_t { fast, slow, once, stream, never };

struct Readback {
  std::optional<double> tolerance;  // in the capability's unit; nullopt: Echo::tolerance
  std::optional<std::chrono::milliseconds>
      delay;  // earlier reports may be on their way; nullopt: Echo::settle
};

struct ModbusPoint {
  std::string id;
  RegisterArea area{RegisterArea::holding};
  std::uint16_t read_address{}, write_address{};  // 0-based wire addresses of the first channel
  std::uint16_t channel_step{};                   // added per channel after the first
  PointType type;
  Scaling scaling;                     // its `invalid` is not used: see below
  std::vector<std::uint64_t> invalid;  // raw bits of the whole value, before any sign
  std::vector<RegisterMeaning> read_map, write_map;
  std::vector<PointCondition> when;  // all must hold
  PollClass poll{PollClass::fast};
  std::string group;  // points of one group go out in one write
  Readback readback;
  bool readable{true};
  bool writable{};
  bool multiple{};                       // even a single value goes out by function 15 or 16
  bool cct_position{};                   // light.cct_k as a position between the params k_warm and k_cold
  bool in_frame{};                       // an axis of the device's motion.frame, no reading of its own
  std::optional<Capability> capability;  // nullopt: known, not used (but perhaps by a `when`)
};

// A write that makes the device fit for this room: done and read back by `rytme device commission`.
struct SetupWrite {
  enum class Source : std::uint8_t { literal, param, safe_level, safe_cct };
  std::string id;
  RegisterArea area{RegisterArea::holding};
  std::uint16_t address{};
  std::uint16_t channel_step{};
  PointType type;
  Scaling scaling;
  Source source{Source::literal};
  double value{};                    // literal, in the unit: raw = (value - offset) / scale
  std::string param;                 // Source::param
  std::vector<PointCondition> when;  // params only
  bool verify{true};
  bool keep{};    // written again by the controller at start and after each return of the device
  bool unlock{};  // opens or closes the device for the writes beside it; never read back
  std::string purpose;
};

// What the device would take but is never sent, and why.
struct LeftOut {
  RegisterArea area{RegisterArea::coil};
  std::uint16_t address{}, count{1};
  std::string reason;
};

// The device's factory line, which `rytme check` compares with the [[bus]], and what it stands in one
// request.
struct ModbusLink {
  std::optional<int> baud;
  std::optional<char> parity;
  std::optional<int> stop_bits;
  std::optional<std::chrono::milliseconds> response_timeout;
  std::optional<std::chrono::microseconds> guard;  // silence it wants between two frames
  std::uint16_t max_block{125};                    // registers in one read
  std::uint16_t max_hole{0};                       // registers between points that may be read over
  int offline_after{2};                            // failed transactions in a row
  std::chrono::milliseconds fast{500}, slow{10'000}, once{600'000}, stream{50};
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
  std::vector<LeftOut> left_out;
  ModbusLink link;
  Availability availability;
  Echo echo;
  Recovery recovery;
  Limits limits;
  Homie homie;
};

}  // namespace rytme::settings
