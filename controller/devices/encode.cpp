// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <boost/json/serialize.hpp>

#include "controller/devices/engine.hpp"

namespace rytme::devices {
namespace {

using settings::PayloadField;
using settings::Placeholder;
using settings::Wording;

// The command as this device can take it: a level never without its `on`, an `on` never without its level.
std::vector<Setting> wishes(const Command& command, const std::vector<Capability>& can) {
  std::vector<Setting> all;
  std::optional<double> level;
  std::optional<bool> on;
  for (const Setting& setting : command.settings) {
    if (info(setting.capability).kind != ValueKind::text && !std::isfinite(setting.value)) continue;
    if (setting.capability == Capability::light_level)
      level = std::clamp(setting.value, 0.0, 1.0);
    else if (setting.capability == Capability::light_on)
      on = setting.value != 0;
    else if (std::find(can.begin(), can.end(), setting.capability) != can.end())
      all.push_back(setting);
  }
  if (on == false) level = 0;
  const bool has_level = std::find(can.begin(), can.end(), Capability::light_level) != can.end();
  if (!level || !has_level) return all;
  all.push_back({Capability::light_level, *level, {}});
  if (std::find(can.begin(), can.end(), Capability::light_on) != can.end())
    all.push_back({Capability::light_on, *level > 0 ? 1.0 : 0.0, {}});
  return all;
}

const Setting* find(const std::vector<Setting>& wishes, Capability capability) {
  const auto found = std::find_if(wishes.begin(), wishes.end(),
                                  [&](const Setting& setting) { return setting.capability == capability; });
  return found == wishes.end() ? nullptr : &*found;
}

// At most four decimals: no device knows more, and 0.29 * 100 shall read 29.
std::string number_text(double value) {
  const double rounded = std::round(value * 1e4) / 1e4;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), rounded == 0 ? 0.0 : rounded).ptr;
  return {text.data(), end};
}

// A lamp that is on at all is not rounded to dark.
double whole(const Setting& setting, double raw) {
  const double rounded = std::round(raw);
  return setting.capability == Capability::light_level && setting.value > 0 ? std::max(rounded, 1.0)
                                                                            : rounded;
}

std::string value_text(const Placeholder& placeholder, const Setting& setting) {
  switch (placeholder.wording) {
    case Wording::integer:
      return number_text(whole(setting, setting.value * placeholder.factor));
    case Wording::mired:
      return setting.value > 0 ? number_text(std::round(1e6 / setting.value)) : "";
    case Wording::choice:
      return setting.value != 0 ? placeholder.if_true : placeholder.if_false;
    case Wording::text:
      return setting.text;
    default:
      return number_text(setting.value * placeholder.factor);
  }
}

std::string transition_text(const Placeholder& placeholder, std::chrono::milliseconds transition) {
  const auto ms = static_cast<double>(transition.count());
  if (placeholder.wording == Wording::seconds) return number_text(ms / 1000);
  return number_text(placeholder.wording == Wording::tenths ? std::round(ms / 100) : ms);
}

bool is_text(const Placeholder& placeholder, std::string_view text) {
  if (placeholder.wording == Wording::text) return true;
  return placeholder.wording == Wording::choice && text != "true" && text != "false";
}

// "" when the command says nothing for this field. While a lamp goes off, only that and the transition are
// said: a level beside OFF would be stored or even shown.
std::string field_text(const PayloadField& field, const std::vector<Setting>& wished,
                       std::chrono::milliseconds transition, bool goes_off) {
  if (!field.placeholder) return field.literal;
  const Placeholder& placeholder = *field.placeholder;
  if (!placeholder.capability) return transition_text(placeholder, transition);
  if (goes_off && (*placeholder.capability == Capability::light_level ||
                   *placeholder.capability == Capability::light_cct_k))
    return "";
  const Setting* setting = find(wished, *placeholder.capability);
  return setting != nullptr ? value_text(placeholder, *setting) : "";
}

bool says_something(const settings::MqttWrite& write, const std::vector<Setting>& wished) {
  return std::any_of(write.payload.begin(), write.payload.end(), [&](const PayloadField& field) {
    return field.placeholder && field.placeholder->capability && find(wished, *field.placeholder->capability);
  });
}

bool has_field(const settings::MqttWrite& write, Capability capability) {
  return std::any_of(write.payload.begin(), write.payload.end(), [&](const PayloadField& field) {
    return field.placeholder && field.placeholder->capability == capability;
  });
}

// Switching on without what the profile wants beside it is refused: some lamps jump to full then.
bool complete(const settings::MqttWrite& write, const std::vector<Setting>& wished) {
  const Setting* on = find(wished, Capability::light_on);
  if (on == nullptr || on->value == 0) return true;
  return std::all_of(write.always_include.begin(), write.always_include.end(),
                     [&](Capability capability) { return find(wished, capability) != nullptr; });
}

std::string payload_text(const settings::MqttWrite& write, const std::vector<Setting>& wished,
                         std::chrono::milliseconds transition) {
  if (!write.json_object) return field_text(write.payload.front(), wished, transition, false);
  const Setting* on = find(wished, Capability::light_on);
  const bool goes_off = on != nullptr && on->value == 0 && has_field(write, Capability::light_on);
  std::string text = "{";
  for (const PayloadField& field : write.payload) {
    const std::string value = field_text(field, wished, transition, goes_off);
    if (value.empty() && !(field.placeholder && field.placeholder->wording == Wording::text)) continue;
    if (value.empty() && find(wished, *field.placeholder->capability) == nullptr) continue;
    if (text.size() > 1) text += ',';
    text += boost::json::serialize(boost::json::string_view(field.key)) + ':';
    const bool quoted = field.placeholder && is_text(*field.placeholder, value);
    text += quoted ? boost::json::serialize(boost::json::string_view(value)) : value;
  }
  return text + "}";
}

}  // namespace

Encoded Devices::Engine::encode(const Command& command) const {
  Encoded encoded;
  const auto output = std::find_if(outputs_.begin(), outputs_.end(),
                                   [&](const Output& item) { return item.device == command.device; });
  if (output == outputs_.end()) return encoded;
  const std::vector<Setting> wished = wishes(command, output->capabilities);
  for (const settings::MqttWrite& write : profile_of(command.device).writes) {
    if (!says_something(write, wished) || !complete(write, wished)) continue;
    const auto transition =
        std::clamp(command.transition, std::chrono::milliseconds(0), write.transition_max);
    encoded.publishes.push_back({filled(write.topic, command.device), payload_text(write, wished, transition),
                                 write.qos, false, command.expires, command.generation});
  }
  encode_registers(command, wished, encoded.writes);
  return encoded;
}

}  // namespace rytme::devices
