// SPDX-License-Identifier: Apache-2.0
// Samples of a motion sensor averaged over a tenth of a second: a swing is slow, and a mean has a middle that
// is known exactly, however uneven the steps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace rytme::signals {

using Vector3 = std::array<double, 3>;

inline double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vector3 cross(const Vector3& a, const Vector3& b);
Vector3 sum(const Vector3& a, const Vector3& b, double times_b);  // a + times_b b
double length(const Vector3& a);

// Axes of the sensor; m/s² (specific force: a sensor at rest shows 9.81 upwards) and rad/s.
struct MotionSample {
  std::int64_t t_us{};  // of the source's clock
  Vector3 acceleration{};
  std::optional<Vector3> rate;
};

struct MotionBlock {
  std::int64_t middle_us{};
  double span_s{};  // what the mean reaches over
  Vector3 acceleration{};
  std::optional<Vector3> rate;  // absent when any sample had none
};

class MotionBlocks {
 public:
  // t_us must be later than that of the sample before. A step of more than longest_step_us begins a new block
  // and drops what was begun.
  std::optional<MotionBlock> add(const MotionSample& sample);
  void clear() { *this = {}; }

 private:
  static constexpr std::int64_t block_us = 100'000;
  static constexpr std::int64_t longest_step_us = 500'000;

  std::optional<std::int64_t> last_us_;
  std::int64_t first_us_{};
  std::int64_t offsets_us_{};  // sum of t - first
  int count_{}, rates_{};
  Vector3 acceleration_{}, rate_{};
};

}  // namespace rytme::signals
