// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/axis_tracker.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::signals {

namespace {

constexpr double memory_s = 10;

// Component i of the vectors' product.
Vector3 times(const std::array<Vector3, 3>& matrix, const Vector3& v) {
  return {dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)};
}

// The unit axis with the greatest diagonal.
Vector3 greatest(const std::array<Vector3, 3>& matrix) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < 3; ++i) {
    best = matrix.at(i).at(i) > matrix.at(best).at(best) ? i : best;
  }
  Vector3 axis{};
  axis.at(best) = 1;
  return axis;
}

}  // namespace

void AxisTracker::add(double dt_s, const MotionBlock& block) {
  known_s_ += dt_s;
  const double weight = known_s_ > 0 ? std::clamp(dt_s / std::min(known_s_, memory_s), 0.0, 1.0) : 1.0;
  force_ = sum(force_, sum(block.acceleration, force_, -1), weight);
  if (const double force = length(force_); force > 1) {
    up_ = sum({}, force_, 1 / force);
  }
  if (!block.rate) {
    return;
  }
  const double turning = twist(*block.rate);
  const Vector3 across = sum(*block.rate, up_, -turning);
  twist_ += weight * (turning * turning - twist_);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      covariance_[i][j] += weight * (across[i] * across[j] - covariance_[i][j]);
    }
  }
  // One step of the power method from the axis as it was: converges while time goes on, and keeps the sign.
  if (length(axis_) == 0) {
    axis_ = greatest(covariance_);
  }
  Vector3 next = times(covariance_, axis_);
  next = sum(next, up_, -dot(next, up_));
  if (const double size = length(next); size > 1e-9) {
    axis_ = sum({}, next, 1 / size);
  }
}

Vector3 AxisTracker::across(const Vector3& direction) const {
  const Vector3 part = sum(direction, up_, -dot(direction, up_));
  const double size = length(part);
  return size > 0 ? sum({}, part, 1 / size) : direction;
}

double AxisTracker::across_rms() const {
  return std::sqrt(covariance_[0][0] + covariance_[1][1] + covariance_[2][2]);
}

double AxisTracker::twist_rms() const { return std::sqrt(twist_); }

}  // namespace rytme::signals
