// SPDX-License-Identifier: Apache-2.0
// Medians and tails, and one row of a table with ours beside the floor.
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace rytme::bench {

inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  return values[at];
}

inline void heading() {
  std::printf("| %-44s | %5s | %10s | %10s | %10s | %10s | %6s |\n", "what", "n", "ours p50", "ours p99",
              "floor p50", "floor p99", "ratio");
  std::printf("|---|---|---|---|---|---|---|\n");
}

inline void row(const std::string& what, const std::vector<double>& ours, const std::vector<double>& floor) {
  std::printf("| %-44s | %5zu | %10.3f | %10.3f | ", what.c_str(), ours.size(), quantile(ours, 0.5),
              quantile(ours, 0.99));
  if (floor.empty())
    std::printf("%10s | %10s | %6s |\n", "-", "-", "-");
  else
    std::printf("%10.3f | %10.3f | %6.2f |\n", quantile(floor, 0.5), quantile(floor, 0.99),
                quantile(ours, 0.5) / quantile(floor, 0.5));
  std::fflush(stdout);
}

}  // namespace rytme::bench
