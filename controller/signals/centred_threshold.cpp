// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/centred_threshold.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace rytme::signals {

namespace {

constexpr double deviations = 5.2;

}  // namespace

std::optional<double> CentredThreshold::add(double value) {
  if (added_ - oldest_ == width) {
    drop_oldest();
  }
  insert(std::abs(value));
  if (added_ <= half_width) {
    return std::nullopt;
  }
  ++answered_;
  return threshold();
}

std::optional<double> CentredThreshold::finish_next() {
  if (answered_ == added_) {
    return std::nullopt;
  }
  if (oldest_ + half_width < answered_) {
    drop_oldest();
  }
  ++answered_;
  return threshold();
}

void CentredThreshold::insert(double magnitude) {
  const auto used = std::span{sorted_}.first(added_ - oldest_ + 1);
  const auto place = std::upper_bound(used.begin(), used.end() - 1, magnitude);
  std::move_backward(place, used.end() - 1, used.end());
  *place = magnitude;
  ring_[added_ % width] = magnitude;
  ++added_;
}

void CentredThreshold::drop_oldest() {
  const auto used = std::span{sorted_}.first(added_ - oldest_);
  const auto place = std::lower_bound(used.begin(), used.end(), ring_[oldest_ % width]);
  std::move(place + 1, used.end(), place);
  ++oldest_;
}

double CentredThreshold::threshold() const { return deviations * ((quantile(0.75) - quantile(0.25)) / 2); }

// Linear between the order statistics (definition 7 of Hyndman & Fan 1996).
double CentredThreshold::quantile(double share) const {
  const double position = share * static_cast<double>(added_ - oldest_ - 1);
  const auto below = static_cast<std::size_t>(position);
  const double fraction = position - static_cast<double>(below);
  return fraction == 0 ? sorted_[below] : sorted_[below] + (sorted_[below + 1] - sorted_[below]) * fraction;
}

}  // namespace rytme::signals
