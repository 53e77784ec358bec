// SPDX-License-Identifier: Apache-2.0
// The reads, writes and other topics of MQTT profiles bound to the devices.
#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "controller/devices/engine.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadField;
using settings::PayloadFormat;
using settings::Wording;
using Kind = TopicUse::Kind;

bool needs_json(const settings::MqttRead& read) {
  switch (read.format) {
    case PayloadFormat::json:
    case PayloadFormat::json_wrapped:
    case PayloadFormat::heart_sample:
    case PayloadFormat::motion_frame:
      return true;
    default:
      return !read.path.empty();
  }
}

void add_use(TopicUses& topic, const TopicUse& use, bool json) {
  topic.needs_json = topic.needs_json || json;
  // Behind the others of the same device: what it says in one message is one thing.
  const auto after = std::find_if(topic.uses.rbegin(), topic.uses.rend(),
                                  [&](const TopicUse& other) { return other.device == use.device; });
  topic.uses.insert(after == topic.uses.rend() ? topic.uses.end() : after.base(), use);
}

}  // namespace

bool matches(std::string_view filter, std::string_view topic) {
  for (;;) {
    const auto filter_end = filter.find('/');
    const auto topic_end = topic.find('/');
    const auto level = filter.substr(0, filter_end);
    if (level != "+" && level != topic.substr(0, topic_end)) return false;
    if ((filter_end == std::string_view::npos) != (topic_end == std::string_view::npos)) return false;
    if (filter_end == std::string_view::npos) return true;
    filter.remove_prefix(filter_end + 1);
    topic.remove_prefix(topic_end + 1);
  }
}

void Devices::Engine::bind_topic(const std::string& topic, TopicUse use, bool json) {
  if (topic.find('+') == std::string::npos) return add_use(topics_[topic], use, json);
  auto found = std::find_if(wildcards_.begin(), wildcards_.end(),
                            [&](const WildcardUses& other) { return other.filter == topic; });
  if (found == wildcards_.end()) found = wildcards_.insert(found, WildcardUses{topic, {}});
  add_use(found->uses, use, json);
}

BoundCondition Devices::Engine::bound(settings::Condition condition, DeviceIndex device) const {
  for (auto& value : condition.values) value = filled(std::move(value), device);
  const std::string path = filled(condition.path, device);
  return {pointer_of(path), std::move(condition)};
}

void Devices::Engine::bind_read(const settings::MqttRead& read, DeviceIndex device) {
  MqttBinding& binding = states_[device].mqtt;
  BoundRead bound_read;
  bound_read.read = read;
  bound_read.read.topic = filled(read.topic, device);
  bound_read.path = pointer_of(filled(read.path, device));
  bound_read.wrapper = pointer_of(filled(read.wrapper, device));
  for (const auto& condition : read.when) bound_read.when.push_back(bound(condition, device));
  if (read.select_by) bound_read.select_by = bound(*read.select_by, device);
  const std::size_t index = binding.reads.size();
  bind_topic(bound_read.read.topic, {device, Kind::read, index}, needs_json(read));
  if (!read.error_topic.empty())
    bind_topic(filled(read.error_topic, device), {device, Kind::error, index}, false);
  binding.has_on = binding.has_on || read.capability == Capability::light_on;
  binding.reads.push_back(std::move(bound_read));
}

PayloadField Devices::Engine::filled(PayloadField field, DeviceIndex device) const {
  const auto& params = house_.devices[device].params;
  const auto value_of = [&](const std::string& name) {
    const auto found = params.find(name);
    return found == params.end() ? std::string() : found->second;
  };
  if (field.placeholder && field.placeholder->wording == Wording::param) {
    const std::string value = value_of(field.placeholder->param);
    field.kind = PayloadField::Kind::literal;
    field.literal = parse_number(value) ? value : boost::json::serialize(boost::json::string_view(value));
    field.placeholder.reset();
  }
  for (auto& part : field.parts) {
    part.fixed = filled(std::move(part.fixed), device);
    if (!part.placeholder || part.placeholder->wording != Wording::param) continue;
    part.fixed += value_of(part.placeholder->param);
    part.placeholder.reset();
  }
  for (auto& member : field.members) member = filled(std::move(member), device);
  return field;
}

void Devices::Engine::bind_write(const settings::MqttWrite& write, DeviceIndex device) {
  MqttBinding& binding = states_[device].mqtt;
  settings::MqttWrite bound_write = write;
  bound_write.topic = filled(write.topic, device);
  bound_write.payload = filled(write.payload, device);
  bind_topic(bound_write.topic, {device, Kind::command, binding.writes.size()}, false);
  if (write.ack) {
    BoundAck ack{*write.ack,
                 pointer_of(filled(write.ack->path, device)),
                 pointer_of(filled(write.ack->error_path, device)),
                 {}};
    for (const auto& condition : write.ack->when) ack.when.push_back(bound(condition, device));
    const bool json = !ack.path.empty() || !ack.error_path.empty() || !ack.when.empty();
    bind_topic(filled(write.ack->topic, device), {device, Kind::ack, binding.acks.size()}, json);
    binding.acks.push_back(std::move(ack));
  }
  binding.writes.push_back(std::move(bound_write));
}

void Devices::Engine::bind_topics(DeviceIndex device) {
  const settings::Profile& profile = profile_of(device);
  MqttBinding& binding = states_[device].mqtt;
  for (const auto& read : profile.reads) bind_read(read, device);
  for (const auto& source : profile.availability.sources) {
    BoundSource bound_source{source, pointer_of(filled(source.path, device)), std::nullopt};
    bind_topic(filled(source.topic, device), {device, Kind::availability, binding.sources.size()},
               !source.path.empty());
    binding.sources.push_back(std::move(bound_source));
  }
  for (const auto& marker : profile.recovery.on_power_up) {
    bind_topic(filled(marker.topic, device), {device, Kind::power_up, binding.power_up.size()},
               !marker.marker.path.empty());
    binding.power_up.push_back(bound(marker.marker, device));
  }
  for (const auto& write : profile.writes) bind_write(write, device);
  if (!profile.homie.device.empty()) bind_homie(device);
}

void Devices::Engine::unbind(DeviceIndex device, const std::string& prefix) {
  for (auto at = topics_.begin(); at != topics_.end();) {
    const bool is_value = at->first.starts_with(prefix) && !at->first.substr(prefix.size()).starts_with('$');
    if (is_value) std::erase_if(at->second.uses, [&](const TopicUse& use) { return use.device == device; });
    at = at->second.uses.empty() ? topics_.erase(at) : std::next(at);
  }
}

bool Devices::Engine::is_command(std::string_view topic) const {
  const auto commands = [](const TopicUses& item) {
    return std::any_of(item.uses.begin(), item.uses.end(),
                       [](const TopicUse& use) { return use.kind == Kind::command; });
  };
  const auto found = topics_.find(topic);
  if (found != topics_.end() && commands(found->second)) return true;
  return std::any_of(wildcards_.begin(), wildcards_.end(), [&](const WildcardUses& wildcard) {
    return commands(wildcard.uses) && matches(wildcard.filter, topic);
  });
}

}  // namespace rytme::devices
