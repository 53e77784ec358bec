// SPDX-License-Identifier: Apache-2.0
// How much a body moves, second by second: MAD = mean |‖a‖ - mean ‖a‖| (physiology §6.1; Vähä-Ypyä 2015). It
// does not depend on how the sensor is turned. It knows nothing of a swing: on a seat it sees the pendulum
// too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rytme::signals {

class MovementMeter {
 public:
  // One sample in g at t_s of the source's clock. Not a number or beyond 32 g: counted, left out. Samples of
  // seconds that are over, or of more than 5 s ahead after the clock was set, begin that second anew.
  void add(double t_s, double ax_g, double ay_g, double az_g);

  // MAD of the whole second that ended at or last before to_s, g; nullopt with fewer than 8 samples in it.
  // Call once per second, after the samples before to_s.
  std::optional<double> second(double to_s);

  std::uint64_t bad() const { return bad_; }
  std::uint64_t too_many() const { return too_many_; }  // above 256 a second: left out

 private:
  struct Second {
    std::int64_t number{};  // floor(t_s)
    std::size_t count{};
    std::array<double, 256> norm_g{};
  };
  Second& open(std::int64_t number);

  std::array<Second, 2> seconds_;  // the present one and the one before, by parity
  std::uint64_t bad_{}, too_many_{};
};

}  // namespace rytme::signals
