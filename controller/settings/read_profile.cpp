// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

void read_choices(TableReader& reader, ProfileParam& param) {
  const toml::array* list = reader.array("choices");
  if (list == nullptr) return;
  if (param.integer) reader.error("choices", "choices: for text params; an integer has min and max");
  for (const auto& item : *list) {
    if (const auto text = item.value_exact<std::string>())
      param.choices.push_back(*text);
    else
      reader.expected("choices", item, "a text in quotes");
  }
  const auto& all = param.choices;
  if (param.default_value && std::find(all.begin(), all.end(), *param.default_value) == all.end())
    reader.error("default", "default: \"" + *param.default_value + "\" is none of the choices" +
                                suggestion(*param.default_value, all));
}

ProfileParam read_param(const toml::table& table, Report& report, const std::string& name) {
  TableReader reader(table, report, "params." + name);
  ProfileParam param;
  param.name = name;
  std::size_t type{};
  if (reader.choose("type", type, {"text", "integer"})) param.integer = type == 1;
  bool required = true;
  const bool said = reader.read("required", required);
  if (param.integer) {
    reader.read_integer("min", param.min, -2'147'483'648LL, 2'147'483'647LL);
    reader.read_integer("max", param.max, param.min, 2'147'483'647LL);
    std::int64_t value{};
    if (reader.read_integer("default", value, param.min, param.max))
      param.default_value = std::to_string(value);
  } else if (std::string value; reader.read("default", value)) {
    param.default_value = value;
  }
  read_choices(reader, param);
  if (said && required == param.default_value.has_value())
    reader.error("required", required ? "required: a param with a default is not required"
                                      : "required: a param that is not required needs a default");
  reader.finish();
  return param;
}

void read_params(TableReader& file, Profile& profile) {
  const toml::table* params = file.table("params");
  if (params == nullptr) return;
  for (const auto& [key, value] : *params) {
    if (const auto* table = value.as_table())
      profile.params.push_back(read_param(*table, file.report(), std::string(key.str())));
    else
      file.report().error(value.source(), "params." + std::string(key.str()) +
                                              ": expected { required = true } or " +
                                              "{ type = \"integer\", default = ... }");
  }
}

void read_header(TableReader& file, Profile& profile) {
  if (!file.require("profile")) return;
  const toml::table* table = file.table("profile");
  if (table == nullptr) return;
  TableReader reader(*table, file.report(), "[profile]");
  reader.read_id("id", profile.id);
  reader.read_integer("version", profile.version, 1, 1'000'000);
  if (reader.require("transport")) {
    std::size_t transport{};
    if (reader.choose("transport", transport, {"mqtt", "modbus", "modbus_rtu", "modbus_tcp"}) &&
        transport > 0)
      profile.transport = ProfileTransport::modbus;
  }
  reader.choose("fail_safe", profile.fail_safe, {"not_said", "none", "settable", "built_in"});
  reader.read("tested_by", profile.tested_by);
  reader.read("class", profile.device_class);
  if (const auto* sources = reader.array("sources"))
    for (const auto& source : *sources) {
      if (const auto text = source.value_exact<std::string>())
        profile.sources.push_back(*text);
      else
        reader.expected("sources", source, "a text in quotes");
    }
  reader.finish();
}

void read_echo(TableReader& file, Profile& profile) {
  const toml::table* table = file.table("echo");
  if (table == nullptr) return;
  TableReader reader(*table, file.report(), "[echo]");
  reader.choose("kind", profile.echo.kind, {"target", "actual", "both", "none", "partial"});
  double settle_s{};
  if (reader.read("settle_s", settle_s, 0, 60))
    profile.echo.settle = std::chrono::milliseconds(static_cast<std::int64_t>(settle_s * 1000));
  reader.read("tolerance", profile.echo.tolerance, 0, 0.2);
  reader.read("off_keeps_level", profile.echo.off_keeps_level);
  reader.finish();
}

void read_limits(TableReader& file, Profile& profile) {
  const toml::table* table = file.table("limits");
  if (table == nullptr) return;
  TableReader reader(*table, file.report(), "[limits]");
  reader.read("level_max", profile.limits.level_max, 0.2, 1);  // safe light is never out of reach
  double slew{};
  if (reader.read("slew_per_s", slew, 0.01, 0.6)) profile.limits.slew_per_s = slew;
  std::int64_t dwell_ms{};
  if (reader.read_integer("min_dwell_ms", dwell_ms, 0, 10'000))
    profile.limits.min_dwell = std::chrono::milliseconds(dwell_ms);
  reader.finish();
}

// Which of the two ways a profile speaks decides which tables it may have.
void read_ways(TableReader& file, Profile& profile) {
  const bool mqtt = profile.transport == ProfileTransport::mqtt;
  const std::string other = mqtt ? "mqtt" : "modbus";
  if (mqtt)
    read_mqtt(file, profile);
  else
    read_modbus(file, profile);
  const std::vector<const char*> foreign =
      mqtt ? std::vector<const char*>{"point", "left_out", "link"}
           : std::vector<const char*>{"read", "write", "availability", "recovery"};
  for (const char* key : foreign)
    if (file.node(key) != nullptr)
      file.error(key, std::string(key) + ": not for transport \"" + other + "\"");
}

// The names of the enum without cct_position, which only registers have.
void read_conversion(TableReader& owner, Conversion& convert) {
  std::size_t index{};
  if (!owner.choose("convert", index,
                    {"none", "mired_to_k", "percent_to_1", "db_to_1", "rad_to_deg", "g_to_mps2", "f_to_c",
                     "ms_to_s", "s1024_to_s"}))
    return;
  convert = static_cast<Conversion>(index < 2 ? index : index + 1);
}

bool has_output(const Profile& profile) {
  const auto& homie = profile.homie.properties;
  return !profile.writes.empty() ||
         std::any_of(homie.begin(), homie.end(),
                     [](const HomieProperty& property) { return is_commanded(property.capability); }) ||
         std::any_of(profile.points.begin(), profile.points.end(),
                     [](const ModbusPoint& point) { return point.writable; });
}

}  // namespace

void check_params(TableReader& owner, std::string_view key, const std::string& text, const Profile& profile) {
  std::vector<std::string> known;
  for (const auto& param : profile.params) known.push_back(param.name);
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    const std::string name = text.substr(open + 1, close == std::string::npos ? close : close - open - 1);
    if (close != std::string::npos && std::find(known.begin(), known.end(), name) != known.end()) continue;
    owner.error(key, std::string(key) + ": there is no param {" + name + "}" + suggestion(name, known));
  }
}

std::optional<Capability> read_capability(TableReader& owner) {
  std::string name;
  if (!owner.require("capability") || !owner.read("capability", name)) return std::nullopt;
  const auto found = capability_from(name);
  if (found) return found;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Capability::count_); ++i)
    known.emplace_back(name_of(static_cast<Capability>(i)));
  std::string parts;
  for (const auto& item : known)
    if (item.starts_with(name + ".")) parts += (parts.empty() ? "" : ", ") + item;
  owner.error("capability", parts.empty()
                                ? "capability: there is no \"" + name + "\"" + suggestion(name, known)
                                : "capability: \"" + name + "\" is several: " + parts +
                                      "; one [[read]] for each, or for a colour in one value `colour = "
                                      "\"rgb\"` in place of capability");
  return std::nullopt;
}

Scaling read_scaling(TableReader& owner, std::optional<Capability> capability, bool of_registers) {
  constexpr double huge = 1e12;
  Scaling scaling;
  double value{};
  if (of_registers)
    owner.choose("convert", scaling.convert, {"none", "mired_to_k", "cct_position"});
  else
    read_conversion(owner, scaling.convert);
  const bool scaled = owner.read("scale", scaling.scale, -huge, huge);
  owner.read("offset", scaling.offset, -huge, huge);
  if (owner.read("raw_min", value, -huge, huge)) scaling.raw_min = value;
  if (owner.read("raw_max", value, scaling.raw_min.value_or(-huge), huge)) scaling.raw_max = value;
  if (owner.read("plausible_min", value, -huge, huge)) scaling.plausible_min = value;
  if (owner.read("plausible_max", value, scaling.plausible_min.value_or(-huge), huge))
    scaling.plausible_max = value;
  if (const auto* list = of_registers ? nullptr : owner.array("invalid"))
    for (const auto& item : *list) {
      if (const auto number = item.value<double>(); number && item.is_number())
        scaling.invalid.push_back(*number);
      else
        owner.expected("invalid", item, "a number");
    }
  const bool share = capability && info(*capability).unit == "1" && scaling.convert == Conversion::none;
  if (share && !scaled && scaling.raw_min && scaling.raw_max && *scaling.raw_max > *scaling.raw_min) {
    scaling.scale = 1 / (*scaling.raw_max - *scaling.raw_min);
    scaling.offset = -*scaling.raw_min * scaling.scale;
  }
  return scaling;
}

Profile read_profile(const toml::table& table, Report& report) {
  TableReader file(table, report, "the profile");
  Profile profile;
  read_header(file, profile);
  read_params(file, profile);
  read_ways(file, profile);
  read_echo(file, profile);
  read_limits(file, profile);
  // Most devices stay as they are; one that says nothing of it is taken for one of these.
  if (has_output(profile) && profile.fail_safe == FailSafe::not_said) profile.fail_safe = FailSafe::none;
  file.finish();
  return profile;
}

}  // namespace rytme::settings
