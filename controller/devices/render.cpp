// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/render.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <boost/json/serialize.hpp>

#include "controller/devices/value.hpp"

namespace rytme::devices {
namespace {

using settings::MqttWrite;
using settings::PayloadField;
using settings::Placeholder;
using settings::Wording;
using Kind = PayloadField::Kind;

// At most four decimals: no device knows more, and 0.29 * 100 shall read 29.
std::string number_text(double value) {
  const double rounded = std::round(value * 1e4) / 1e4;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), rounded == 0 ? 0.0 : rounded).ptr;
  return {text.data(), end};
}

std::string in_quotes(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

// A lamp that is on at all is not rounded to dark.
double whole(const Setting& setting, double raw) {
  const double rounded = std::round(raw);
  return setting.capability == Capability::light_level && setting.value > 0 ? std::max(rounded, 1.0)
                                                                            : rounded;
}

std::string hex_text(double value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<std::size_t>(std::clamp(value, 0.0, 255.0));
  return {digits[byte / 16], digits[byte % 16]};
}

// "" when there is no way to say it.
std::string value_text(const Placeholder& placeholder, const Setting& setting) {
  switch (placeholder.wording) {
    case Wording::integer:
      return number_text(whole(setting, setting.value * placeholder.factor));
    case Wording::hex:
      return hex_text(whole(setting, setting.value * placeholder.factor));
    case Wording::mired:
      return setting.value > 0 ? number_text(std::round(1e6 / setting.value)) : "";
    case Wording::db:
      return setting.value > 0 ? number_text(20 * std::log10(setting.value)) : "";
    case Wording::choice:
      return setting.value != 0 ? placeholder.if_true : placeholder.if_false;
    case Wording::text:
      return setting.text;
    default:
      return number_text(setting.value * placeholder.factor);
  }
}

// There is something in it that a command decides.
bool varies(const PayloadField& field) {
  return field.placeholder ||
         std::any_of(field.parts.begin(), field.parts.end(),
                     [](const settings::TextPart& part) { return part.placeholder.has_value(); }) ||
         std::any_of(field.members.begin(), field.members.end(), varies);
}

// A message under way.
class Message {
 public:
  Message(const MqttWrite& write, const Wishes& wishes)
      : wishes_(wishes), transition_(std::min(wishes.transition, write.transition_max)) {
    const Setting* on = find(wishes.settings, Capability::light_on);
    const bool can_say_off =
        std::find(write.says.begin(), write.says.end(), Capability::light_on) != write.says.end();
    goes_off_ = on != nullptr && on->value == 0 && can_say_off && write.payload.kind == Kind::object;
  }

  // nullopt: not wished.
  std::optional<std::string> json(const PayloadField& field) {
    switch (field.kind) {
      case Kind::literal:
        return field.literal;
      case Kind::object:
      case Kind::array:
        return members(field);
      case Kind::text: {
        const auto text = joined(field);
        return text ? std::optional(in_quotes(*text)) : std::nullopt;
      }
      case Kind::value:
        break;
    }
    const auto text = word(*field.placeholder);
    if (!text) return std::nullopt;
    return is_text(*field.placeholder, *text) ? in_quotes(*text) : *text;
  }

  std::optional<std::string> plain(const PayloadField& field) {
    if (field.kind == Kind::value) return word(*field.placeholder);
    if (field.kind == Kind::text) return joined(field);
    return json(field);
  }

  Rendered done(std::string payload) {
    if (goes_off_) said_.push_back(Capability::light_level);  // off says it
    return {std::move(payload), std::move(said_), fades_};
  }
  bool says_something() const { return !said_.empty(); }

 private:
  static bool is_text(const Placeholder& placeholder, std::string_view text) {
    if (placeholder.wording == Wording::text) return true;
    return placeholder.wording == Wording::choice && text != "true" && text != "false" && !parse_number(text);
  }

  std::optional<std::string> members(const PayloadField& field) {
    const bool object = field.kind == Kind::object;
    std::string text(1, object ? '{' : '[');
    bool variable = false, any = false;
    for (const PayloadField& member : field.members) {
      variable = variable || varies(member);
      auto value = json(member);
      if (!value && !object) return std::nullopt;  // a list without one of its places is another list
      if (!value) continue;
      any = any || varies(member);
      if (text.size() > 1) text += ',';
      if (object) text += in_quotes(member.key) + ':';
      text += *value;
    }
    if (variable && !any) return std::nullopt;
    return text + (object ? '}' : ']');
  }

  std::optional<std::string> joined(const PayloadField& field) {
    std::string text;
    for (const auto& part : field.parts) {
      text += part.fixed;
      if (!part.placeholder) continue;
      const auto value = word(*part.placeholder);
      if (!value) return std::nullopt;
      text += *value;
    }
    return text;
  }

  // While a lamp goes off, only that and the transition are said: a level or a colour beside OFF would be
  // stored or even shown.
  bool is_left_out(Capability capability) const {
    return goes_off_ && info(capability).name.starts_with("light.") && capability != Capability::light_on;
  }

  std::optional<std::string> word(const Placeholder& placeholder) {
    if (!placeholder.capability) return transition(placeholder.wording);
    const Setting* setting = find(wishes_.settings, *placeholder.capability);
    if (setting == nullptr || is_left_out(*placeholder.capability)) return std::nullopt;
    auto text = value_text(placeholder, *setting);
    if (text.empty() && placeholder.wording != Wording::text) return std::nullopt;
    said_.push_back(*placeholder.capability);
    return text;
  }

  std::optional<std::string> transition(Wording wording) {
    if (transition_.count() <= 0) return std::nullopt;
    fades_ = true;
    const auto ms = static_cast<double>(transition_.count());
    switch (wording) {
      case Wording::seconds:
        return number_text(ms / 1000);
      case Wording::whole_seconds:
        return number_text(std::ceil(ms / 1000));
      case Wording::tenths:
        return number_text(std::round(ms / 100));
      case Wording::half_s_per_sweep:
        return number_text(sweep_speed(ms / 1000));
      default:
        return number_text(ms);
    }
  }

  // The device is told how long the whole way would take. Not known how far it has to go: as slow as it can.
  double sweep_speed(double seconds) const {
    constexpr double slowest = 40, unit_s = 0.5;
    const Setting* level = find(wishes_.settings, Capability::light_level);
    if (level == nullptr || !wishes_.from_level) return slowest;
    const double way = std::abs(level->value - *wishes_.from_level);
    if (way <= 0) return slowest;
    return std::clamp(std::ceil(seconds / way / unit_s), 1.0, slowest);
  }

  const Wishes& wishes_;
  std::chrono::milliseconds transition_;
  bool goes_off_{};
  std::vector<Capability> said_;
  bool fades_{};
};

// Switching on without what the profile wants beside it is refused: some lamps jump to full then.
bool complete(const MqttWrite& write, const std::vector<Setting>& settings) {
  const Setting* on = find(settings, Capability::light_on);
  if (on == nullptr || on->value == 0) return true;
  return std::all_of(write.always_include.begin(), write.always_include.end(),
                     [&](Capability capability) { return find(settings, capability) != nullptr; });
}

}  // namespace

const Setting* find(const std::vector<Setting>& settings, Capability capability) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& setting) { return setting.capability == capability; });
  return found == settings.end() ? nullptr : &*found;
}

std::optional<Rendered> render(const MqttWrite& write, const Wishes& wishes) {
  if (!complete(write, wishes.settings)) return std::nullopt;
  Message message(write, wishes);
  auto payload = message.plain(write.payload);
  if (!payload || !message.says_something()) return std::nullopt;
  return message.done(std::move(*payload));
}

}  // namespace rytme::devices
