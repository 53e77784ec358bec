// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/motion_block.hpp"

#include <cmath>

namespace rytme::signals {

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector3 sum(const Vector3& a, const Vector3& b, double times_b) {
  return {a[0] + times_b * b[0], a[1] + times_b * b[1], a[2] + times_b * b[2]};
}

double length(const Vector3& a) { return std::sqrt(dot(a, a)); }

std::optional<MotionBlock> MotionBlocks::add(const MotionSample& sample) {
  const bool gap = !last_us_ || sample.t_us - *last_us_ > longest_step_us;
  const std::int64_t step_us = gap ? 0 : sample.t_us - *last_us_;
  if (gap || count_ == 0) {
    first_us_ = sample.t_us;
    offsets_us_ = 0;
    count_ = rates_ = 0;
    acceleration_ = rate_ = {};
  }
  last_us_ = sample.t_us;
  ++count_;
  offsets_us_ += sample.t_us - first_us_;
  acceleration_ = sum(acceleration_, sample.acceleration, 1);
  if (sample.rate) {
    ++rates_;
    rate_ = sum(rate_, *sample.rate, 1);
  }
  const std::int64_t span_us = sample.t_us - first_us_ + step_us;
  if (span_us < block_us) {
    return std::nullopt;
  }
  MotionBlock block{.middle_us = first_us_ + offsets_us_ / count_,
                    .span_s = static_cast<double>(span_us) * 1e-6,
                    .acceleration = sum({}, acceleration_, 1.0 / count_),
                    .rate = {}};
  if (rates_ == count_) {
    block.rate = sum({}, rate_, 1.0 / count_);
  }
  count_ = 0;
  return block;
}

}  // namespace rytme::signals
