// SPDX-License-Identifier: Apache-2.0
// "{light.level:int*254}", "{light.on:ON|OFF}", "{light.cct_k:mired}", "{t:seconds}": the whole grammar.
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

std::string read_transition(std::string_view wording, Placeholder& value) {
  if (wording == "seconds")
    value.wording = Wording::seconds;
  else if (wording == "100ms")
    value.wording = Wording::tenths;
  else if (wording == "ms")
    value.wording = Wording::ms;
  else
    return "the transition {t:...} takes seconds | 100ms | ms";
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
  const bool is_text = info(*value.capability).kind == ValueKind::text;
  const auto bar = wording.find('|');
  if (wording == "text" && is_text) {
    value.wording = Wording::text;
  } else if (wording == "mired" && !is_text) {
    value.wording = Wording::mired;
  } else if (bar != std::string_view::npos && !is_text) {
    value.wording = Wording::choice;
    value.if_true = wording.substr(0, bar);
    value.if_false = wording.substr(bar + 1);
  } else if (is_text || (!read_number(wording, "int", Wording::integer, value) &&
                         !read_number(wording, "number", Wording::number, value))) {
    return is_text ? "a text takes {NAME:text}"
                   : "expected int, int*N, number*N, mired or TRUE|FALSE after the colon";
  }
  return "";
}

}  // namespace

bool is_placeholder(std::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         text.find(':') != std::string_view::npos;
}

ParsedPlaceholder parse_placeholder(std::string_view text) {
  ParsedPlaceholder parsed;
  const std::string_view inner = text.substr(1, text.size() - 2);
  const auto colon = inner.find(':');
  const std::string_view name = inner.substr(0, colon);
  const std::string_view wording = inner.substr(colon + 1);
  if (name == "t") {
    parsed.error = read_transition(wording, parsed.value);
    return parsed;
  }
  parsed.value.capability = capability_of(name);
  if (!parsed.value.capability)
    parsed.error = "there is no capability \"" + std::string(name) + "\" (or on, level, k, t)";
  else
    parsed.error = read_value(wording, parsed.value);
  return parsed;
}

}  // namespace rytme::settings
