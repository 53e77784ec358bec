// SPDX-License-Identifier: Apache-2.0
// How a sensor sits on a swing: which way is up, and about which axis the seat turns. Up is the mean
// direction of the specific force, which on a swing lies along the rope; turning about it is twist and is
// taken out. The axis is the principal one of the running covariance of what remains (10 s), with the sign it
// had before. Fixed memory; pure.
#pragma once

#include <array>

#include "controller/signals/motion_block.hpp"

namespace rytme::signals {

class AxisTracker {
 public:
  void add(double dt_s, const MotionBlock& block);
  void clear() { *this = {}; }

  Vector3 up() const { return up_; }
  // Unit vector across `up`; its greatest component was positive when it was first found.
  Vector3 axis() const { return axis_; }
  double twist(const Vector3& rate) const { return dot(rate, up_); }  // rad/s about the rope
  double twist_rms() const;                                           // rad/s, over the same 10 s
  double across_rms() const;  // rad/s, about axes across the rope, over the same 10 s
  double radial(const Vector3& acceleration) const { return dot(acceleration, up_); }
  double mean_force() const { return length(force_); }
  Vector3 across(const Vector3& direction) const;  // the part of it across `up`, as a unit vector

 private:
  double known_s_{};
  Vector3 force_{};
  Vector3 up_{0, 0, 1};
  std::array<Vector3, 3> covariance_{};
  double twist_{};
  Vector3 axis_{};
};

}  // namespace rytme::signals
