// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <utility>

#include "controller/devices/engine.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

constexpr std::size_t max_payload = std::size_t{64} * 1024;

bool all_hold(const std::vector<BoundCondition>& all, const boost::json::value* root) {
  return std::all_of(all.begin(), all.end(), [&](const BoundCondition& condition) {
    return root != nullptr && holds(condition, raw_of_json(find(*root, condition.path)), false);
  });
}

std::int64_t microseconds(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

}  // namespace

void Devices::Engine::decode(const MqttMessage& message, std::vector<Decoded>& out) {
  heard_.clear();
  if (message.payload.size() > max_payload) return refuse(message.topic, {Refusal::too_large, "over 64 KiB"});
  const auto found = topics_.find(std::string_view(message.topic));
  bool known = found != topics_.end();
  if (known) decode_for(found->second, message, out);
  for (std::size_t i = 0; i < wildcards_.size(); ++i) {
    if (!matches(wildcards_[i].filter, message.topic)) continue;
    known = true;
    decode_for(wildcards_[i].uses, message, out);
  }
  if (!known) refuse(message.topic, {Refusal::unknown_topic, ""});
}

void Devices::Engine::decode_for(const TopicUses& topic, const MqttMessage& message,
                                 std::vector<Decoded>& out) {
  const boost::json::value* root = topic.needs_json ? document_.parse(message.payload) : nullptr;
  const auto& uses = topic.uses;
  Outcome first;
  std::optional<DeviceIndex> described;
  // What a device says in one message counts as a whole or not at all.
  for (std::size_t begin = 0, end = 0; begin < uses.size(); begin = end) {
    const DeviceIndex device = uses[begin].device;
    const std::size_t mark = out.size();
    const LightState before = states_[device].light;
    Outcome refused;
    bool any_taken = false;
    bool speaks = false;
    Outcome ignored;
    for (end = begin; end < uses.size() && uses[end].device == device; ++end) {
      if (refused) continue;
      speaks = speaks || uses[end].kind != TopicUse::Kind::command;
      if (uses[end].kind == TopicUse::Kind::homie) described = device;
      auto outcome = take(uses[end], message, root, out);
      // A part that is never taken retained does not spoil the others.
      const bool only_retained = outcome && outcome->why == Refusal::retained;
      (only_retained ? ignored : refused) = outcome;
      any_taken = any_taken || !outcome;
    }
    if (!refused && !any_taken) refused = ignored;
    if (speaks || refused) note_heard(device, refused);
    if (refused) {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(mark), out.end());
      states_[device].light = before;
      states_[device].heart.touched = false;
      if (!first) first = refused;
    } else {
      tell(device, message.received, out);
    }
  }
  if (first) return refuse(message.topic, *first);
  if (described) release_held(*described, out);
}

void Devices::Engine::note_heard(DeviceIndex device, const Outcome& refused) {
  const auto before =
      std::find_if(heard_.begin(), heard_.end(), [&](const Heard& row) { return row.device == device; });
  if (before == heard_.end())
    heard_.push_back({device, refused ? std::optional(refused->why) : std::nullopt});
  else if (refused)
    before->refused = refused->why;
}

Outcome Devices::Engine::take(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                              std::vector<Decoded>& out) {
  switch (use.kind) {
    case TopicUse::Kind::read:
      return take_read(use, message, root, out);
    case TopicUse::Kind::error:
      return take_error(use, message, out);
    case TopicUse::Kind::availability:
      return take_availability(use, message, root, out);
    case TopicUse::Kind::ack:
      return take_ack(use, message, root, out);
    case TopicUse::Kind::power_up:
      return take_power_up(use, message, root, out);
    case TopicUse::Kind::homie:
      return take_description(use.device, root);
    case TopicUse::Kind::homie_value:
      return hold(use.device, message);
    case TopicUse::Kind::command:
      break;
  }
  if (message.retained)
    return Refused{Refusal::retained, "a retained command is repeated at every reconnect"};
  return {};
}

Outcome Devices::Engine::take_availability(const TopicUse& use, const MqttMessage& message,
                                           const boost::json::value* root, std::vector<Decoded>& out) {
  const bool all = profile_of(use.device).availability.all;
  auto& sources = states_[use.device].mqtt.sources;
  BoundSource& bound_source = sources[use.index];
  Raw raw = Raw::of(std::string_view(message.payload));
  if (!bound_source.path.empty()) {
    if (root == nullptr) return not_json;
    raw = raw_of_json(find(*root, bound_source.path));
  }
  const auto* said = meaning(bound_source.source.map, raw);
  if (said == nullptr) return Refused{Refusal::wrong_type, "not one of the availability map's values"};
  bound_source.heard = said->value != 0;
  const auto yes = [](const BoundSource& source) { return source.heard.value_or(false); };
  const auto no = [](const BoundSource& source) { return source.heard.has_value() && !*source.heard; };
  const bool together = all ? std::none_of(sources.begin(), sources.end(), no)
                            : std::any_of(sources.begin(), sources.end(), yes);
  Reading reading =
      reading_of(use.device, Capability::availability_online, {together ? 1.0 : 0.0}, message.received);
  reading.text = said->text;
  reading.live = !message.retained;
  out.emplace_back(std::move(reading));
  if (!together) states_[use.device].heart.contact = Contact::unsupported;
  return {};
}

Outcome Devices::Engine::take_ack(const TopicUse& use, const MqttMessage& message,
                                  const boost::json::value* root, std::vector<Decoded>& out) {
  if (message.retained) return Refused{Refusal::retained, "an answer is never live when retained"};
  const BoundAck& ack = states_[use.device].mqtt.acks[use.index];
  if (!all_hold(ack.when, root)) return {};
  const auto there = [&](const Pointer& path) { return root != nullptr && find(*root, path) != nullptr; };
  const bool is_error = !ack.error_path.empty() && there(ack.error_path);
  if (!is_error && !ack.path.empty() && !there(ack.path)) return {};
  out.emplace_back(reading_of(use.device, Capability::command_ack, {is_error ? 0.0 : 1.0}, message.received));
  return {};
}

Outcome Devices::Engine::take_power_up(const TopicUse& use, const MqttMessage& message,
                                       const boost::json::value* root, std::vector<Decoded>& out) {
  const BoundCondition& marker = states_[use.device].mqtt.power_up[use.index];
  Raw raw = Raw::of(std::string_view(message.payload));
  if (!marker.path.empty()) raw = root != nullptr ? raw_of_json(find(*root, marker.path)) : Raw{};
  const bool started = marker.said.values.empty() ? raw.kind != Raw::Kind::absent : holds(marker, raw, false);
  if (!started || message.retained) return {};
  out.emplace_back(reading_of(use.device, Capability::device_power_up, {1.0}, message.received));
  return {};
}

// The value topic keeps the last good value meanwhile, and is not said again afterwards.
Outcome Devices::Engine::take_error(const TopicUse& use, const MqttMessage& message,
                                    std::vector<Decoded>& out) {
  BoundRead& bound_read = states_[use.device].mqtt.reads[use.index];
  bound_read.failed = !message.payload.empty() && message.payload != "null";
  if (!bound_read.failed && !bound_read.last) return {};
  Reading reading =
      bound_read.last.value_or(reading_of(use.device, bound_read.read.capability, {}, message.received));
  reading.received = message.received;
  reading.live = false;
  if (bound_read.failed) {
    reading.value = std::numeric_limits<double>::quiet_NaN();
    reading.quality = Quality::unknown;
    reading.text.clear();
  }
  take_value(reading, out);
  return {};
}

// Light and heart readings wait for the end of the message: on and level, pulse and intervals are one fact.
void Devices::Engine::take_value(const Reading& reading, std::vector<Decoded>& out) {
  DeviceState& state = states_[reading.device];
  LightState& light = state.light;
  const std::optional<double> said =
      reading.quality == Quality::unknown ? std::nullopt : std::optional(reading.value);
  switch (reading.capability) {
    case Capability::light_on:
      light.turned = light.turned || (light.on == 0.0 && said && *said != 0);
      light.on = said;
      light.touched_on = true;
      light.live = reading.live;
      return;
    case Capability::light_level:
      light.level = said;
      light.touched_level = true;
      light.live = reading.live;
      return;
    case Capability::hr_bpm:
      if (!state.heart.touched) state.heart.sample = {};
      state.heart.touched = true;
      state.heart.sample.bpm = said;
      return;
    case Capability::hr_contact:
      state.heart.contact = !said ? Contact::unsupported : *said != 0 ? Contact::yes : Contact::no;
      return;
    default:
      out.emplace_back(reading);
  }
}

void Devices::Engine::tell(DeviceIndex device, Instant received, std::vector<Decoded>& out) {
  tell_light(device, received, out);
  if (states_[device].heart.touched) tell_heart(device, received, out);
}

void Devices::Engine::tell_light(DeviceIndex device, Instant received, std::vector<Decoded>& out) {
  LightState& light = states_[device].light;
  if (!light.touched_on && !light.touched_level) return;
  const settings::Profile& profile = profile_of(device);
  const auto is_polled_on = [&](const settings::ModbusPoint& point) {
    return point.capability == Capability::light_on && point.readable &&
           settings::applies(point.when, house_.devices[device].params);
  };
  const bool has_on =
      states_[device].mqtt.has_on || std::any_of(profile.points.begin(), profile.points.end(), is_polled_on);
  const auto tell_one = [&](Capability capability, std::optional<double> value, Quality quality) {
    const bool known = value.has_value();
    Reading reading = reading_of(
        device, capability,
        {value.value_or(std::numeric_limits<double>::quiet_NaN()), known ? quality : Quality::unknown},
        received);
    reading.live = light.live;
    out.emplace_back(std::move(reading));
  };
  if (light.touched_on) tell_one(Capability::light_on, light.on, Quality::good);
  const bool off = light.on == 0.0;
  if (off && light.touched_level && light.level)
    tell_one(Capability::light_stored_level, light.level, Quality::good);
  if (off && !profile.echo.off_keeps_level) light.level.reset();
  // Neither an old off nor an old level is news of a lamp that said only the other.
  if (off && light.touched_on) tell_one(Capability::light_level, 0, Quality::good);
  if (!off && (light.touched_level || (light.level && light.turned)))
    tell_one(Capability::light_level, light.level, has_on && !light.on ? Quality::doubtful : Quality::good);
  light.touched_on = light.touched_level = light.turned = false;
}

void Devices::Engine::tell_heart(DeviceIndex device, Instant received, std::vector<Decoded>& out) {
  HeartState& heart = states_[device].heart;
  heart.touched = false;
  HeartSample sample = heart.sample;
  sample.device = device;
  sample.received = received;
  sample.contact = heart.contact;
  stamp(device, sample);
  out.emplace_back(std::move(sample));
}

// A source without a clock and count of its own: ours, monotonic, from the time it was received.
void Devices::Engine::stamp(DeviceIndex device, HeartSample& sample) {
  sample.stamp = {"received", ++states_[device].samples, microseconds(sample.received)};
}

void Devices::Engine::give_back(std::vector<Decoded>& decoded) {
  for (Decoded& item : decoded)
    if (auto* frame = std::get_if<MotionFrame>(&item)) spare_ = std::move(*frame);
  decoded.clear();
}

}  // namespace rytme::devices
