// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::mqtt {

Backoff::Backoff(std::chrono::milliseconds min, std::chrono::milliseconds max)
    : min_(std::max(min, std::chrono::milliseconds{1})), max_(std::max(max, min_)), step_(min_) {}

std::chrono::milliseconds Backoff::next(double random) {
  const double share = 1.0 - 0.5 * std::clamp(random, 0.0, 1.0);
  const auto wait = std::chrono::milliseconds{std::llround(static_cast<double>(step_.count()) * share)};
  step_ = std::min(step_ * 2, max_);
  return wait;
}

}  // namespace rytme::mqtt
