// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/try_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace rytme::trial {
namespace {

struct Suffix {
  std::string_view text;
  std::string_view unit;
};
constexpr std::array suffixes{
    Suffix{"kwh", "kWh"},   Suffix{"mps2", "m/s2"}, Suffix{"dps", "deg/s"}, Suffix{"rads", "rad/s"},
    Suffix{"pct", "%"},     Suffix{"percent", "%"}, Suffix{"ppm", "ppm"},   Suffix{"ppb", "ppb"},
    Suffix{"lux", "lx"},    Suffix{"bpm", "bpm"},   Suffix{"deg", "deg"},   Suffix{"var", "var"},
    Suffix{"degc", "degC"}, Suffix{"lx", "lx"},     Suffix{"hz", "Hz"},     Suffix{"db", "dB"},
    Suffix{"va", "VA"},     Suffix{"kw", "kW"},     Suffix{"wh", "Wh"},     Suffix{"mv", "mV"},
    Suffix{"ma", "mA"},     Suffix{"ms", "ms"},     Suffix{"v", "V"},       Suffix{"a", "A"},
    Suffix{"w", "W"},       Suffix{"c", "degC"},    Suffix{"k", "K"},       Suffix{"s", "s"},
    Suffix{"g", "g"},
};

const std::map<std::string, std::string, std::less<>>& synonyms() {
  static const std::map<std::string, std::string, std::less<>> table{
      {"acc", "accel"},      {"temp", "temperature"}, {"hum", "humidity"},
      {"rh", "humidity"},    {"volt", "voltage"},     {"curr", "current"},
      {"freq", "frequency"}, {"illuminance", "lux"},  {"noise", "sound"},
      {"red", "r"},          {"green", "g"},          {"blue", "b"},
      {"saturation", "sat"}, {"switch", "on"}};
  return table;
}

std::set<std::string> tokens(std::string_view text) {
  std::set<std::string> all;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    const auto other = synonyms().find(word);
    all.insert(other == synonyms().end() ? word : other->second);
    word.clear();
  };
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else
      end_word();
  }
  end_word();
  return all;
}

struct Key {
  std::string stem;  // "acc_z"
  std::string unit;  // "m/s2"; "" when the key has no unit
};

Key parsed(const std::string& text) {
  const auto cut = text.rfind('_');
  const std::string_view last =
      cut == std::string::npos ? std::string_view(text) : std::string_view(text).substr(cut + 1);
  for (const Suffix& suffix : suffixes)
    if (last == suffix.text)
      return {cut == std::string::npos ? "" : text.substr(0, cut), std::string(suffix.unit)};
  return {text, ""};
}

std::string shown(double value) { return std::isnan(value) ? "unknown" : fmt::format("{:.6g}", value); }

std::string shown(const SeenValue& seen) {
  return seen.text.empty() ? shown(seen.value) : '"' + seen.text + '"';
}

// Higher is likelier; 0: never.
int likeness(const std::string& name, const Key& key, const SeenValue& seen) {
  const auto capability = capability_of_fixture(name);
  if (capability && (seen.capability == capability ||
                     (capability == Capability::light_cct_position && seen.position.has_value())))
    return 1000;
  if (name == seen.id) return 900;
  if (!key.unit.empty() && !seen.unit.empty() && !unit_factor(seen.unit, key.unit)) return 0;
  if (!key.stem.empty() && key.stem == seen.id) return 800;
  auto known = tokens(seen.id);
  if (seen.capability)
    for (const auto& token : tokens(name_of(*seen.capability))) known.insert(token);
  const auto wanted = tokens(key.unit.empty() ? name : key.stem);
  int common = 0;
  for (const auto& token : wanted) common += known.contains(token) ? 1 : 0;
  if (common == 0 && !wanted.empty()) return key.unit.empty() || seen.unit.empty() ? 0 : 1;
  const bool all = common == static_cast<int>(wanted.size());
  return 10 * common + (all ? 100 : 0) + (key.unit.empty() || seen.unit.empty() ? 0 : 5) + 1;
}

std::string compare_one(const std::string& name, const toml::node& expected, const SeenValue& seen,
                        double factor, bool as_position) {
  const auto differs = [&](const std::string& wanted) {
    return name + ": " + (as_position && seen.position ? shown(*seen.position) : shown(seen)) +
           ", expected " + wanted;
  };
  if (const auto text = expected.value_exact<std::string>()) {
    if (*text == "unknown") return seen.unknown ? "" : differs("unknown");
    return *text == seen.text ? "" : differs('"' + *text + '"');
  }
  double wanted{};
  if (const auto flag = expected.value_exact<bool>())
    wanted = *flag ? 1 : 0;
  else if (expected.is_number())
    wanted = expected.value<double>().value_or(0);
  else
    return name + ": the fixture expects something that is no value";
  const double value = as_position && seen.position ? *seen.position : seen.value * factor;
  return !seen.unknown && nearly(value, wanted) ? "" : differs(shown(wanted));
}

// The value that a key means: the likeliest one that no other key has taken.
std::string compare_key(const std::string& name, const toml::node& expected,
                        const std::vector<SeenValue>& seen, std::set<std::size_t>& taken) {
  const Key key = parsed(name);
  int best = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const int like = taken.contains(i) ? 0 : likeness(name, key, seen[i]);
    if (like > best) best = like, at = i;
  }
  if (best == 0)
    return name + ": no point of the profile in this answer is that; give it the id or the capability";
  taken.insert(at);
  const bool by_unit = best < 900 && !key.unit.empty();
  const double factor = by_unit ? unit_factor(seen[at].unit, key.unit).value_or(1) : 1;
  const bool as_position = capability_of_fixture(name) == Capability::light_cct_position;
  return compare_one(name, expected, seen[at], factor, as_position);
}

// Several points may stand at one address (variants of the device); any of them may be meant.
std::string compare_list(const toml::array& list, const std::vector<SeenValue>& seen) {
  std::map<unsigned, std::vector<const SeenValue*>> by_address;
  for (const auto& value : seen) by_address[value.address].push_back(&value);
  if (by_address.size() < list.size())
    return fmt::format("{} values are expected, the profile has points for {}", list.size(),
                       by_address.size());
  std::size_t index = 0;
  for (const auto& [address, values] : by_address) {
    if (index == list.size()) break;
    std::string first;
    bool found = false;
    for (const auto* value : values) {
      const auto differs = compare_one(fmt::format("register {}", address), list[index], *value, 1, false);
      found = found || differs.empty();
      if (first.empty()) first = differs;
    }
    if (!found) return first;
    ++index;
  }
  return "";
}

std::string compare_validity(bool valid, const std::vector<SeenValue>& seen) {
  for (const auto& value : seen)
    if (value.unknown == valid)
      return (value.id.empty() ? "the value" : value.id) +
             (valid ? " is unknown, expected a value" : " is " + shown(value) + ", expected unknown");
  return seen.empty() ? "no point of the profile stands in this answer" : "";
}

}  // namespace

bool nearly(double a, double b) {
  return std::abs(a - b) <= std::max(1e-6, 1e-3 * std::max(std::abs(a), std::abs(b)));
}

std::optional<double> unit_factor(std::string_view unit, std::string_view wanted) {
  struct Row {
    std::string_view from, to;
    double factor;
  };
  static constexpr std::array rows{
      Row{"1", "%", 100},
      Row{"V", "mV", 1000},
      Row{"A", "mA", 1000},
      Row{"W", "kW", 0.001},
      Row{"kWh", "Wh", 1000},
      Row{"s", "ms", 1000},
      Row{"m/s2", "g", 1 / 9.80665},
      Row{"deg/s", "rad/s", M_PI / 180},
  };
  if (unit == wanted) return 1;
  for (const Row& row : rows) {
    if (row.from == unit && row.to == wanted) return row.factor;
    if (row.to == unit && row.from == wanted) return 1 / row.factor;
  }
  return std::nullopt;
}

std::optional<Capability> capability_of_fixture(std::string_view name) {
  static const std::map<std::string_view, Capability> others{
      {"light.rgb[0]", Capability::light_red},
      {"light.rgb[1]", Capability::light_green},
      {"light.rgb[2]", Capability::light_blue},
      {"light.xy[0]", Capability::light_x},
      {"light.xy[1]", Capability::light_y},
      {"motion.angle_deg.roll", Capability::motion_angle_x_deg},
      {"motion.angle_deg.pitch", Capability::motion_angle_y_deg},
      {"motion.angle_deg.yaw", Capability::motion_angle_z_deg},
  };
  const auto found = others.find(name);
  return found != others.end() ? std::optional(found->second) : capability_from(name);
}

std::string compare_values(const toml::node& values, const std::vector<SeenValue>& seen) {
  if (const auto* list = values.as_array()) return compare_list(*list, seen);
  const auto* table = values.as_table();
  if (table == nullptr) return "the fixture's values are neither a table nor a list";
  std::set<std::size_t> taken;
  // Names that are certain first, so that a looser one does not take their value.
  std::vector<std::pair<std::string, const toml::node*>> keys;
  for (const auto& [key, node] : *table) keys.emplace_back(key.str(), &node);
  std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    const auto best = [&](const std::string& name) {
      int most = 0;
      for (const auto& value : seen) most = std::max(most, likeness(name, parsed(name), value));
      return most;
    };
    return best(a.first) > best(b.first);
  });
  for (const auto& [name, node] : keys) {
    std::string differs;
    if (name == "valid") {
      differs = compare_validity(node->value<bool>().value_or(false), seen);
    } else if (name == "raw") {
      const auto raw = node->value<double>();
      const bool there =
          std::any_of(seen.begin(), seen.end(), [&](const SeenValue& value) { return value.raw == raw; });
      if (!there)
        differs = "raw: " + (seen.empty() ? "nothing" : shown(seen.front().raw)) + ", expected " +
                  shown(raw.value_or(NAN));
    } else {
      differs = compare_key(name, *node, seen, taken);
    }
    if (!differs.empty()) return differs;
  }
  return "";
}

}  // namespace rytme::trial
