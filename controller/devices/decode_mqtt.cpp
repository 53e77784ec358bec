// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include "controller/devices/engine.hpp"
#include "controller/devices/heart.hpp"
#include "controller/devices/motion.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadFormat;

constexpr std::size_t max_payload = std::size_t{64} * 1024;
constexpr std::size_t max_text = 256;
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

bool holds(const settings::Condition& condition, const boost::json::value& root, bool may_be_absent) {
  const auto* value = find(root, condition.path);
  if (value == nullptr) return may_be_absent;
  return is_same(condition.equals, raw_of_json(value));
}

Raw select(const settings::MqttRead& read, const boost::json::value& root) {
  if (read.select_by && !holds(*read.select_by, root, true)) return {};
  for (const auto& condition : read.when)
    if (!holds(condition, root, false)) return {};
  return raw_of_json(find(root, read.path));
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
  std::uint64_t value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return static_cast<double>(value);
}

Outcome extract(const settings::MqttRead& read, std::string_view payload, const boost::json::value* root,
                Raw& raw) {
  switch (read.format) {
    case PayloadFormat::json:
      if (root == nullptr) return not_json;
      if (!root->is_object() && !read.path.empty())
        return Refused{Refusal::wrong_type, "expected a JSON object"};
      raw = select(read, *root);
      return {};
    case PayloadFormat::number:
      if (const auto number = parse_number(payload)) return raw = Raw::of(*number), Outcome{};
      return Refused{Refusal::malformed, "not a finite number"};
    case PayloadFormat::hex:
      if (const auto number = hex_number(payload)) return raw = Raw::of(*number), Outcome{};
      return Refused{Refusal::malformed, "not hex"};
    case PayloadFormat::csv:
      if (const auto text = field(payload, read.separator, read.index))
        return raw = Raw::of(*text), Outcome{};
      return Refused{Refusal::malformed, "has too few fields"};
    default:
      // Homie: one zero byte is the empty text.
      raw = Raw::of(payload.size() == 1 && payload[0] == '\0' ? std::string_view() : payload);
      return {};
  }
}

}  // namespace

void Devices::Engine::decode(const MqttMessage& message, std::vector<Decoded>& out) {
  if (message.payload.size() > max_payload) return refuse(message.topic, {Refusal::too_large, "over 64 KiB"});
  const auto found = topics_.find(std::string_view(message.topic));
  if (found == topics_.end()) return refuse(message.topic, {Refusal::unknown_topic, ""});
  const boost::json::value* root = found->second.needs_json ? document_.parse(message.payload) : nullptr;
  const auto& uses = found->second.uses;
  Outcome first;
  // What a device says in one message counts as a whole or not at all.
  for (std::size_t begin = 0, end = 0; begin < uses.size(); begin = end) {
    const DeviceIndex device = uses[begin].device;
    const std::size_t mark = out.size();
    const LightState before = states_[device].light;
    Outcome refused;
    for (end = begin; end < uses.size() && uses[end].device == device; ++end)
      if (!refused) refused = take(uses[end], message, root, out);
    if (refused) {
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(mark), out.end());
      states_[device].light = before;
      if (!first) first = refused;
    } else {
      tell_light(device, message.received, out);
    }
  }
  if (first) refuse(message.topic, *first);
}

Outcome Devices::Engine::take(const TopicUse& use, const MqttMessage& message, const boost::json::value* root,
                              std::vector<Decoded>& out) {
  switch (use.kind) {
    case TopicUse::Kind::read:
      return take_read(use, message, root, out);
    case TopicUse::Kind::availability:
      return take_availability(use, message, root, out);
    case TopicUse::Kind::command:
      break;
  }
  if (message.retained)
    return Refused{Refusal::retained, "a retained command is repeated at every reconnect"};
  return {};
}

Outcome Devices::Engine::take_availability(const TopicUse& use, const MqttMessage& message,
                                           const boost::json::value* root, std::vector<Decoded>& out) {
  const settings::Availability& availability = profile_of(use.device).availability;
  const settings::AvailabilitySource& source = availability.sources[use.index];
  Raw raw = Raw::of(std::string_view(message.payload));
  if (!source.path.empty()) {
    if (root == nullptr) return not_json;
    raw = raw_of_json(find(*root, source.path));
  }
  const auto online = mapped(source.map, raw);
  if (!online) return Refused{Refusal::wrong_type, "not one of the availability map's values"};
  auto& heard = states_[use.device].heard;
  heard[use.index] = *online != 0;
  const auto yes = [](const std::optional<bool>& said) { return said.value_or(false); };
  const auto no = [](const std::optional<bool>& said) { return said.has_value() && !*said; };
  const bool together = availability.all ? std::none_of(heard.begin(), heard.end(), no)
                                         : std::any_of(heard.begin(), heard.end(), yes);
  out.emplace_back(
      reading_of(use.device, Capability::availability_online, {together ? 1.0 : 0.0}, message.received));
  return {};
}

Outcome Devices::Engine::take_read(const TopicUse& use, const MqttMessage& message,
                                   const boost::json::value* root, std::vector<Decoded>& out) {
  const settings::MqttRead& read = profile_of(use.device).reads[use.index];
  if (message.retained && read.retained == settings::Retained::ignore)
    return Refused{Refusal::retained, "a stream or an event is never live when retained"};
  if (info(read.capability).kind == ValueKind::stream) return take_stream(use, message, root, out);
  Raw raw;
  if (auto refused = extract(read, message.payload, root, raw)) return refused;
  if (raw.kind == Raw::Kind::absent) return {};
  Reading reading = reading_of(use.device, read.capability, {}, message.received);
  reading.live = !message.retained || read.retained == settings::Retained::accept;
  if (info(read.capability).kind == ValueKind::text) {
    if (raw.kind != Raw::Kind::text) return Refused{Refusal::wrong_type, "expected a text"};
    if (raw.text.size() > max_text) return Refused{Refusal::too_large, "text over 256 characters"};
    reading.text = raw.text;
    out.emplace_back(std::move(reading));
    return {};
  }
  Value value;
  if (auto refused = interpret(read, raw, value)) return refused;
  reading.value = value.number;
  reading.quality = value.quality;
  take_value(reading, out);
  return {};
}

// Light readings wait for the end of the message: on and level are one fact.
void Devices::Engine::take_value(const Reading& reading, std::vector<Decoded>& out) {
  LightState& light = states_[reading.device].light;
  const std::optional<double> said =
      reading.quality == Quality::unknown ? std::nullopt : std::optional(reading.value);
  if (reading.capability == Capability::light_on) {
    light.on = said;
    light.touched_on = true;
  } else if (reading.capability == Capability::light_level) {
    light.level = said;
    light.touched_level = true;
  } else {
    out.emplace_back(reading);
    return;
  }
  light.live = reading.live;
}

void Devices::Engine::tell_light(DeviceIndex device, Instant received, std::vector<Decoded>& out) {
  LightState& light = states_[device].light;
  if (!light.touched_on && !light.touched_level) return;
  const settings::Profile& profile = profile_of(device);
  const auto is_on = [](const auto& item) { return item.capability == Capability::light_on; };
  const auto is_polled_on = [&](const settings::ModbusPoint& point) {
    return is_on(point) && point.readable && settings::applies(point.when, house_.devices[device].params);
  };
  const bool has_on = std::any_of(profile.reads.begin(), profile.reads.end(), is_on) ||
                      std::any_of(profile.points.begin(), profile.points.end(), is_polled_on);
  const auto tell = [&](Capability capability, double value, Quality quality) {
    Reading reading = reading_of(device, capability, {value, quality}, received);
    reading.live = light.live;
    out.emplace_back(std::move(reading));
  };
  if (light.touched_on && light.on) tell(Capability::light_on, *light.on, Quality::good);
  const bool off = light.on == 0.0;
  if (off && !profile.echo.off_keeps_level) light.level.reset();
  if (off)
    tell(Capability::light_level, 0, Quality::good);
  else if (light.level)
    tell(Capability::light_level, *light.level, has_on && !light.on ? Quality::doubtful : Quality::good);
  light.touched_on = light.touched_level = false;
}

// A pulse that no body has is no pulse; the RR intervals beside it are judged by signals.
void Devices::Engine::limit_pulse(const settings::Scaling& scaling, HeartSample& sample) {
  if (!sample.bpm) return;
  Value value;
  if (scaled(scaling, Capability::hr_bpm, *sample.bpm, value) || value.quality == Quality::unknown)
    sample.bpm.reset();
}

Outcome Devices::Engine::take_stream(const TopicUse& use, const MqttMessage& message,
                                     const boost::json::value* root, std::vector<Decoded>& out) {
  const settings::MqttRead& read = profile_of(use.device).reads[use.index];
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
  bool cut{};
  if (auto refused = read.format == PayloadFormat::ble_hrm ? decode_2a37(message.payload, sample, cut)
                                                           : decode_heart(*root, sample))
    return refused;
  if (cut) refuse(message.topic, {Refusal::malformed, "0x2A37 frame is cut short; what was whole is taken"});
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
