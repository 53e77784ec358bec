// SPDX-License-Identifier: Apache-2.0
// What Devices hides: topics and registers bound to the reads of each device, and what each device last said
// of its light. Internal to devices.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/devices/json_document.hpp"
#include "controller/devices/point_value.hpp"
#include "controller/devices/value.hpp"

namespace rytme::devices {

// A light's own word. While it is off the level it will have when on is not the level it has.
struct LightState {
  std::optional<double> on;
  std::optional<double> level;         // as stored in the lamp
  bool touched_on{}, touched_level{};  // by the message or block under decoding
  bool live{};
};

struct DeviceState {
  LightState light;
  std::vector<std::optional<bool>> heard;  // per availability source
  int failures{};                          // bus transactions in a row
  PolledMotion motion;
  std::optional<bool> bus_online;
};

// One use of a topic by one device.
struct TopicUse {
  enum class Kind : std::uint8_t { read, availability, command };
  DeviceIndex device{};
  Kind kind{};
  std::size_t index{};  // into the profile's reads or availability sources
};

// A condition of a point on another one.
struct Gate {
  std::size_t use{};  // the other one, in points_
  const settings::PointCondition* condition{};
};

struct PointUse {
  DeviceIndex device{};
  const settings::ModbusPoint* point{};
  RegisterRead run;  // as it is read: bus, unit, area, wire address and width
  std::uint16_t write_address{};
  Strips strips;
  std::vector<Gate> gates;
  std::optional<PointValue> said;    // last
  std::vector<std::uint16_t> words;  // last read; empty: not yet
};

class Devices::Engine {
 public:
  explicit Engine(const settings::House& house);

  std::vector<MqttSubscription> subscriptions() const;
  std::vector<RegisterRead> polls() const;
  std::vector<MqttPublish> refreshes() const;
  const std::vector<Output>& outputs() const { return outputs_; }
  double ttl_s(DeviceIndex device, Capability capability) const;
  std::vector<BoundPoint> points() const;
  std::vector<PointReadout> read_points(const RegisterBlock& block) const;
  std::optional<Setting> setting_of(std::size_t point, const std::vector<std::uint16_t>& words) const;
  std::vector<SetupStep> setup(DeviceIndex device) const;
  settings::Readback readback(DeviceIndex device, Capability capability) const;

  void decode(const MqttMessage& message, std::vector<Decoded>& out);
  void decode(const RegisterBlock& block, std::vector<Decoded>& out);
  void give_back(std::vector<Decoded>& decoded);
  Encoded encode(const Command& command) const;

  std::uint64_t refused(Refusal refusal) const { return refusals_.at(static_cast<std::size_t>(refusal)); }
  std::string_view last_refusal() const { return last_refusal_; }

 private:
  struct TopicHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct TopicUses {
    std::vector<TopicUse> uses;  // a device's uses stand together
    bool needs_json{};
  };

  const settings::Profile& profile_of(DeviceIndex device) const {
    return house_.profiles[house_.devices[device].profile];
  }
  // engine.cpp: binding
  std::string filled(std::string text, DeviceIndex device) const;
  bool is_state(const TopicUse& use) const;
  bool is_never_retained(const TopicUse& use) const;
  void bind_topics(DeviceIndex device);
  void bind_points(DeviceIndex device);
  void bind_output(DeviceIndex device);
  // bind_points.cpp
  void bind_gates();
  void refuse(std::string_view source, Refused refused);

  // decode_mqtt.cpp
  Outcome take(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
               std::vector<Decoded>& out);
  Outcome take_availability(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                            std::vector<Decoded>& out);
  Outcome take_read(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                    std::vector<Decoded>& out);
  Outcome take_stream(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                      std::vector<Decoded>& out);
  void take_value(const Reading& reading, std::vector<Decoded>& out);
  void tell_light(DeviceIndex device, Instant received, std::vector<Decoded>& out);
  void limit_pulse(const settings::Scaling& scaling, HeartSample& sample);

  // decode_registers.cpp
  void take_point(PointUse& use, const RegisterBlock& block, std::vector<Decoded>& out);
  bool open(const PointUse& use) const;
  void tell_block(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out);
  void tell_bus(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out);

  // encode_registers.cpp
  void encode_registers(const Command& command, const std::vector<Setting>& wished,
                        std::vector<RegisterWrite>& writes) const;

  const settings::House& house_;
  std::unordered_map<std::string, TopicUses, TopicHash, std::equal_to<>> topics_;
  std::vector<PointUse> points_;
  std::vector<Output> outputs_;
  std::vector<DeviceState> states_;
  JsonDocument document_;
  MotionFrame spare_;  // the columns of the next frame
  std::array<std::uint64_t, static_cast<std::size_t>(Refusal::count_)> refusals_{};
  std::string last_refusal_;
};

}  // namespace rytme::devices
