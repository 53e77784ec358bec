// SPDX-License-Identifier: Apache-2.0
// Heard beats beside the true turning points of a swing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rytme::player {

// Distances of the turning points from the beat that is heard next to each, seconds.
struct OffTurningPoints {
  int beats_per_swing{};
  std::size_t turning_points{};
  double median_s{}, p95_s{}, worst_s{};
  double late_s{};  // in the middle, early < 0
};

// `turns` and `beats` on one clock, ascending. An odd number of beats a swing leaves every other turning
// point out: those that the beat has chosen count.
OffTurningPoints off_turning_points(const std::vector<double>& turns, const std::vector<double>& beats,
                                    int beats_per_swing);
std::string text(const OffTurningPoints& off);

// While the beat was locked to the swing: from eight swings after it locked, which bring the beat there.
struct Locked {
  int beats_per_swing{};
  double from_s{}, to_s{};
};
// Of each time that holds two turning points or more; what it finds is printed under `name`.
std::vector<OffTurningPoints> off_while_locked(const std::string& name, const std::vector<Locked>& locked,
                                               const std::vector<double>& turns,
                                               const std::vector<double>& beats);

}  // namespace rytme::player
