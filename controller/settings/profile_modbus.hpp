// SPDX-License-Identifier: Apache-2.0
// What a Modbus profile is made of: registers to readings, commands to registers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/capability.hpp"
#include "controller/room/wire.hpp"
#include "controller/settings/scaling.hpp"

namespace rytme::settings {

// raw_u16: the register as it is. choice: a number that means something by read_map. bits: part of a
// register. samples: a block of samples as a motion node of ours has it
// (firmware/protocol/motion_registers.hpp).
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
  raw_u16,
  samples
};

// How registers become a raw number (ascii: a text). Orders: of the words of a value, of the bytes of a word.
struct PointType {
  PointKind kind{PointKind::u16};
  bool big_word_first{true};
  bool big_byte_first{true};
  std::uint8_t low_bit{}, high_bit{15};  // bits; bool_u16 with `bit`: both the same
  std::uint16_t length{};                // ascii: characters; samples: samples
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
  // What its first word must be. Another one: the block is the reply to another question, and nothing of it
  // counts.
  std::optional<std::uint16_t> signature;
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

}  // namespace rytme::settings
