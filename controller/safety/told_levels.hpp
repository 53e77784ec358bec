// SPDX-License-Identifier: Apache-2.0
// What a light was told of late. A report of such a level may be the answer to a command that was kept on its
// way, from before the way was lost, and says nothing of where the light is. Pure; owned by LightTrack.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "controller/room/time.hpp"

namespace rytme::safety {

class ToldLevels {
 public:
  // Told at `now`; an answer to it may come until `until`.
  void told(double level, Instant until, Instant now) {
    std::erase_if(told_, [now](const Told& one) { return one.until <= now; });
    if (told_.size() == most) {  // the two oldest become one that covers both
      told_[1] = {std::min(told_[0].low, told_[1].low), std::max(told_[0].high, told_[1].high),
                  std::max(told_[0].until, told_[1].until)};
      told_.erase(told_.begin());
    }
    told_.push_back({level, level, until});
  }

  bool may_answer(double level, double within, Instant now) const {
    return std::any_of(told_.begin(), told_.end(), [&](const Told& one) {
      return now < one.until && level >= one.low - within && level <= one.high + within;
    });
  }

 private:
  struct Told {
    double low{}, high{};  // of level
    Instant until;
  };
  static constexpr std::size_t most{16};

  std::vector<Told> told_;
};

}  // namespace rytme::safety
