// SPDX-License-Identifier: Apache-2.0
// What changed between two texts, line by line. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::desk {

// A line with its line end; the last of a text may have none, and that is a difference too.
struct DiffLine {
  enum class Kind : std::uint8_t { same, removed, added } kind{};
  std::string text;
};

// Same and removed lines in their order are `before`, same and added ones are `after`. With the fewest lines
// that make it so (Myers, "An O(ND) difference algorithm and its variations", 1986), unless the texts differ
// in more than 1000 lines: then what lies between their common beginning and end is replaced as a whole.
std::vector<DiffLine> diff(std::string_view before, std::string_view after);

// Changed lines with up to `context` unchanged ones around them. Line numbers begin with 1; of a text that is
// empty there they are those of the line before.
struct Hunk {
  int before_line{}, after_line{};
  std::vector<DiffLine> lines;
};
std::vector<Hunk> hunks(const std::vector<DiffLine>& lines, int context = 3);

}  // namespace rytme::desk
