// SPDX-License-Identifier: Apache-2.0
#include "tests/player/turning_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "tests/player/listening.hpp"

namespace rytme::player {
namespace {

constexpr double far_s = 1e9;

// How late the beat next to it is.
double nearest(const std::vector<double>& beats, double turn) {
  const auto after = std::ranges::lower_bound(beats, turn);
  const double ahead = after == beats.end() ? far_s : *after - turn;
  const double behind = after == beats.begin() ? -far_s : *(after - 1) - turn;
  return ahead < -behind ? ahead : behind;
}

OffTurningPoints every_other(const std::vector<double>& turns, const std::vector<double>& beats,
                             std::size_t first, std::size_t every) {
  std::vector<double> late, off;
  for (std::size_t i = first; i < turns.size(); i += every) late.push_back(nearest(beats, turns[i]));
  for (const double by : late) off.push_back(std::abs(by));
  if (off.empty()) return {0, 0, far_s, far_s, far_s, far_s};
  std::ranges::sort(off);
  std::ranges::sort(late);
  return {0, off.size(), off[off.size() / 2], off[off.size() * 95 / 100], off.back(), late[late.size() / 2]};
}

}  // namespace

OffTurningPoints off_turning_points(const std::vector<double>& turns, const std::vector<double>& beats,
                                    int beats_per_swing) {
  const std::size_t every = beats_per_swing % 2 == 0 ? 1 : 2;
  auto off = every_other(turns, beats, 0, every);
  if (every == 2)
    if (const auto others = every_other(turns, beats, 1, every); others.median_s < off.median_s) off = others;
  off.beats_per_swing = beats_per_swing;
  return off;
}

std::string text(const OffTurningPoints& off) {
  return fmt::format(
      "{} beats a swing, {} turning points: median {:.1f}, 95 % {:.1f}, worst {:.1f} ms; {:+.1f} ms late",
      off.beats_per_swing, off.turning_points, off.median_s * 1000, off.p95_s * 1000, off.worst_s * 1000,
      off.late_s * 1000);
}

std::vector<OffTurningPoints> off_while_locked(const std::string& name, const std::vector<Locked>& locked,
                                               const std::vector<double>& turns,
                                               const std::vector<double>& beats) {
  std::vector<OffTurningPoints> out;
  for (const auto& [beats_per_swing, from_s, to_s] : locked) {
    const auto inside = between(turns, from_s, to_s);
    if (inside.size() < 2) continue;
    out.push_back(off_turning_points(inside, beats, beats_per_swing));
    std::printf("%-20s %5.1f-%.1f s: %s\n", name.c_str(), from_s, to_s, text(out.back()).c_str());
  }
  return out;
}

}  // namespace rytme::player
