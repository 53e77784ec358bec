// SPDX-License-Identifier: Apache-2.0
// Red rule (design §6): at most one change into or out of saturated red per 10 s, apart from the slew, since
// at low level a colour jumps far for very little light. Pure; one per light; logic thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "controller/room/light_colour.hpp"
#include "controller/room/time.hpp"

namespace rytme::safety {

class RedGate {
 public:
  // The colour temperature that may be sent now for a fade of `fade` from from_k towards to_k; while the gate
  // is shut the colour goes no further than the border. from_k 0: not known, as if it were not red.
  double pass(double from_k, double to_k, std::chrono::milliseconds fade, Instant now) {
    const bool from_red = is_saturated_red(from_k);
    if (from_red == is_saturated_red(to_k)) return to_k;
    if (now < opens_) return from_red ? std::max(from_k, red_below_cct_k - border_k) : red_below_cct_k;
    opens_ = now + fade + least;
    return to_k;
  }
  // When the next change may be sent; past: now.
  Instant opens() const { return opens_; }

 private:
  static constexpr std::chrono::seconds least{10};
  static constexpr double border_k = 10;
  Instant opens_{};
};

}  // namespace rytme::safety
