// SPDX-License-Identifier: Apache-2.0
#include "controller/app/offered_tracks.hpp"

#include <optional>
#include <string>

#include <boost/json.hpp>

namespace rytme::app {
namespace {

namespace json = boost::json;

constexpr std::size_t most_tracks = 24;
constexpr std::size_t longest_title = 80;  // bytes

// Never in the middle of a UTF-8 character.
std::string beginning(std::string_view text) {
  std::size_t end = std::min(text.size(), longest_title);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

std::optional<std::string> text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string(value->get_string());
}

}  // namespace

std::vector<OfferedTrack> offered_tracks(std::string_view text) {
  std::vector<OfferedTrack> tracks;
  json::error_code error;
  const json::value list = json::parse(text, error);
  if (error || !list.is_array()) return tracks;
  for (const auto& item : list.get_array()) {
    if (tracks.size() == most_tracks) break;
    if (!item.is_object()) continue;
    const auto id = text_at(item.get_object(), "id");
    if (!id) continue;
    tracks.push_back({*id, beginning(text_at(item.get_object(), "title").value_or(*id))});
  }
  return tracks;
}

}  // namespace rytme::app
