// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/engine.hpp"

#include <algorithm>
#include <utility>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadFormat;

// A Modbus device may be asked to write about ten times a second.
constexpr std::chrono::milliseconds register_interval{100};

bool is_json(PayloadFormat format) {
  return format == PayloadFormat::json || format == PayloadFormat::heart_sample ||
         format == PayloadFormat::motion_frame;
}

void add_once(std::vector<Capability>& all, Capability capability) {
  if (std::find(all.begin(), all.end(), capability) == all.end()) all.push_back(capability);
}

void add_write(Output& output, const settings::MqttWrite& write) {
  output.min_interval = std::max(output.min_interval, write.min_interval);
  for (const auto& field : write.payload) {
    if (!field.placeholder) continue;
    if (field.placeholder->capability) {
      add_once(output.capabilities, *field.placeholder->capability);
    } else if (write.transition_max.count() > 0) {
      output.fades_itself = true;
      output.transition_max = std::max(output.transition_max, write.transition_max);
    }
  }
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

void Devices::Engine::bind_topics(DeviceIndex device) {
  const settings::Profile& profile = profile_of(device);
  const auto bind = [&](const std::string& topic, TopicUse::Kind kind, std::size_t index, bool json) {
    TopicUses& entry = topics_[filled(topic, device)];
    entry.uses.push_back({device, kind, index});
    entry.needs_json = entry.needs_json || json;
  };
  for (std::size_t i = 0; i < profile.reads.size(); ++i)
    bind(profile.reads[i].topic, TopicUse::Kind::read, i, is_json(profile.reads[i].format));
  for (std::size_t i = 0; i < profile.availability.sources.size(); ++i)
    bind(profile.availability.sources[i].topic, TopicUse::Kind::availability, i,
         !profile.availability.sources[i].path.empty());
  for (std::size_t i = 0; i < profile.writes.size(); ++i)
    bind(profile.writes[i].topic, TopicUse::Kind::command, i, false);
  states_[device].heard.resize(profile.availability.sources.size());
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
  if (output.capabilities.empty()) return;
  output.confirm_tolerance = profile.echo.tolerance;
  output.settle = profile.echo.settle;
  output.echo = profile.echo.kind;
  output.reassert = profile.recovery.reassert;
  output.reassert_max_age = profile.recovery.max_age;
  outputs_.push_back(std::move(output));
}

// Told in full by every message, so that an older one says nothing that a newer one does not.
bool Devices::Engine::is_state(const TopicUse& use) const {
  if (use.kind != TopicUse::Kind::read) return false;
  const settings::Profile& profile = profile_of(use.device);
  const settings::MqttRead& read = profile.reads[use.index];
  const CapabilityInfo& about = info(read.capability);
  const bool happens = about.from_body || about.kind == ValueKind::stream ||
                       about.kind == ValueKind::choice || about.name.starts_with("input.") ||
                       read.retained == settings::Retained::ignore;
  const bool partly = read.format == PayloadFormat::json && profile.echo.kind == settings::EchoKind::partial;
  return !happens && !partly;
}

bool Devices::Engine::is_never_retained(const TopicUse& use) const {
  return use.kind == TopicUse::Kind::command ||
         (use.kind == TopicUse::Kind::read &&
          profile_of(use.device).reads[use.index].retained == settings::Retained::ignore);
}

std::vector<MqttSubscription> Devices::Engine::subscriptions() const {
  std::vector<MqttSubscription> all;
  for (const auto& [topic, entry] : topics_) {
    const auto& uses = entry.uses;
    all.emplace_back(
        topic, std::all_of(uses.begin(), uses.end(), [this](const TopicUse& use) { return is_state(use); }),
        std::all_of(uses.begin(), uses.end(),
                    [this](const TopicUse& use) { return is_never_retained(use); }));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.filter < b.filter; });
  return all;
}

std::vector<MqttPublish> Devices::Engine::refreshes() const {
  std::vector<MqttPublish> all;
  for (std::size_t i = 0; i < house_.devices.size(); ++i) {
    const auto device = static_cast<DeviceIndex>(i);
    const auto& recovery = profile_of(device).recovery;
    if (recovery.refresh_topic.empty()) continue;
    MqttPublish message;
    message.topic = filled(recovery.refresh_topic, device);
    message.payload = recovery.refresh_payload;
    all.push_back(std::move(message));
  }
  return all;
}

double Devices::Engine::ttl_s(DeviceIndex device, Capability capability) const {
  for (const auto& read : profile_of(device).reads)
    if (read.capability == capability) return read.ttl_s;
  return 0;
}

void Devices::Engine::refuse(std::string_view source, Refused refused) {
  ++refusals_.at(static_cast<std::size_t>(refused.why));
  last_refusal_.assign(source.substr(0, 128));
  last_refusal_.append(": ").append(name_of(refused.why));
  if (*refused.detail != '\0') last_refusal_.append(": ").append(refused.detail);
}

}  // namespace rytme::devices
