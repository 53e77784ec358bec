// SPDX-License-Identifier: Apache-2.0
#include "controller/session/event_data.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace rytme::session {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void EventData::name(std::string_view name) {
  if (!fields_.empty()) fields_ += ',';
  append_quoted(fields_, name);
  fields_ += ':';
}

EventData& EventData::text(std::string_view field, std::string_view value) {
  name(field);
  append_quoted(fields_, value);
  return *this;
}

EventData& EventData::number(std::string_view field, double value) {
  name(field);
  std::array<char, 40> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  fields_ += std::isfinite(value)
                 ? std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()))
                 : std::string_view("null");
  return *this;
}

EventData& EventData::flag(std::string_view field, bool value) {
  name(field);
  fields_ += value ? "true" : "false";
  return *this;
}

EventData& EventData::by(const Asked& asked) {
  return text("actor", name_of(asked.actor.kind))
      .text("role", name_of(asked.actor.role))
      .text("actor_id", asked.actor.id)
      .text("origin", asked.origin);
}

}  // namespace rytme::session
