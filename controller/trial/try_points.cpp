// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/try_points.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "controller/settings/modbus_rules.hpp"
#include "controller/trial/try_values.hpp"

namespace rytme::trial {
namespace {

using devices::BoundPoint;
using settings::ModbusPoint;
using settings::PointKind;

struct Judgement {
  Verdict verdict{Verdict::differs};
  std::string reason;
};

// A point as the fixture has it.
struct Wanted {
  std::string id, type, unit;
  RegisterArea area{};
  unsigned address{}, read_address{};
  bool reads{}, writes{};
};

std::optional<RegisterArea> area_of(const toml::table& table) {
  const auto name = table["area"].value_or<std::string>("");
  for (const RegisterArea area :
       {RegisterArea::coil, RegisterArea::discrete, RegisterArea::input, RegisterArea::holding})
    if (name == settings::name_of(area)) return area;
  return std::nullopt;
}

std::optional<Wanted> wanted_from(const toml::table& table) {
  const auto area = area_of(table);
  const auto address = table["address"].value<std::int64_t>();
  if (!area || !address) return std::nullopt;
  Wanted wanted{table["id"].value_or<std::string>(""),
                table["type"].value_or<std::string>("u16"),
                table["unit"].value_or<std::string>(""),
                *area,
                static_cast<unsigned>(*address),
                static_cast<unsigned>(table["read_address"].value_or(*address)),
                false,
                false};
  wanted.address = static_cast<unsigned>(table["write_address"].value_or(*address));
  const auto access = table["access"].value_or<std::string>("r");
  wanted.reads = access.find('r') != std::string::npos || table.contains("read_address");
  wanted.writes = access.find('w') != std::string::npos;
  return wanted;
}

// "s16[4]" is four of them in a row; everything else is one.
std::pair<std::string, unsigned> type_and_count(const std::string& type) {
  const auto bracket = type.find('[');
  if (bracket == std::string::npos || type.starts_with("ascii") || type.starts_with("bits")) return {type, 1};
  return {type.substr(0, bracket),
          static_cast<unsigned>(std::strtoul(type.c_str() + bracket + 1, nullptr, 10))};
}

bool same_type(const std::string& wanted, const settings::PointType& type) {
  const std::string ours = settings::type_text(type);
  if (wanted == ours) return true;
  if (wanted == "ascii") return type.kind == PointKind::ascii;  // its length is not said
  const std::set<std::string> one_word{"u16", "enum", "raw_u16", "bool_u16"};
  return one_word.contains(wanted) && one_word.contains(ours);
}

std::string type_differs(const toml::table& table, const std::string& wanted,
                         const settings::PointType& type) {
  if (!same_type(wanted, type))
    return "type is \"" + settings::type_text(type) + "\", expected \"" + wanted + "\"";
  const auto order = [&](const char* key, bool big) -> std::string {
    const auto said = table[key].value<std::string>();
    if (!said || (*said == "big") == big) return "";
    return std::string(key) + " is \"" + (big ? "big" : "little") + "\", expected \"" + *said + "\"";
  };
  if (settings::words_in(type) > 1 && type.kind != PointKind::ascii)
    if (auto words = order("word_order", type.big_word_first); !words.empty()) return words;
  return order("byte_order", type.big_byte_first);
}

// In the fixture's unit. A fixture that names a share by its raw range alone means raw / raw_max.
std::string scale_differs(const toml::table& table, const Wanted& wanted, const ModbusPoint& point) {
  const auto said = table["scale"].value<double>();
  const bool share = point.capability && info(*point.capability).unit == "1";
  const auto raw_max = table["raw_max"].value<double>();
  double factor = 1;  // from the fixture's unit to ours
  if (point.capability && !wanted.unit.empty() && !info(*point.capability).unit.empty()) {
    const auto known = unit_factor(wanted.unit, info(*point.capability).unit);
    if (!known && said)
      return "unit is \"" + std::string(info(*point.capability).unit) + "\", expected \"" + wanted.unit +
             "\"";
    factor = known.value_or(1);
  }
  std::vector<double> right{said.value_or(1) * factor};
  if (!said && share && raw_max && *raw_max > 0) right.push_back(1 / *raw_max);
  const bool yes_or_no = point.capability && info(*point.capability).kind == ValueKind::boolean;
  if (yes_or_no && !said) return "";
  if (std::none_of(right.begin(), right.end(),
                   [&](double scale) { return nearly(scale, point.scaling.scale); }))
    return fmt::format("scale is {:.9g}, expected {:.9g}", point.scaling.scale, right.back());
  const double offset = table["offset"].value_or(0.0) * factor;
  if (!nearly(offset, point.scaling.offset))
    return fmt::format("offset is {:.9g}, expected {:.9g}", point.scaling.offset, offset);
  return "";
}

std::string range_differs(const toml::table& table, const ModbusPoint& point) {
  if (!point.writable || !point.capability || point.type.kind == PointKind::boolean) return "";
  if (const auto most = table["raw_max"].value<double>();
      most && point.scaling.raw_max.value_or(HUGE_VAL) > *most)
    return fmt::format("raw_max {:.9g} is missing: more could be written", *most);
  if (const auto least = table["raw_min"].value<double>();
      least && *least > 0 && point.scaling.raw_min.value_or(-HUGE_VAL) < *least)
    return fmt::format("raw_min {:.9g} is missing: less could be written", *least);
  return "";
}

std::string invalid_differs(const toml::table& table, const ModbusPoint& point) {
  const auto* list = table["invalid"].as_array();
  if (list == nullptr) return "";
  for (const auto& item : *list) {
    const auto text = item.value<std::string>();
    const auto number = item.value<std::int64_t>();
    const std::uint64_t bits = text ? std::strtoull(text->c_str(), nullptr, 0)
                                    : static_cast<std::uint64_t>(number.value_or(0)) & 0xFFFFFFFFU;
    const bool known = std::any_of(point.invalid.begin(), point.invalid.end(), [&](std::uint64_t ours) {
      return ours == bits || (!text && (ours & 0xFFFFU) == (bits & 0xFFFFU));
    });
    if (!known) return fmt::format("invalid lacks 0x{:X}, which would be taken as a value", bits);
  }
  return "";
}

std::set<double> numbers_of(const toml::node* node) {
  std::set<double> all;
  if (node == nullptr) return all;
  if (const auto* list = node->as_array()) {
    for (const auto& item : *list) all.insert(item.value<double>().value_or(NAN));
  } else if (const auto one = node->value<double>()) {
    all.insert(*one);
  }
  return all;
}

std::string condition_differs(const toml::table& table, const ModbusPoint& point) {
  const auto* when = table["when"].as_table();
  if (when == nullptr) return "";
  for (const auto& [name, node] : *when) {
    const auto wanted = numbers_of(&node);
    std::set<double> ours;
    for (const auto& condition : point.when)
      if (!condition.of_param)
        for (const auto& value : condition.any_of) ours.insert(std::strtod(value.c_str(), nullptr));
    if (ours.empty())
      return "when = { " + std::string(name.str()) + " = ... } is missing: it is not always valid";
    if (ours != wanted) return "when allows other values of " + std::string(name.str());
  }
  return "";
}

std::string functions_differ(const toml::table& table, const Wanted& wanted, const ModbusPoint& point) {
  const auto writes = numbers_of(table.get("write_fc"));
  if (writes.empty() || !point.writable) return "";
  const double single = wanted.area == RegisterArea::coil ? 5 : 6;
  const double several = wanted.area == RegisterArea::coil ? 15 : 16;
  if (!writes.contains(single) && !point.multiple)
    return fmt::format("write_fc = {} is missing: function {} would be used", several, single);
  if (!writes.contains(several) && point.multiple)
    return fmt::format("write_fc is {}, expected {}", several, single);
  return "";
}

std::string capability_differs(const toml::table& table, const ModbusPoint& point) {
  const auto name = table["capability"].value<std::string>();
  const auto wanted = name ? capability_of_fixture(*name) : std::nullopt;
  if (!wanted || !point.capability || wanted == point.capability) return "";
  if (point.cct_position && *wanted == Capability::light_cct_position) return "";
  return "capability is " + std::string(name_of(*point.capability)) + ", expected " +
         std::string(name_of(*wanted));
}

// `read_by_another`: a point of its own reads what this one writes.
Judgement judge(const toml::table& table, const Wanted& wanted, const std::string& type,
                const ModbusPoint& point, bool read_by_another) {
  for (const std::string& differs :
       {type_differs(table, type, point.type), scale_differs(table, wanted, point),
        invalid_differs(table, point), condition_differs(table, point), range_differs(table, point),
        functions_differ(table, wanted, point), capability_differs(table, point)})
    if (!differs.empty()) return {Verdict::differs, differs};
  if (wanted.reads && !point.readable && !read_by_another)
    return {Verdict::differs, "access: it is not read"};
  if (wanted.writes && !point.writable) return {Verdict::refused, "the profile reads it and never writes it"};
  if (!point.capability && table.contains("capability"))
    return {Verdict::refused, "the profile gives it no capability: it is known, not used"};
  return {Verdict::ok, ""};
}

const settings::LeftOut* left_out(const settings::Profile& profile, RegisterArea area, unsigned address) {
  for (const auto& item : profile.left_out)
    if (item.area == area && address >= item.address && address < unsigned{item.address} + item.count)
      return &item;
  return nullptr;
}

// Every setup as some device gets it, at this register.
std::vector<devices::SetupStep> steps_at(const TryBench& bench, RegisterArea area, unsigned address) {
  std::vector<devices::SetupStep> all;
  const devices::Devices devices(bench.house());
  for (std::size_t i = 0; i < bench.house().devices.size(); ++i)
    for (auto& step : devices.setup(static_cast<DeviceIndex>(i)))
      if (step.write.area == area && step.write.address == address) all.push_back(std::move(step));
  return all;
}

Judgement elsewhere(const TryBench& bench, const Wanted& wanted) {
  const settings::Profile& profile = bench.house().profiles.front();
  if (const auto* item = left_out(profile, wanted.area, wanted.address))
    return {Verdict::refused, item->reason};
  const auto steps = steps_at(bench, wanted.area, wanted.address);
  if (!steps.empty())
    return {Verdict::refused, "set to " + fmt::format("{:.9g}", steps.front().value) + " by setup \"" +
                                  steps.front().setup->id + "\", never commanded"};
  return {Verdict::differs,
          fmt::format("the profile has no point at {} {}; describe it as a [[point]], or under "
                      "[[left_out]] with the reason",
                      settings::name_of(wanted.area), wanted.address)};
}

Judgement judge_at(const TryBench& bench, const toml::table& table, const Wanted& wanted,
                   const std::string& type) {
  std::optional<Judgement> best;
  const auto rank = [](Verdict verdict) {
    return verdict == Verdict::ok ? 2 : verdict == Verdict::refused ? 1 : 0;
  };
  const bool read_by_another =
      std::any_of(bench.points().begin(), bench.points().end(), [&](const BoundPoint& bound) {
        return bound.point->readable && bound.read.area == wanted.area &&
               bound.read.address == wanted.read_address;
      });
  for (const BoundPoint& bound : bench.points()) {
    if (bound.read.area != wanted.area) continue;
    const bool read_there = bound.point->readable && bound.read.address == wanted.read_address;
    const bool written_there = bound.point->writable && bound.write_address == wanted.address;
    if (!(wanted.writes && bound.point->writable ? written_there && (read_there || !bound.point->readable)
                                                 : read_there))
      continue;
    const auto judged = judge(table, wanted, type, *bound.point, read_by_another);
    if (!best || rank(judged.verdict) > rank(best->verdict)) best = judged;
  }
  return best ? *best : elsewhere(bench, wanted);
}

}  // namespace

Trial try_point(const TryBench& bench, const toml::table& table) {
  Trial trial{Verdict::differs, "point:" + table["id"].value_or<std::string>(""), ""};
  const auto wanted = wanted_from(table);
  if (!wanted) {
    trial.reason = "the fixture's point lacks area or address";
    return trial;
  }
  const auto [type, count] = type_and_count(wanted->type);
  Judgement judged;
  Wanted one = *wanted;
  for (unsigned i = 0; i < std::max(1U, count); ++i) {
    judged = judge_at(bench, table, one, type);
    if (judged.verdict != Verdict::ok) break;
    const unsigned width = type.ends_with("64") ? 4 : type.ends_with("32") ? 2 : 1;
    one.address += width;
    one.read_address += width;
  }
  trial.verdict = judged.verdict;
  trial.reason = judged.reason;
  return trial;
}

Trial try_setup(const TryBench& bench, const toml::table& table) {
  Trial trial{Verdict::differs, "setup:" + table["id"].value_or<std::string>(""), ""};
  const auto wanted = wanted_from(table);
  if (!wanted) {
    trial.reason = "the fixture's setup lacks area or address";
    return trial;
  }
  const auto steps = steps_at(bench, wanted->area, wanted->address);
  if (steps.empty()) {
    for (const BoundPoint& bound : bench.points())
      if (bound.point->readable && bound.read.area == wanted->area && bound.read.address == wanted->address) {
        trial.verdict = Verdict::refused;
        trial.reason = "a point of the profile, not set at commissioning";
        return trial;
      }
    const auto judged = elsewhere(bench, *wanted);
    trial.verdict = judged.verdict;
    trial.reason = judged.verdict == Verdict::differs
                       ? fmt::format(
                             "the profile has no setup at {} {}; describe it as a [[setup]], or under "
                             "[[left_out]] with the reason",
                             settings::name_of(wanted->area), wanted->address)
                       : judged.reason;
    return trial;
  }
  const double raw =
      steps.front().write.values.size() == 1 ? steps.front().write.values.front() : steps.front().value;
  const auto value = table["value"].value<double>();
  const auto* choices = table["enum"].as_table();
  const auto low = table["raw_min"].value<double>();
  const auto high = table["raw_max"].value<double>();
  if (value && *value != raw)
    trial.reason = fmt::format("would be set to {:.9g}, expected {:.9g}", raw, *value);
  else if (choices != nullptr && !choices->contains(fmt::format("{:.9g}", raw)))
    trial.reason = fmt::format("would be set to {:.9g}, which is none of the values", raw);
  else if ((low && raw < *low) || (high && raw > *high))
    trial.reason = fmt::format("would be set to {:.9g}, outside its range", raw);
  else
    trial.verdict = Verdict::ok;
  return trial;
}

std::optional<Trial> try_link(const settings::Profile& profile, const toml::table& link) {
  std::string differs;
  bool any = false;
  const auto compare = [&](const char* key, const std::optional<std::string>& ours) {
    const auto* node = link.get(key);
    if (node == nullptr || !ours) return;
    any = true;
    const auto text = node->value<std::string>();
    const auto number = node->value<std::int64_t>();
    const std::string theirs = number ? std::to_string(*number) : text.value_or("");
    if (theirs != *ours && differs.empty())
      differs = std::string(key) + " is " + *ours + ", expected " + theirs;
  };
  const auto text = [](const auto& value) {
    return value ? std::optional(std::to_string(*value)) : std::nullopt;
  };
  compare("baud", text(profile.link.baud));
  compare("stop_bits", text(profile.link.stop_bits));
  compare("parity", profile.link.parity ? std::optional(std::string(1, *profile.link.parity)) : std::nullopt);
  if (profile.link.response_timeout)
    compare("response_timeout_ms", std::to_string(profile.link.response_timeout->count()));
  if (!any) return std::nullopt;
  return Trial{differs.empty() ? Verdict::ok : Verdict::differs, "link", differs};
}

}  // namespace rytme::trial
