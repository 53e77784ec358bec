// SPDX-License-Identifier: Apache-2.0
// One [[read]] of a message: where the value stands, in which format, and what it means.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "controller/devices/colour.hpp"
#include "controller/devices/engine.hpp"
#include "controller/devices/heart.hpp"
#include "controller/devices/motion.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadFormat;

constexpr std::size_t max_text = 256;
constexpr std::size_t max_list = 8192;
constexpr std::chrono::milliseconds same_event{500};

std::string_view string_of(const boost::json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
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

}  // namespace

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
  std::array<char, 32> digits{};
  if (!bound_read.read.map.empty()) {
    const auto* said = meaning(bound_read.read.map, raw);
    if (said == nullptr) return Refused{Refusal::wrong_type, "not one of the values of the profile's map"};
    text = said->text;
  } else if (raw.kind == Raw::Kind::number && reading.capability == Capability::device_firmware) {
    const auto end = std::to_chars(digits.begin(), digits.end(), raw.number, std::chars_format::fixed);
    if (end.ec != std::errc()) return Refused{Refusal::out_of_range, "more digits than a version has"};
    text = {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())};
  } else if (raw.kind != Raw::Kind::text) {
    return Refused{Refusal::wrong_type, "expected a text"};
  }
  const bool is_list = reading.capability == Capability::player_offered;
  if (text.size() > (is_list ? max_list : max_text))
    return Refused{Refusal::too_large, is_list ? "list over 8192 characters" : "text over 256 characters"};
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

}  // namespace rytme::devices
