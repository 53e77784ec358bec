// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/profile_try_expect.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <boost/json.hpp>

namespace rytme::trial {
namespace {

using boost::json::object;
using boost::json::value;
using std::string;

constexpr double near = 1e-3;

// Names of the fixtures for what has another name here.
struct Alias {
  std::string_view key;
  Capability capability{};
};
constexpr std::array aliases{Alias{"power_w", Capability::power_active_w},
                             Alias{"energy_kwh", Capability::power_energy_kwh},
                             Alias{"raw_counts", Capability::load_counts},
                             Alias{"humidity", Capability::env_humidity},
                             Alias{"player.playing", Capability::player_play},
                             Alias{"player.muted", Capability::player_mute},
                             Alias{"stored_level", Capability::light_stored_level},
                             Alias{"target.level", Capability::light_target_level}};

string number_text(double number) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 6).ptr;
  return {text.data(), end};
}

string shown(const value& item) {
  if (item.is_number()) return number_text(item.to_number<double>());
  const auto* list = item.if_array();
  if (list == nullptr) return boost::json::serialize(item);
  string text;
  for (const auto& one : *list) text += (text.empty() ? "" : ", ") + shown(one);
  return "[" + text + "]";
}

bool is_near(double got, double expected) {
  return std::abs(got - expected) <= near * std::abs(expected) + 1e-9;
}

bool is_known(const Heard& heard, Capability capability) {
  const auto found = heard.readings.find(capability);
  return found != heard.readings.end() && found->second.quality != Quality::unknown;
}

string got(const Heard& heard, Capability capability) {
  if (!heard.refusal.empty()) return "refused: " + heard.refusal;
  const auto found = heard.readings.find(capability);
  if (found == heard.readings.end()) return "nothing";
  const Reading& reading = found->second;
  if (reading.quality == Quality::unknown) return "unknown";
  switch (info(capability).kind) {
    case ValueKind::text:
      return '"' + reading.text + '"';
    case ValueKind::boolean:
      return reading.value != 0 ? "true" : "false";
    default:
      return number_text(reading.value);
  }
}

string expected_got(std::string_view key, const value& item, const string& what) {
  return "expected " + string(key) + " " + shown(item) + ", got " + what;
}

string compare_text(std::string_view key, const value& item, const Heard& heard, Capability capability) {
  const auto found = heard.readings.find(capability);
  const string text = found == heard.readings.end() ? "" : found->second.text;
  bool same = found != heard.readings.end();
  if (const auto* parts = item.if_object())  // a text that the fixture takes apart
    same = same && std::all_of(parts->begin(), parts->end(), [&](const auto& part) {
             return part.value().is_string() && text.find(part.value().get_string()) != string::npos;
           });
  else
    same = same && item.is_string() && text == item.get_string();
  return same ? "" : expected_got(key, item, got(heard, capability));
}

string compare(std::string_view key, const value& item, const Heard& heard, Capability capability) {
  if (item.is_null())
    return is_known(heard, capability) ? expected_got(key, item, got(heard, capability)) : "";
  if (info(capability).kind == ValueKind::text) return compare_text(key, item, heard, capability);
  bool same = is_known(heard, capability);
  if (same) {
    const double said = heard.readings.at(capability).value;
    if (item.is_bool())
      same = said == (item.get_bool() ? 1.0 : 0.0);
    else if (item.is_string())
      same = choice_name(capability, said) == std::string_view(item.get_string());
    else
      same = item.is_number() && is_near(said, item.to_number<double>());
  }
  return same ? "" : expected_got(key, item, got(heard, capability));
}

// "light.rgb" [1, 0, 0], "motion.accel_mps2" { x: 1 }.
string compare_parts(std::string_view key, const value& item, const Heard& heard) {
  const auto part = [&](const string& name, const value& one) {
    const string whole = string(key) + "." + name;
    const auto capability = capability_from(whole);
    return capability ? compare(whole, one, heard, *capability)
                      : "expects " + whole + ", which is no capability";
  };
  if (const auto* parts = item.if_object()) {
    for (const auto& [name, one] : *parts)
      if (auto reason = part(string(name), one); !reason.empty()) return reason;
    return "";
  }
  const string names = key == "light.xy" ? "xy" : "rgb";
  const auto* list = item.if_array();
  if (list == nullptr || list->size() != names.size())
    return "expects " + string(key) + " " + shown(item) + ": not a list of its parts";
  for (std::size_t i = 0; i < names.size(); ++i)
    if (auto reason = part(string(1, names[i]), (*list)[i]); !reason.empty()) return reason;
  return "";
}

bool has_parts(std::string_view key) {
  const string first = string(key) + ".";
  for (const char* tail : {"r", "x"})
    if (capability_from(first + tail)) return true;
  return false;
}

bool is_good_value(const Heard& heard) {
  if (!heard.refusal.empty() && heard.readings.empty() && !heard.sample) return false;
  if (heard.sample && heard.sample->bpm) return true;
  return std::any_of(heard.readings.begin(), heard.readings.end(), [](const auto& item) {
    return item.second.quality == Quality::good && item.first != Capability::availability_online &&
           item.first != Capability::hr_energy_kj;
  });
}

string compare_contact(const value& item, const HeartSample* sample) {
  if (sample == nullptr) return item.is_null() ? "" : expected_got("hr.contact", item, "nothing");
  const Contact wanted = item.is_null() ? Contact::unsupported : item.get_bool() ? Contact::yes : Contact::no;
  constexpr std::array names{"null", "false", "true"};
  return sample->contact == wanted
             ? ""
             : expected_got("hr.contact", item, names.at(static_cast<std::size_t>(sample->contact)));
}

string compare_intervals(const value& item, const HeartSample* sample) {
  if (sample == nullptr) return expected_got("hr.rr_s", item, "nothing");
  boost::json::array intervals;
  for (std::size_t i = 0; i < sample->rr_count; ++i) intervals.emplace_back(sample->rr_1024.at(i) / 1024.0);
  const auto* list = item.if_array();
  bool same = list != nullptr && list->size() == intervals.size();
  for (std::size_t i = 0; same && i < intervals.size(); ++i)
    same = is_near(intervals[i].as_double(), (*list)[i].to_number<double>());
  return same ? "" : expected_got("hr.rr_s", item, shown(intervals));
}

string compare_bpm(const value& item, const HeartSample* sample, const Heard& heard) {
  if (sample == nullptr || !sample->bpm)
    return item.is_null()
               ? ""
               : expected_got("hr.bpm", item, sample == nullptr ? got(heard, Capability::hr_bpm) : "no data");
  return item.is_number() && is_near(*sample->bpm, item.to_number<double>())
             ? ""
             : expected_got("hr.bpm", item, number_text(*sample->bpm));
}

// Only the colour of the mode that is on may be told; the others are old.
string compare_mode(const value& item, const Heard& heard) {
  struct Mode {
    std::string_view name;
    Capability capability{};
  };
  constexpr std::array modes{Mode{"cct", Capability::light_cct_k}, Mode{"xy", Capability::light_x},
                             Mode{"hs", Capability::light_hue_deg}, Mode{"rgb", Capability::light_red}};
  const std::string_view wanted = item.is_string() ? std::string_view(item.get_string()) : "";
  for (const Mode& mode : modes) {
    const bool told = is_known(heard, mode.capability);
    if (told != (mode.name == wanted))
      return "expected colour_mode " + shown(item) + ", got " + string(told ? "also " : "no ") +
             string(name_of(mode.capability));
  }
  return "";
}

string compare_unchanged(const value& item, const Heard& heard) {
  const auto* list = item.if_array();
  if (list == nullptr) return "unchanged: not a list";
  for (const auto& name : *list) {
    const auto capability = name.is_string() ? capability_meant(string(name.get_string())) : std::nullopt;
    if (capability && heard.readings.contains(*capability))
      return "expected " + shown(name) + " unchanged, got " + got(heard, *capability);
  }
  return "";
}

bool is_true(const value& item) { return item.is_bool() && item.get_bool(); }

string availability_text(const Heard& heard) {
  const auto found = heard.readings.find(Capability::availability_online);
  return found == heard.readings.end() ? "" : found->second.text;
}

// Keys that are a rule rather than a capability. nullopt: none of them.
std::optional<string> compare_rule(std::string_view key, const value& item, const Heard& heard) {
  const auto verdict = [&](bool good, const string& what) {
    return good ? "" : expected_got(key, item, what);
  };
  if (key == "valid" || key == "plausible" || key == "hr.valid") {
    if (is_true(item)) return verdict(heard.refusal.empty(), "refused: " + heard.refusal);
    return verdict(!is_good_value(heard), "a good value");
  }
  if (key == "unchanged") return compare_unchanged(item, heard);
  if (key == "colour_mode" || key == "color_mode") return compare_mode(item, heard);
  if (key == "frame_error") return verdict(heard.refusal.empty() != is_true(item), "no error");
  if (key == "ack") return compare("command.ack", item, heard, Capability::command_ack);
  if (key == "cause")
    return verdict(
        item.is_string() && item.get_string() == "power_up" && is_known(heard, Capability::device_power_up),
        "no device.power_up");
  if (key == "reachable")
    return verdict((availability_text(heard) == "sleeping") != is_true(item), "reachable");
  if (key == "device_removed")
    return verdict((availability_text(heard) == "removed") == is_true(item), "not removed");
  if (key == "meta") return verdict(heard.readings.empty() && !heard.sample, "a value");
  if (key == "text") {
    const bool same = std::any_of(heard.readings.begin(), heard.readings.end(), [&](const auto& reading) {
      return info(reading.first).kind == ValueKind::text && item.is_string() &&
             item.get_string() == reading.second.text.c_str();
    });
    return verdict(same, heard.readings.empty() ? "nothing" : "another text");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Capability> capability_meant(std::string_view key) {
  if (const auto capability = capability_from(key)) return capability;
  const auto* alias =
      std::find_if(aliases.begin(), aliases.end(), [&](const Alias& row) { return row.key == key; });
  if (alias != aliases.end()) return alias->capability;
  if (key.find('.') != std::string_view::npos) return std::nullopt;
  for (const char* head : {"device.", "power.", "env.", "motion.", "light."})
    if (const auto capability = capability_from(string(head) + string(key))) return capability;
  return std::nullopt;
}

bool is_remark(std::string_view key) {
  constexpr std::array<std::string_view, 6> remarks{"note",        "scope",       "timestamp_valid",
                                                    "valid_force", "previous_on", "evidence"};
  return std::find(remarks.begin(), remarks.end(), key) != remarks.end();
}

string difference(const object& expect, const Heard& heard) {
  const auto* sample = heard.sample ? &*heard.sample : nullptr;
  const auto says_no = [&](const char* key) {
    const auto* item = expect.if_contains(key);
    return item != nullptr && item->is_bool() && !item->get_bool();
  };
  const bool no_value = says_no("valid") || says_no("plausible");
  for (const auto& [name, item] : expect) {
    const std::string_view key(name);
    if (is_remark(key)) continue;
    string reason;
    if (auto rule = compare_rule(key, item, heard)) {
      reason = std::move(*rule);
    } else if (key == "hr.contact") {
      reason = compare_contact(item, sample);
    } else if (key == "hr.rr_s") {
      reason = compare_intervals(item, sample);
    } else if (key == "hr.bpm") {
      if (!no_value) reason = compare_bpm(item, sample, heard);
    } else if (has_parts(key)) {
      reason = compare_parts(key, item, heard);
    } else if (const auto capability = capability_meant(key)) {
      // A battery says it of the device, a sensor of the room; a lamp that is on has what it stores.
      auto alternative = *capability;
      if (key == "temperature_c" && !heard.readings.contains(*capability))
        alternative = Capability::env_temperature_c;
      if (key == "voltage_v" && !heard.readings.contains(*capability))
        alternative = Capability::power_voltage_v;
      if (key == "stored_level" && !heard.readings.contains(*capability))
        alternative = Capability::light_level;
      reason = compare(key, item, heard, alternative);
    } else {
      reason = "expects " + string(key) + ", which is no capability";
    }
    if (!reason.empty()) return reason;
  }
  return "";
}

Expected expected_settings(const object& expect) {
  Expected result;
  const auto add = [&](std::string_view key, const value& item) {
    const auto capability = capability_meant(key);
    if (!capability) {
      result.unknown = key;
    } else if (item.is_string()) {
      result.settings.push_back({*capability, 0, string(item.get_string())});
    } else if (item.is_bool()) {
      result.settings.push_back({*capability, item.get_bool() ? 1.0 : 0.0, {}});
    } else if (item.is_number()) {
      result.settings.push_back({*capability, item.to_number<double>(), {}});
    }
  };
  for (const auto& [name, item] : expect) {
    const std::string_view key(name);
    if (is_remark(key)) continue;
    if (key == "transition_s") {
      if (item.is_number())
        result.transition = std::chrono::milliseconds(std::llround(item.to_number<double>() * 1000));
    } else if (const auto* list = item.if_array()) {
      const string names = key == "light.xy" ? "xy" : "rgb";
      for (std::size_t i = 0; i < std::min(names.size(), list->size()); ++i)
        add(string(key) + "." + names[i], (*list)[i]);
    } else if (const auto* parts = item.if_object()) {
      for (const auto& [part, one] : *parts) add(string(key) + "." + string(part), one);
    } else {
      add(key, item);
    }
  }
  return result;
}

}  // namespace rytme::trial
