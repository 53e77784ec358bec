// SPDX-License-Identifier: Apache-2.0
// How much a body moves, from an accelerometer: mean |‖a‖ - mean ‖a‖| of each second, after what a pendulum
// alone would show has been taken out (docs/signals-motion.md). Bounded memory, no allocation after
// construction. Times are the source's own. Logic thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "controller/signals/motion_block.hpp"
#include "controller/signals/swing_tracker.hpp"

namespace rytme::signals {

struct BodySecond {
  std::int64_t second{};    // of the source's clock: t_us / 10⁶
  double mad_mps2{};        // m/s²
  bool pendulum_removed{};  // a swing was known for more than half of it
  bool pendulum_inside{};   // no swing was known, and there may have been one: mad_mps2 is no body's
};

class BodyActivity {
 public:
  // acceleration: m/s², specific force; rate: rad/s, if there is a gyroscope. Returns the second that has
  // ended with this sample, if enough of it was there: half a second and five samples. A sample not later
  // than the last one, or not finite, is ignored; accepted() says which.
  std::optional<BodySecond> add(std::int64_t t_us, const Vector3& acceleration,
                                const std::optional<Vector3>& rate = std::nullopt);
  bool accepted() const { return accepted_; }
  const SwingTracker& swing() const { return swing_; }
  void clear() { *this = BodyActivity(); }

 private:
  static constexpr std::size_t most_samples = 1024;  // of one second; those beyond it are left out

  std::optional<BodySecond> finish();
  double pendulum_force(std::int64_t t_us);

  SwingTracker swing_;
  bool accepted_{};
  std::optional<std::int64_t> second_;
  std::int64_t first_us_{}, last_us_{};
  std::array<float, most_samples> force_{};
  std::size_t count_{}, removed_{};
  // The pendulum's force is worked out at the ends of short stretches and is a straight line between.
  struct Stretch {
    std::int64_t begin_us{}, end_us{};
    double begin{}, end{};
    bool known{};
  } stretch_;
};

}  // namespace rytme::signals
