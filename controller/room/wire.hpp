// SPDX-License-Identifier: Apache-2.0
// What passes between profiles (controller/devices) and the transports (controller/mqtt, controller/modbus):
// raw messages and registers, without meaning.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/room/time.hpp"

namespace rytme {

struct MqttMessage {
  std::string topic;
  std::string payload;
  bool retained{};
  Instant received{};
};

// Homie values are retained, commands to devices never are: `retain` is false in everything a profile
// encodes.
struct MqttPublish {
  std::string topic;
  std::string payload;
  int qos{1};
  bool retain{};
  Instant expires{Instant::max()};  // dropped, counted, never sent after this
  std::uint64_t generation{};       // commands only: dropped when older than the last stop; 0 = not a command
};

// A topic filter and how its messages want to be treated.
struct MqttSubscription {
  std::string filter;
  // A state: as long as nobody has read a message of it, a newer one takes its place. A whole topic, no
  // wildcards.
  bool latest_wins{};
  // A message that was sent to be retained is told from others also when it comes at once, not only when it
  // is repeated at subscribing.
  bool tells_retained{};

  MqttSubscription(std::string filter_, bool latest_wins_ = false, bool tells_retained_ = false)
      : filter(std::move(filter_)), latest_wins(latest_wins_), tells_retained(tells_retained_) {}
  MqttSubscription(const char* filter_) : filter(filter_) {}
  friend bool operator==(const MqttSubscription&, const MqttSubscription&) = default;
};

using BusIndex = std::uint16_t;

enum class RegisterArea : std::uint8_t { coil, discrete, input, holding };

// One contiguous run of registers that is polled as a whole.
struct RegisterRead {
  BusIndex bus{};
  std::uint8_t unit{};
  RegisterArea area{};
  std::uint16_t address{};  // 0-based wire address
  std::uint16_t count{1};   // <= 125 registers or 2000 bits
  std::chrono::milliseconds period{500};
  bool ahead{};  // of commands and other polls: the input of a wall stop
};

// What to do next after a bus transaction. ok: values are there; stale: timed out, others go on; retry:
// garbled, will be asked again; gone: the device or bus refuses or is away.
enum class BusOutcome : std::uint8_t { ok, stale, retry, gone };

struct RegisterBlock {
  RegisterRead read;
  BusOutcome outcome{};
  std::vector<std::uint16_t> values;  // one per register or bit (0/1); empty unless ok
  Instant received{};
};

enum class WriteClass : std::uint8_t { stop, command };

struct RegisterWrite {
  BusIndex bus{};
  std::uint8_t unit{};
  RegisterArea area{};  // coil or holding
  std::uint16_t address{};
  std::vector<std::uint16_t> values;
  WriteClass priority{WriteClass::command};
  Instant expires{Instant::max()};
  std::uint64_t generation{};  // as in MqttPublish
  std::uint64_t tag{};         // returned in WriteResult: the journal sequence of the command it belongs to
  bool multiple{};             // a single value too goes out by function 15 or 16
  // After it is done the polls that cover its registers are made so much later at the latest; nullopt: when
  // due.
  std::optional<std::chrono::milliseconds> verify_after{};
};

struct WriteResult {
  std::uint64_t tag{};
  BusIndex bus{};
  std::uint8_t unit{};
  BusOutcome outcome{};
  std::optional<Instant> done;  // nullopt: dropped (expired, or older than a stop)
};

}  // namespace rytme
