// SPDX-License-Identifier: Apache-2.0
// The profile engine: what the devices of the settings say, as readings; what is asked of them, as messages
// and registers. Pure: no I/O, no clock. One instance, used by the logic thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/command.hpp"
#include "controller/room/reading.hpp"
#include "controller/room/wire.hpp"
#include "controller/settings/house.hpp"

namespace rytme::devices {

// Why a message was not taken; counted, never acted on.
enum class Refusal : std::uint8_t {
  unknown_topic,  // subscribed by wildcard, no device wants it
  malformed,      // not the format the profile names (broken JSON, not a number, bad hex)
  wrong_type,     // there, but not what the profile expects
  out_of_range,   // outside the raw range; what is merely implausible is taken as unknown
  retained,       // retained where the profile says ignore (streams, /set)
  too_large,      // over 64 KiB
  count_
};
std::string_view name_of(Refusal refusal);

// What a device can be commanded.
struct Output {
  DeviceIndex device{};
  std::vector<Capability> capabilities;  // light_level, light_cct_k, player_volume, ...
  bool fades_itself{};                   // takes a transition with the level
  std::chrono::milliseconds transition_max{0};
  std::chrono::milliseconds min_interval{0};            // between two messages to it
  double confirm_tolerance{0.01};                       // of full, in the device's own scale
  std::chrono::milliseconds settle{1500};               // echoes before this are intermediate
  settings::EchoKind echo{settings::EchoKind::actual};  // none: it never says whether it has a command
  bool reassert{true};                                  // command again what is aimed at, after a loss
  std::chrono::seconds reassert_max_age{10};            // of the aim
  std::chrono::milliseconds ack_timeout{0};  // its own answer to a command is due then; 0: gives none
  settings::Limits limits;
};

// A device that a message was for, and why it was not taken.
struct Heard {
  DeviceIndex device{};
  std::optional<Refusal> refused;
};

struct Encoded {
  std::vector<MqttPublish> publishes;
  std::vector<RegisterWrite> writes;
};

// One point of a Modbus profile as one device has it.
struct BoundPoint {
  DeviceIndex device{};
  const settings::ModbusPoint* point{};
  RegisterRead read;  // bus, unit, area, address, count, period
  std::uint16_t write_address{};
};

// What a point says in a block.
struct PointReadout {
  std::size_t point{};  // position in Devices::points()
  double raw{};         // before read_map and scale; NaN for texts
  double value{};       // NaN: unknown
  std::string text;     // texts only
  Quality quality{Quality::unknown};
  bool valid{true};  // its `when` holds, as far as is known
};

// One write of a device's [[setup]], as this device gets it.
struct SetupStep {
  const settings::SetupWrite* setup{};
  RegisterWrite write;
  double value{};  // in the setup's unit
};

// The same of an MQTT device, with its topics.
struct SetupTalk {
  const settings::SetupMessage* setup{};
  MqttPublish say;
  std::optional<MqttPublish> ask;
  std::string answer_topic;
  std::string answer_path;
};
// What a message says of it; nullopt: it is of another topic, or says nothing of it.
std::optional<std::string> answer_in(const MqttMessage& message, const SetupTalk& talk);
bool is_right(const std::string& answer, const SetupTalk& talk);

class Devices {
 public:
  // `house` must outlive the object.
  explicit Devices(const settings::House& house);
  ~Devices();
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;

  // Topics to subscribe to, each once, in order. Of a state that is told in full only the newest message
  // counts; what is a sample, an event, an availability or part of a state is to be kept. The devices'
  // command topics are among them, so that a command that somebody left retained there is seen, refused and
  // counted; it would be carried out again at every reconnect of the device.
  std::vector<MqttSubscription> subscriptions() const;
  // Register runs to poll, contiguous ones merged.
  std::vector<RegisterRead> polls() const;
  // What to send after (re)connect: each device's setup, then what asks it for its state.
  std::vector<MqttPublish> refreshes() const;
  // The same for one device: that is back (state only), or has just started (setup too).
  std::vector<MqttPublish> refreshes(DeviceIndex device, bool setup) const;
  // Commands to a device go there; a retained message on it is somebody's mistake.
  bool is_command(std::string_view topic) const;

  const std::vector<Output>& outputs() const;

  // Modbus: every point of every device, a level before its switch.
  std::vector<BoundPoint> points() const;
  // What a block says, point by point, also of points that are no capability. Changes nothing.
  std::vector<PointReadout> read_points(const RegisterBlock& block) const;
  // The setting that these words carry when they are written to a point (position in points()); nullopt:
  // none.
  std::optional<Setting> setting_of(std::size_t point, const std::vector<std::uint16_t>& words) const;
  // The [[setup]] of a device in its order, with this device's addresses and values.
  std::vector<SetupStep> setup(DeviceIndex device) const;
  std::vector<SetupTalk> setup_talks(DeviceIndex device) const;  // MQTT
  // When a report confirms a command: how near it must be, and how old.
  settings::Readback readback(DeviceIndex device, Capability capability) const;

  // Age in seconds after which a value is none any more, by the device's profile; 0: no limit.
  double ttl_s(DeviceIndex device, Capability capability) const;

  // Appends what the message or block says to `out`. Nothing appended: see refusals().
  void decode(const MqttMessage& message, std::vector<Decoded>& out);
  void decode(const RegisterBlock& block, std::vector<Decoded>& out);
  // Of the last message; commands to a device are not of it.
  const std::vector<Heard>& heard() const;

  // Empties what decode() has filled and its user has read. The columns of a motion frame are used again, so
  // that the steady path of decoding allocates nothing.
  void give_back(std::vector<Decoded>& decoded);

  // A command as wire messages; expiry and generation are passed on. Settings that the device does not have
  // are left out. A level is never sent without its `on`, an `on` never without its level.
  Encoded encode(const Command& command);

  // Refused messages since start, by reason.
  std::uint64_t refused(Refusal refusal) const;
  // The last refusal in words, for a rate-limited log line: "zigbee2mqtt/ceiling: malformed: expected a JSON
  // object".
  std::string_view last_refusal() const;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace rytme::devices
