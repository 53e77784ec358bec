// SPDX-License-Identifier: Apache-2.0
// An MQTT profile as one device has it: params filled in, pointers taken apart. Internal to devices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/devices/json_document.hpp"
#include "controller/devices/value.hpp"

namespace rytme::devices {

struct BoundCondition {
  Pointer path;
  settings::Condition said;
};

struct BoundRead {
  settings::MqttRead read;
  Pointer path, wrapper;
  std::vector<BoundCondition> when;
  std::optional<BoundCondition> select_by;
  bool failed{};                // its error topic says so
  std::optional<Reading> last;  // told again when the error is over; only with an error topic
};

struct BoundAck {
  settings::Ack ack;
  Pointer path, error_path;
  std::vector<BoundCondition> when;
};

struct BoundSource {
  settings::AvailabilitySource source;
  Pointer path;
  std::optional<bool> heard;
};

// What one device has of MQTT.
struct MqttBinding {
  std::vector<BoundRead> reads;
  std::vector<settings::MqttWrite> writes;
  std::vector<BoundAck> acks;
  std::vector<BoundSource> sources;
  std::vector<BoundCondition> power_up;
  bool has_on{};  // it says whether its light is on
};

// One use of a topic by one device.
struct TopicUse {
  enum class Kind : std::uint8_t { read, error, availability, command, ack, power_up, homie_value, homie };
  DeviceIndex device{};
  Kind kind{};
  std::size_t index{};  // into the list of that kind in MqttBinding
};

struct TopicUses {
  std::vector<TopicUse> uses;  // a device's uses stand together
  bool needs_json{};
};

// A topic with + in it.
struct WildcardUses {
  std::string filter;
  TopicUses uses;
};

// decode_read.cpp. What stands at a place of a JSON payload; a list or an object is `other`.
Raw raw_of_json(const boost::json::value* value);
bool holds(const BoundCondition& condition, const Raw& raw, bool may_be_absent);
inline constexpr Refused not_json{Refusal::malformed, "not JSON"};

// MQTT 3.1.1 §4.7, with + only.
bool matches(std::string_view filter, std::string_view topic);

}  // namespace rytme::devices
