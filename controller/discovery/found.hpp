// SPDX-License-Identifier: Apache-2.0
// A device that nobody has told us of: what it says of itself, and what would have to stand in room.toml.
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::discovery {

enum class Source : std::uint8_t { homie, zigbee2mqtt, home_assistant, modbus };
std::string_view name_of(Source source);

// What fits it, as a [[device]] would have it.
struct Offer {
  std::string profile;                        // "" = none of ours fits
  std::string place;                          // "light.stue"
  std::string bus;                            // Modbus only
  std::map<std::string, std::string> params;  // numbers without quotes, see block_of
};

struct Found {
  Source source{};
  std::string id;     // as it calls itself
  std::string name;   // for people; "" = it has none
  std::string model;  // maker and model; "" = not said
  std::string state;  // Homie's own word: ready, lost, ...; "" = not said
  Offer offer;
};

// Small letters, digits and dashes, at most 40: an id or the end of a place. "" when nothing is left.
std::string slug(std::string_view text);

// The [[device]] as text; "" without a profile. `id` is made unique among `taken`.
std::string block_of(const Found& found, const std::vector<std::string>& taken);

}  // namespace rytme::discovery
