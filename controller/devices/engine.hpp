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
#include "controller/devices/mqtt_binding.hpp"
#include "controller/devices/point_value.hpp"
#include "controller/devices/value.hpp"

namespace rytme::devices {

// A light's own word. While it is off the level it will have when on is not the level it has.
struct LightState {
  std::optional<double> on;
  std::optional<double> level;         // as stored in the lamp
  bool touched_on{}, touched_level{};  // by the message or block under decoding
  bool turned{};                       // it was off and is on
  bool live{};
};

// What a wearable said in the message under decoding, and what it keeps from one to the next.
struct HeartState {
  bool touched{};
  HeartSample sample;
  Contact contact{Contact::unsupported};
};

// A Homie device's values are held until its description says what they are.
struct HomieState {
  bool described{};
  std::vector<MqttMessage> held;  // last of each topic, bounded
};

struct DeviceState {
  LightState light;
  HeartState heart;
  HomieState homie;
  MqttBinding mqtt;
  std::uint64_t samples{};  // stamps of sources that have none
  std::string event;        // last motion.event, which may come on two topics
  Instant event_at{};
  std::optional<double> commanded_level;  // where a fade begins
  int failures{};                         // bus transactions in a row
  PolledMotion motion;
  std::optional<bool> bus_online;
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
  std::vector<MqttPublish> refreshes(std::optional<DeviceIndex> only, bool setup) const;
  bool is_command(std::string_view topic) const;
  const std::vector<Output>& outputs() const { return outputs_; }
  double ttl_s(DeviceIndex device, Capability capability) const;
  std::vector<BoundPoint> points() const;
  std::vector<PointReadout> read_points(const RegisterBlock& block) const;
  std::optional<Setting> setting_of(std::size_t point, const std::vector<std::uint16_t>& words) const;
  std::vector<SetupStep> setup(DeviceIndex device) const;
  std::vector<SetupTalk> setup_talks(DeviceIndex device) const;
  settings::Readback readback(DeviceIndex device, Capability capability) const;

  void decode(const MqttMessage& message, std::vector<Decoded>& out);
  void decode(const RegisterBlock& block, std::vector<Decoded>& out);
  const std::vector<Heard>& heard() const { return heard_; }
  void give_back(std::vector<Decoded>& decoded);
  Encoded encode(const Command& command);

  std::uint64_t refused(Refusal refusal) const { return refusals_.at(static_cast<std::size_t>(refusal)); }
  std::string_view last_refusal() const { return last_refusal_; }

 private:
  struct TopicHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  const settings::Profile& profile_of(DeviceIndex device) const {
    return house_.profiles[house_.devices[device].profile];
  }
  // engine.cpp: binding
  std::string filled(std::string text, DeviceIndex device) const;
  bool is_state(const TopicUse& use) const;
  bool is_one_kind(const std::vector<TopicUse>& uses) const;
  bool is_never_retained(const TopicUse& use) const;
  void bind_points(DeviceIndex device);
  void bind_output(DeviceIndex device);
  // bind_mqtt.cpp
  void bind_topics(DeviceIndex device);
  void bind_topic(const std::string& topic, TopicUse use, bool json);
  void bind_read(const settings::MqttRead& read, DeviceIndex device);
  void bind_write(const settings::MqttWrite& write, DeviceIndex device);
  settings::PayloadField filled(settings::PayloadField field, DeviceIndex device) const;
  BoundCondition bound(settings::Condition condition, DeviceIndex device) const;
  void unbind(DeviceIndex device, const std::string& prefix);
  // homie.cpp
  void bind_homie(DeviceIndex device);
  Outcome take_description(DeviceIndex device, const boost::json::value* root);
  Outcome hold(DeviceIndex device, const MqttMessage& message);
  void release_held(DeviceIndex device, std::vector<Decoded>& out);
  // bind_points.cpp
  void bind_gates();
  void refuse(std::string_view source, Refused refused);

  // decode_mqtt.cpp
  void decode_for(const TopicUses& topic, const MqttMessage& message, std::vector<Decoded>& out);
  void note_heard(DeviceIndex device, const Outcome& refused);
  Outcome take(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
               std::vector<Decoded>& out);
  Outcome take_availability(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                            std::vector<Decoded>& out);
  Outcome take_ack(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                   std::vector<Decoded>& out);
  Outcome take_power_up(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                        std::vector<Decoded>& out);
  Outcome take_error(const TopicUse& use, const MqttMessage& message, std::vector<Decoded>& out);
  // decode_read.cpp
  Outcome take_read(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                    std::vector<Decoded>& out);
  Outcome take_text(BoundRead& bound, const Raw& raw, Reading& reading, std::vector<Decoded>& out);
  Outcome take_stream(const TopicUse& use, const MqttMessage& message, std::string_view text,
                      const boost::json::value* root, std::vector<Decoded>& out);
  Outcome take_intervals(const BoundRead& bound, const Raw& raw, const boost::json::value* node,
                         DeviceIndex device);
  void limit_pulse(const settings::Scaling& scaling, HeartSample& sample);
  // decode_mqtt.cpp
  void take_value(const Reading& reading, std::vector<Decoded>& out);
  void tell(DeviceIndex device, Instant received, std::vector<Decoded>& out);
  void tell_light(DeviceIndex device, Instant received, std::vector<Decoded>& out);
  void tell_heart(DeviceIndex device, Instant received, std::vector<Decoded>& out);
  void stamp(DeviceIndex device, HeartSample& sample);

  // decode_registers.cpp
  bool has_its_signatures(const RegisterBlock& block) const;
  void take_point(PointUse& use, const RegisterBlock& block, std::vector<Decoded>& out);
  bool open(const PointUse& use) const;
  void tell_block(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out);
  void tell_bus(DeviceIndex device, const RegisterBlock& block, std::vector<Decoded>& out);

  // encode_registers.cpp
  void encode_registers(const Command& command, const std::vector<Setting>& wished,
                        std::vector<RegisterWrite>& writes) const;

  const settings::House& house_;
  std::unordered_map<std::string, TopicUses, TopicHash, std::equal_to<>> topics_;
  std::vector<WildcardUses> wildcards_;
  std::vector<PointUse> points_;
  std::vector<Output> outputs_;
  std::vector<DeviceState> states_;
  std::vector<Heard> heard_;
  MotionFrame spare_;  // the columns of the next frame
  JsonDocument document_, wrapped_;
  std::array<std::uint64_t, static_cast<std::size_t>(Refusal::count_)> refusals_{};
  std::string last_refusal_;
};

}  // namespace rytme::devices
