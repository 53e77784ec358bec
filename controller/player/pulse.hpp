// SPDX-License-Identifier: Apache-2.0
// The strokes that sound now. A stroke once begun dies away by itself, whatever is struck after it: neither a
// faster tempo nor another timbre cuts it. Pure; owned by the Engine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "controller/player/timbre.hpp"

namespace rytme::player {

class Pulse {
 public:
  // Ignored within 0.2 s of the stroke before: no tempo asks for that.
  void strike(Timbre timbre);
  float next();  // the next sample
  // Forgets what sounds; only while nobody hears it.
  void hush();

 private:
  struct Stroke {
    const std::vector<float>* samples{};
    std::size_t at{};
  };
  std::array<Stroke, 8> strokes_{};  // 0.9 s of stroke, 0.2 s apart: five sound at most
  std::uint64_t frames_{}, free_from_{};
};

}  // namespace rytme::player
