// SPDX-License-Identifier: Apache-2.0
// "{light.level:int*254}", "{light.on:ON|OFF}", "{light.cct_k:mired}", "{t:seconds}", "{channel:int}" of a
// param, and texts with such in them, "{light.hue_deg:int},{light.sat:int*100}": the whole grammar.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

std::optional<Capability> capability_of(std::string_view name) {
  if (name == "on") return Capability::light_on;
  if (name == "level") return Capability::light_level;
  if (name == "k") return Capability::light_cct_k;
  return capability_from(name);
}

struct Unit {
  std::string_view name;
  Wording wording{};
};
constexpr std::array units{Unit{"seconds", Wording::seconds},
                           Unit{"s", Wording::seconds},
                           Unit{"whole_seconds", Wording::whole_seconds},
                           Unit{"100ms", Wording::tenths},
                           Unit{"ms", Wording::ms},
                           Unit{"half_s_per_sweep", Wording::half_s_per_sweep}};

std::string read_transition(std::string_view wording, Placeholder& value) {
  const auto* found =
      std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == wording; });
  if (found == units.end())
    return "the transition {t:...} takes seconds | whole_seconds | 100ms | ms | half_s_per_sweep";
  value.wording = found->wording;
  return "";
}

// "int", "int*254", "number*100".
bool read_number(std::string_view wording, std::string_view word, Wording kind, Placeholder& value) {
  if (!wording.starts_with(word)) return false;
  value.wording = kind;
  const std::string_view rest = wording.substr(word.size());
  if (rest.empty()) return true;
  if (rest.front() != '*') return false;
  const auto [stop, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), value.factor);
  return error == std::errc{} && stop == rest.data() + rest.size() && std::isfinite(value.factor) &&
         value.factor > 0;
}

std::string read_value(std::string_view wording, Placeholder& value) {
  if (info(*value.capability).kind == ValueKind::text) {
    value.wording = Wording::text;
    return wording == "text" ? "" : "a text takes {NAME:text}";
  }
  const auto bar = wording.find('|');
  if (wording == "mired") {
    value.wording = Wording::mired;
  } else if (wording == "db") {
    value.wording = Wording::db;
  } else if (bar != std::string_view::npos) {
    value.wording = Wording::choice;
    value.if_true = wording.substr(0, bar);
    value.if_false = wording.substr(bar + 1);
  } else if (!read_number(wording, "int", Wording::integer, value) &&
             !read_number(wording, "number", Wording::number, value) &&
             !read_number(wording, "hex", Wording::hex, value)) {
    return "expected int, int*N, number*N, hex*N, mired, db or TRUE|FALSE after the colon";
  }
  return "";
}

std::string no_such_name(std::string_view name, const std::vector<ProfileParam>& params) {
  std::vector<std::string> known{"on", "level", "k", "t"};
  for (const auto& param : params) known.push_back(param.name);
  for (std::size_t i = 0; i < static_cast<std::size_t>(Capability::count_); ++i)
    known.emplace_back(name_of(static_cast<Capability>(i)));
  const std::string hint = suggestion(name, known);
  return "there is no capability or param \"" + std::string(name) + "\" (or on, level, k, t)" +
         (hint.find("did you mean") != std::string::npos ? hint : "");
}

// `inner`: what stands between the braces.
std::string read_placeholder(std::string_view inner, const std::vector<ProfileParam>& params,
                             Placeholder& value) {
  const auto colon = inner.find(':');
  const std::string_view name = inner.substr(0, colon);
  const std::string_view wording = inner.substr(colon + 1);
  if (name == "t") return read_transition(wording, value);
  const bool is_param = std::any_of(params.begin(), params.end(),
                                    [&](const ProfileParam& param) { return param.name == name; });
  if (is_param) {
    value.wording = Wording::param;
    value.param = name;
    return wording == "int" || wording == "number" ? "" : "a param is written {NAME} as text or {NAME:int}";
  }
  value.capability = capability_of(name);
  return value.capability ? read_value(wording, value) : no_such_name(name, params);
}

}  // namespace

ParsedText parse_text(std::string_view text, const std::vector<ProfileParam>& params) {
  ParsedText parsed;
  PayloadField& field = parsed.field;
  field.kind = PayloadField::Kind::text;
  TextPart part;
  while (!text.empty()) {
    const auto close = text.front() == '{' ? text.find('}') : std::string_view::npos;
    const std::string_view inner = close == std::string_view::npos ? "" : text.substr(1, close - 1);
    if (inner.find(':') == std::string_view::npos) {  // fixed, or {param}: filled in per device
      part.fixed += text.front();
      text.remove_prefix(1);
      continue;
    }
    part.placeholder.emplace();
    parsed.error = read_placeholder(inner, params, *part.placeholder);
    field.parts.push_back(std::move(part));
    if (!parsed.error.empty()) return parsed;
    part = {};
    text.remove_prefix(close + 1);
  }
  if (!part.fixed.empty() || field.parts.empty()) field.parts.push_back(std::move(part));
  if (field.parts.size() == 1 && field.parts[0].fixed.empty() && field.parts[0].placeholder) {
    field.kind = PayloadField::Kind::value;
    field.placeholder = std::move(field.parts[0].placeholder);
    field.parts.clear();
  }
  return parsed;
}

}  // namespace rytme::settings
