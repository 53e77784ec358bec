// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/engine.hpp"

#include <algorithm>
#include <utility>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

// A Modbus device may be asked to write about ten times a second.
constexpr std::chrono::milliseconds register_interval{100};

void add_once(std::vector<Capability>& all, Capability capability) {
  if (std::find(all.begin(), all.end(), capability) == all.end()) all.push_back(capability);
}

void add_write(Output& output, const settings::MqttWrite& write) {
  output.min_interval = std::max(output.min_interval, write.min_interval);
  for (const Capability capability : write.says) add_once(output.capabilities, capability);
  if (write.fades && write.transition_max.count() > 0) {
    output.fades_itself = true;
    output.transition_max = std::max(output.transition_max, write.transition_max);
  }
  if (write.ack) output.ack_timeout = std::max(output.ack_timeout, write.ack->timeout);
}

}  // namespace

Devices::Engine::Engine(const settings::House& house) : house_(house), states_(house.devices.size()) {
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const auto device = static_cast<DeviceIndex>(i);
    bind_topics(device);
    bind_points(device);
    bind_output(device);
  }
  bind_gates();
}

std::string Devices::Engine::filled(std::string text, DeviceIndex device) const {
  for (const auto& [name, value] : house_.devices[device].params) {
    const std::string placeholder = "{" + name + "}";
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
      text.replace(at, placeholder.size(), value);
  }
  return text;
}

void Devices::Engine::bind_output(DeviceIndex device) {
  const settings::Profile& profile = profile_of(device);
  Output output;
  output.device = device;
  for (const auto& write : profile.writes) add_write(output, write);
  for (const auto& point : profile.points)
    if (point.writable && point.capability && settings::applies(point.when, house_.devices[device].params)) {
      add_once(output.capabilities, *point.capability);
      output.min_interval = std::max(output.min_interval, register_interval);
    }
  for (const auto& property : profile.homie.properties)
    if (!property.colour && settings::is_commanded(property.capability))
      add_once(output.capabilities, property.capability);
  if (output.capabilities.empty()) return;
  output.confirm_tolerance = profile.echo.tolerance;
  output.settle = profile.echo.settle;
  output.echo = profile.echo.kind;
  output.reassert = profile.recovery.reassert;
  output.reassert_max_age = profile.recovery.max_age;
  output.limits = profile.limits;
  outputs_.push_back(std::move(output));
}

// Told in full by every message, so that an older one says nothing that a newer one does not.
bool Devices::Engine::is_state(const TopicUse& use) const {
  if (use.kind != TopicUse::Kind::read) return false;
  const settings::MqttRead& read = states_[use.device].mqtt.reads[use.index].read;
  const CapabilityInfo& about = info(read.capability);
  const bool happens = about.from_body || about.kind == ValueKind::stream ||
                       about.kind == ValueKind::choice || about.name.starts_with("input.") ||
                       read.retained == settings::Retained::ignore;
  // Of a JSON that echoes a wish, or a change, nobody knows which members the next one has.
  const settings::EchoKind echo = profile_of(use.device).echo.kind;
  const bool whole = echo == settings::EchoKind::both || echo == settings::EchoKind::actual;
  return !happens && (read.path.empty() || whole);
}

// Where every read has a condition, messages of several kinds come on one topic; one without it is in all of
// them.
bool Devices::Engine::is_one_kind(const std::vector<TopicUse>& uses) const {
  return std::any_of(uses.begin(), uses.end(), [this](const TopicUse& use) {
    return use.kind == TopicUse::Kind::read && states_[use.device].mqtt.reads[use.index].read.when.empty();
  });
}

bool Devices::Engine::is_never_retained(const TopicUse& use) const {
  return use.kind == TopicUse::Kind::command ||
         (use.kind == TopicUse::Kind::read &&
          states_[use.device].mqtt.reads[use.index].read.retained == settings::Retained::ignore);
}

std::vector<MqttSubscription> Devices::Engine::subscriptions() const {
  std::vector<MqttSubscription> all;
  const auto all_of = [](const std::vector<TopicUse>& uses, const auto& is) {
    return std::all_of(uses.begin(), uses.end(), is);
  };
  const auto state = [this](const TopicUse& use) { return is_state(use); };
  const auto never_retained = [this](const TopicUse& use) { return is_never_retained(use); };
  for (const auto& [topic, entry] : topics_)
    all.emplace_back(topic, all_of(entry.uses, state) && is_one_kind(entry.uses),
                     all_of(entry.uses, never_retained));
  for (const auto& wildcard : wildcards_)
    all.emplace_back(wildcard.filter, false, all_of(wildcard.uses.uses, never_retained));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.filter < b.filter; });
  return all;
}

std::vector<MqttPublish> Devices::Engine::refreshes(std::optional<DeviceIndex> only, bool setup) const {
  std::vector<MqttPublish> all;
  const auto add = [&](const std::vector<settings::FixedMessage>& messages, DeviceIndex device) {
    for (const auto& fixed : messages) {
      MqttPublish message;
      message.topic = filled(fixed.topic, device);
      message.payload = filled(fixed.payload, device);
      all.push_back(std::move(message));
    }
  };
  for (std::size_t i = 0; i < house_.devices.size(); ++i) {
    const auto device = static_cast<DeviceIndex>(i);
    if (only && *only != device) continue;
    if (setup) add(profile_of(device).recovery.setup, device);
    add(profile_of(device).recovery.refresh, device);
  }
  return all;
}

double Devices::Engine::ttl_s(DeviceIndex device, Capability capability) const {
  double least = 0;
  for (const auto& bound : states_[device].mqtt.reads) {
    const bool same = bound.read.capability == capability ||
                      (capability == Capability::hr_sample && bound.read.capability == Capability::hr_bpm);
    if (same && bound.read.ttl_s > 0)
      least = least > 0 ? std::min(least, bound.read.ttl_s) : bound.read.ttl_s;
  }
  return least;
}

void Devices::Engine::refuse(std::string_view source, Refused refused) {
  ++refusals_.at(static_cast<std::size_t>(refused.why));
  last_refusal_.assign(source.substr(0, 128));
  last_refusal_.append(": ").append(name_of(refused.why));
  if (*refused.detail != '\0') last_refusal_.append(": ").append(refused.detail);
}

}  // namespace rytme::devices
