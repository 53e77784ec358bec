// SPDX-License-Identifier: Apache-2.0
// What the player is asked to play, as one word: "heartbeat", "silence", "library", or "library:ID", which is
// one track of the institution's own music. Pure.
#pragma once

#include <string_view>

namespace rytme {

struct SourceParts {
  std::string_view name;   // what the player calls a source
  std::string_view track;  // "" = any
};

// Views into `source`.
constexpr SourceParts parts_of(std::string_view source) {
  constexpr std::string_view of_library = "library:";
  if (!source.starts_with(of_library)) return {source, {}};
  return {source.substr(0, of_library.size() - 1), source.substr(of_library.size())};
}

}  // namespace rytme
