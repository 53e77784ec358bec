// SPDX-License-Identifier: Apache-2.0
// The one line that says where a level comes from (physiology §6.8):
//   Puls 98. Ventet for denne bevegelsen 84 ± 6. 14 over i 40 s. Egen rolig verdi i dag 76 (3 min). Tillit
//   0,55.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/signals/arousal_index.hpp"

namespace rytme::signals {

enum class ArousalLanguage : std::uint8_t { nb, en };

// Memory for one line, UTF-8; no allocation.
class ArousalLine {
 public:
  // The line is valid until the next call.
  std::string_view write(const ArousalNowResult& result, const std::optional<Baseline>& baseline,
                         ArousalLanguage language);

 private:
  std::array<char, 512> text_{};
};

}  // namespace rytme::signals
