// SPDX-License-Identifier: Apache-2.0
#include "controller/discovery/found.hpp"

#include <algorithm>
#include <array>

namespace rytme::discovery {
namespace {

constexpr std::array<std::string_view, 4> names{"homie", "zigbee2mqtt", "home_assistant", "modbus"};
constexpr std::size_t longest = 40;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text.front() != '0');
}

// A basic string of TOML 1.0.
std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view hex = "0123456789ABCDEF";
      result.append("\\u00").append(1, hex[byte >> 4U]).append(1, hex[byte & 0xFU]);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace

std::string_view name_of(Source source) { return names.at(static_cast<std::size_t>(source)); }

std::string slug(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const bool small = c >= 'a' && c <= 'z';
    const bool large = c >= 'A' && c <= 'Z';
    if (digit || small || large)
      result += large ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!result.empty() && result.back() != '-')
      result += '-';
    if (result.size() == longest) break;
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string block_of(const Found& found, const std::vector<std::string>& taken) {
  if (found.offer.profile.empty()) return "";
  const std::string wanted = slug(found.name.empty() ? found.id : found.name);
  const std::string base = wanted.empty() ? "device" : wanted;
  std::string id = base;
  for (int i = 2; std::find(taken.begin(), taken.end(), id) != taken.end(); ++i)
    id = base + "-" + std::to_string(i);
  std::string text = "[[device]]\nid = " + in_quotes(id) + "\nplace = " + in_quotes(found.offer.place) +
                     "\nprofile = " + in_quotes(found.offer.profile) + "\n";
  if (!found.offer.bus.empty()) text += "bus = " + in_quotes(found.offer.bus) + "\n";
  std::string params;
  for (const auto& [name, value] : found.offer.params) {
    const bool plain = !found.offer.bus.empty() && is_number(value);
    params += (params.empty() ? "" : ", ") + name + " = " + (plain ? value : in_quotes(value));
  }
  return text + (params.empty() ? "" : "params = { " + params + " }\n");
}

}  // namespace rytme::discovery
