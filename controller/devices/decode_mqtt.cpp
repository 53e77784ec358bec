// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "controller/devices/colour.hpp"
#include "controller/devices/engine.hpp"
#include "controller/devices/heart.hpp"
#include "controller/devices/motion.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadFormat;

constexpr std::size_t max_payload = std::size_t{64} * 1024;
constexpr std::size_t max_text = 256;
constexpr std::chrono::milliseconds same_event{500};
constexpr Refused not_json{Refusal::malformed, "not JSON"};

std::string_view string_of(const boost::json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

Raw raw_of_json(const boost::json::value* value) {
  if (value == nullptr) return {};
  if (const auto number = number_of(*value)) return Raw::of(*number);
  if (value->is_bool()) return Raw::of(value->get_bool());
  if (value->is_string()) return Raw::of(string_of(*value));
  return {Raw::Kind::other, 0, {}};
}

bool holds(const BoundCondition& condition, const Raw& raw, bool may_be_absent) {
  if (raw.kind == Raw::Kind::absent) return may_be_absent;
  const auto& values = condition.said.values;
  const bool is =
      std::any_of(values.begin(), values.end(), [&](const auto& value) { return same(value, raw); });
  return is != condition.said.negated;
}

bool all_hold(const std::vector<BoundCondition>& all, const boost::json::value* root) {
  return std::all_of(all.begin(), all.end(), [&](const BoundCondition& condition) {
    return root != nullptr && holds(condition, raw_of_json(find(*root, condition.path)), false);
  });
}

std::optional<std::string_view> field(std::string_view line, char separator, int index) {
  for (; index > 0; --index) {
    const auto at = line.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    line.remove_prefix(at + 1);
  }
  return line.substr(0, line.find(separator));
}

std::optional<double> hex_number(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::uint64_t value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return static_cast<double>(value);
}

// The read's conditions on a payload: the JSON value at a path, or a field of a csv line.
bool selected(const BoundRead& bound, const boost::json::value* root, std::string_view text) {
  const auto raw_for = [&](const BoundCondition& condition) {
    if (!condition.path.empty()) return root != nullptr ? raw_of_json(find(*root, condition.path)) : Raw{};
    const auto part = field(text, bound.read.separator, condition.said.index);
    return part ? Raw::of(*part) : Raw{};
  };
  if (bound.select_by && !holds(*bound.select_by, raw_for(*bound.select_by), true)) return false;
  return std::all_of(bound.when.begin(), bound.when.end(), [&](const BoundCondition& condition) {
    return holds(condition, raw_for(condition), false);
  });
}

// What stands in a text in the read's format.
Outcome extract(const settings::MqttRead& read, std::string_view text, Raw& raw) {
  switch (read.format) {
    case PayloadFormat::number:
      if (const auto number = parse_number(text)) return raw = Raw::of(*number), Outcome{};
      return Refused{Refusal::malformed, "not a finite number"};
    case PayloadFormat::hex:
      if (const auto number = hex_number(text)) return raw = Raw::of(*number), Outcome{};
      return Refused{Refusal::malformed, "not hex"};
    case PayloadFormat::csv:
      if (const auto part = field(text, read.separator, read.index)) return raw = Raw::of(*part), Outcome{};
      return Refused{Refusal::malformed, "has too few fields"};
    default:
      // Homie: one zero byte is the empty text.
      raw = Raw::of(text.size() == 1 && text[0] == '\0' ? std::string_view() : text);
      return {};
  }
}

bool speaks_json(PayloadFormat format) {
  return format == PayloadFormat::json || format == PayloadFormat::json_wrapped;
}

std::int64_t microseconds(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

}  // namespace

void Devices::Engine::decode(const MqttMessage& message, std::vector<Decoded>& out) {
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
    Outcome ignored;
    for (end = begin; end < uses.size() && uses[end].device == device; ++end) {
      if (refused) continue;
      if (uses[end].kind == TopicUse::Kind::homie) described = device;
      auto outcome = take(uses[end], message, root, out);
      // A part that is never taken retained does not spoil the others.
      const bool only_retained = outcome && outcome->why == Refusal::retained;
      (only_retained ? ignored : refused) = outcome;
      any_taken = any_taken || !outcome;
    }
    if (!refused && !any_taken) refused = ignored;
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

Outcome Devices::Engine::take_read(const TopicUse& use, const MqttMessage& message,
                                   const boost::json::value* root, std::vector<Decoded>& out) {
  BoundRead& bound_read = states_[use.device].mqtt.reads[use.index];
  const settings::MqttRead& read = bound_read.read;
  if (message.retained && read.retained == settings::Retained::ignore)
    return Refused{Refusal::retained, "a stream or an event is never live when retained"};
  const bool in_json = speaks_json(read.format) || !bound_read.path.empty();
  if (in_json && root == nullptr) return not_json;
  if (in_json && !root->is_object() && !bound_read.path.empty())
    return Refused{Refusal::wrong_type, "expected a JSON object"};
  if (read.format == PayloadFormat::json_wrapped) {
    const Raw inner = raw_of_json(find(*root, bound_read.wrapper));
    if (inner.kind == Raw::Kind::absent) return {};
    if (inner.kind != Raw::Kind::text) return Refused{Refusal::wrong_type, "the wrapper holds no text"};
    root = wrapped_.parse(inner.text);
    if (root == nullptr) return Refused{Refusal::malformed, "the wrapper holds no JSON"};
  }
  if (!selected(bound_read, root, message.payload)) return {};
  const boost::json::value* node = in_json ? find(*root, bound_read.path) : nullptr;
  Raw raw = in_json ? raw_of_json(node) : Raw::of(std::string_view(message.payload));
  if (raw.kind == Raw::Kind::absent) return {};
  if (info(read.capability).kind == ValueKind::stream) return take_stream(use, message, raw.text, root, out);
  // A number where a text in some format was expected is what it would be as text.
  if (!speaks_json(read.format) && raw.kind == Raw::Kind::text)
    if (auto refused = extract(read, raw.text, raw)) return refused;
  Reading reading = reading_of(use.device, read.capability, {}, message.received);
  reading.live = read.counts_as_sample && (!message.retained || read.retained == settings::Retained::accept);
  if (read.colour != settings::Colour::none) {
    ColourParts parts;
    if (auto refused = read_colour(read, raw, node, parts)) return refused;
    for (std::size_t i = 0; i < parts.count; ++i) {
      reading.capability = parts.items.at(i).first;
      reading.value = parts.items.at(i).second;
      take_value(reading, out);
    }
    return {};
  }
  if (read.capability == Capability::hr_rr_s) return take_intervals(bound_read, raw, node, use.device);
  if (info(read.capability).kind == ValueKind::text) return take_text(bound_read, raw, reading, out);
  Value value;
  if (auto refused = interpret(read, raw, value)) return refused;
  reading.value = value.number;
  reading.quality = value.quality;
  if (!read.error_topic.empty()) {
    bound_read.last = reading;
    if (bound_read.failed) {
      reading.value = std::numeric_limits<double>::quiet_NaN();
      reading.quality = Quality::unknown;
    }
  }
  take_value(reading, out);
  return {};
}

Outcome Devices::Engine::take_text(BoundRead& bound_read, const Raw& raw, Reading& reading,
                                   std::vector<Decoded>& out) {
  std::string_view text = raw.text;
  if (!bound_read.read.map.empty()) {
    const auto* said = meaning(bound_read.read.map, raw);
    if (said == nullptr) return Refused{Refusal::wrong_type, "not one of the values of the profile's map"};
    text = said->text;
  } else if (raw.kind != Raw::Kind::text) {
    return Refused{Refusal::wrong_type, "expected a text"};
  }
  if (text.size() > max_text) return Refused{Refusal::too_large, "text over 256 characters"};
  if (reading.capability == Capability::motion_event) {
    // An empty one says that the last is over; the same on a second topic is the same event.
    DeviceState& state = states_[reading.device];
    if (text.empty()) return {};
    if (state.event == text && reading.received - state.event_at < same_event) return {};
    state.event.assign(text);
    state.event_at = reading.received;
  }
  reading.text = text;
  out.emplace_back(std::move(reading));
  return {};
}

// Seconds by the read's scaling. One number, or a list, oldest first.
Outcome Devices::Engine::take_intervals(const BoundRead& bound_read, const Raw& raw,
                                        const boost::json::value* node, DeviceIndex device) {
  HeartState& heart = states_[device].heart;
  HeartSample& sample = heart.sample;
  const auto add = [&](std::optional<double> number) -> Outcome {
    if (!number) return Refused{Refusal::wrong_type, "an RR interval is not a number"};
    Value value;
    if (auto refused = scaled(bound_read.read.scaling, Capability::hr_rr_s, *number, value)) return refused;
    const double raw_1024 = std::round(value.number * 1024);
    if (!(raw_1024 >= 0 && raw_1024 <= 65535)) return Refused{Refusal::out_of_range, "RR outside 0 to 64 s"};
    if (sample.rr_count == HeartSample::max_rr)
      return Refused{Refusal::out_of_range, "more than 16 RR intervals"};
    sample.rr_1024.at(sample.rr_count++) = static_cast<std::uint16_t>(raw_1024);
    return {};
  };
  if (!heart.touched) sample = {};
  heart.touched = true;
  const auto* list = node != nullptr ? node->if_array() : nullptr;
  if (list == nullptr)
    return add(raw.kind == Raw::Kind::number ? std::optional(raw.number) : parse_number(raw.text));
  for (const auto& item : *list)
    if (auto refused = add(number_of(item))) return refused;
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
  if (off)
    tell_one(Capability::light_level, 0, Quality::good);
  else if (light.level || light.touched_level)
    tell_one(Capability::light_level, light.level, has_on && !light.on ? Quality::doubtful : Quality::good);
  light.touched_on = light.touched_level = false;
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

// A pulse that no body has is no pulse; the RR intervals beside it are judged by signals.
void Devices::Engine::limit_pulse(const settings::Scaling& scaling, HeartSample& sample) {
  if (!sample.bpm) return;
  Value value;
  if (scaled(scaling, Capability::hr_bpm, *sample.bpm, value) || value.quality == Quality::unknown)
    sample.bpm.reset();
}

Outcome Devices::Engine::take_stream(const TopicUse& use, const MqttMessage& message, std::string_view text,
                                     const boost::json::value* root, std::vector<Decoded>& out) {
  const settings::MqttRead& read = states_[use.device].mqtt.reads[use.index].read;
  if (read.format != PayloadFormat::ble_hrm && root == nullptr) return not_json;
  if (read.format == PayloadFormat::motion_frame) {
    spare_.device = use.device;
    spare_.received = message.received;
    if (auto refused = decode_motion(*root, spare_)) return refused;
    out.emplace_back(std::move(spare_));
    return {};
  }
  HeartSample sample;
  sample.device = use.device;
  sample.received = message.received;
  Notification frame;
  if (auto refused = read.format == PayloadFormat::ble_hrm ? decode_2a37(text, sample, frame)
                                                           : decode_heart(*root, sample))
    return refused;
  if (read.format == PayloadFormat::ble_hrm) stamp(use.device, sample);
  if (frame.cut)
    refuse(message.topic, {Refusal::malformed, "0x2A37 frame is cut short; what was whole is taken"});
  if (frame.energy_kj)
    out.emplace_back(reading_of(use.device, Capability::hr_energy_kj, {*frame.energy_kj}, message.received));
  limit_pulse(read.scaling, sample);
  out.emplace_back(std::move(sample));
  return {};
}

void Devices::Engine::give_back(std::vector<Decoded>& decoded) {
  for (Decoded& item : decoded)
    if (auto* frame = std::get_if<MotionFrame>(&item)) spare_ = std::move(*frame);
  decoded.clear();
}

}  // namespace rytme::devices
