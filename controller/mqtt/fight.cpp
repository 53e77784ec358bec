// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/fight.hpp"

#include <algorithm>

namespace rytme::mqtt {
namespace {

constexpr Fight::milliseconds short_life{30'000};
constexpr int short_lives_of_a_fight = 3;

}  // namespace

std::optional<Fight::milliseconds> Fight::ended(bool thrown_out, std::optional<milliseconds> lived) {
  // The other one stays away about as long as we did before it comes back.
  const bool soon = lived && *lived < std::max(short_life, 4 * away_);
  if (!thrown_out || !soon) {
    backoff_.reset();
    away_ = milliseconds{0};
    short_lives_ = 0;
    return std::nullopt;
  }
  if (++short_lives_ < short_lives_of_a_fight) return std::nullopt;
  away_ = backoff_.next(0);
  return away_;
}

}  // namespace rytme::mqtt
