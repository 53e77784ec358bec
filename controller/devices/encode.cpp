// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "controller/devices/colour.hpp"
#include "controller/devices/engine.hpp"
#include "controller/devices/render.hpp"

namespace rytme::devices {
namespace {

bool has(const std::vector<Capability>& all, Capability capability) {
  return std::find(all.begin(), all.end(), capability) != all.end();
}

// The command as this device can take it: a level never without its `on`, an `on` never without its level.
std::vector<Setting> wishes_of(const Command& command, const std::vector<Capability>& can) {
  std::vector<Setting> colours, all;
  std::optional<double> level;
  std::optional<bool> on;
  for (const Setting& setting : command.settings)
    if (info(setting.capability).kind == ValueKind::text || std::isfinite(setting.value))
      colours.push_back(setting);
  add_sayable_colour(colours, can);
  for (const Setting& setting : colours) {
    if (setting.capability == Capability::light_level)
      level = std::clamp(setting.value, 0.0, 1.0);
    else if (setting.capability == Capability::light_on)
      on = setting.value != 0;
    else if (has(can, setting.capability))
      all.push_back(setting);
  }
  if (on == false) level = 0;
  if (!level || !has(can, Capability::light_level)) return all;
  all.push_back({Capability::light_level, *level, {}});
  if (has(can, Capability::light_on)) all.push_back({Capability::light_on, *level > 0 ? 1.0 : 0.0, {}});
  return all;
}

// What of a command is not said yet by the messages of a group.
struct Unsaid {
  std::vector<Capability> capabilities;
  bool transition{};

  std::size_t covered(const Rendered& message) const {
    const auto count = std::count_if(message.said.begin(), message.said.end(),
                                     [&](Capability capability) { return has(capabilities, capability); });
    return static_cast<std::size_t>(count);
  }
  void remove(const Rendered& message) {
    std::erase_if(capabilities, [&](Capability capability) { return has(message.said, capability); });
    transition = transition && !message.fades;
  }
};

// Of a group as few messages as possible: first the one that says most of what is commanded (the fade counts
// as one), with the least besides; then what says the rest.
std::vector<std::pair<const settings::MqttWrite*, Rendered>> chosen(
    const std::vector<const settings::MqttWrite*>& group, const Wishes& wishes, Unsaid unsaid) {
  std::vector<std::pair<const settings::MqttWrite*, Rendered>> all;
  while (all.size() < group.size()) {
    const settings::MqttWrite* best = nullptr;
    Rendered best_message;
    std::pair<std::size_t, std::size_t> best_score{};
    for (const auto* write : group) {
      auto message = render(*write, wishes);
      if (!message || unsaid.covered(*message) == 0) continue;
      const std::size_t covered = unsaid.covered(*message);
      const std::size_t score = covered + (unsaid.transition && message->fades ? 1 : 0);
      const std::size_t besides = message->said.size() - covered;
      if (best != nullptr &&
          (score < best_score.first || (score == best_score.first && besides >= best_score.second)))
        continue;
      best = write;
      best_message = std::move(*message);
      best_score = {score, besides};
    }
    if (best == nullptr) break;
    unsaid.remove(best_message);
    all.emplace_back(best, std::move(best_message));
  }
  return all;
}

Unsaid unsaid_of(const Command& command, const std::vector<Setting>& wished) {
  Unsaid unsaid{{}, command.transition.count() > 0};
  for (const Setting& setting : wished)
    if (find(command.settings, setting.capability) != nullptr)
      unsaid.capabilities.push_back(setting.capability);
  // A colour that was turned into the device's own form.
  const bool colour = std::any_of(wished.begin(), wished.end(), [&](const Setting& setting) {
    return find(command.settings, setting.capability) == nullptr &&
           setting.capability != Capability::light_on && setting.capability != Capability::light_level;
  });
  for (const Setting& setting : wished)
    if (colour && !has(unsaid.capabilities, setting.capability) && setting.capability != Capability::light_on)
      unsaid.capabilities.push_back(setting.capability);
  return unsaid;
}

// Where in the command stands what a message says first.
std::size_t place_of(const Rendered& message, const std::vector<Setting>& commanded) {
  const auto first = std::find_if(commanded.begin(), commanded.end(), [&](const Setting& setting) {
    return has(message.said, setting.capability);
  });
  return static_cast<std::size_t>(first - commanded.begin());
}

}  // namespace

Encoded Devices::Engine::encode(const Command& command) {
  Encoded encoded;
  const auto output = std::find_if(outputs_.begin(), outputs_.end(),
                                   [&](const Output& item) { return item.device == command.device; });
  if (output == outputs_.end()) return encoded;
  DeviceState& state = states_[command.device];
  Wishes wishes{wishes_of(command, output->capabilities), command.transition, state.commanded_level};
  if (!wishes.from_level) wishes.from_level = state.light.on == 0.0 ? std::optional(0.0) : state.light.level;
  std::vector<std::pair<std::size_t, MqttPublish>> messages;
  const auto send = [&](const settings::MqttWrite& write, Rendered& message) {
    messages.push_back(
        {place_of(message, command.settings),
         {write.topic, std::move(message.payload), write.qos, false, command.expires, command.generation}});
  };
  std::vector<std::string_view> groups_done;
  const auto& writes = state.mqtt.writes;
  for (const settings::MqttWrite& write : writes) {
    if (write.group.empty()) {
      if (auto message = render(write, wishes)) send(write, *message);
      continue;
    }
    if (std::find(groups_done.begin(), groups_done.end(), write.group) != groups_done.end()) continue;
    groups_done.emplace_back(write.group);
    std::vector<const settings::MqttWrite*> group;
    for (const auto& other : writes)
      if (other.group == write.group) group.push_back(&other);
    for (auto& [best, message] : chosen(group, wishes, unsaid_of(command, wishes.settings)))
      send(*best, message);
  }
  // In the order of the command, which is meant: silence first, then volume, then play.
  std::stable_sort(messages.begin(), messages.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [place, message] : messages) encoded.publishes.push_back(std::move(message));
  encode_registers(command, wishes.settings, encoded.writes);
  if (const Setting* level = find(wishes.settings, Capability::light_level))
    if (!encoded.publishes.empty() || !encoded.writes.empty()) state.commanded_level = level->value;
  return encoded;
}

}  // namespace rytme::devices
