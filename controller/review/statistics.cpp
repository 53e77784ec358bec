// SPDX-License-Identifier: Apache-2.0
#include "controller/review/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rytme::review {
namespace {

constexpr double wanted_coverage = 0.95;
constexpr double z95 = 1.959963984540054;  // normal quantile of 0.975

}  // namespace

std::optional<double> quantile(std::span<const double> sorted, double share) {
  if (sorted.empty()) return std::nullopt;
  const double at = static_cast<double>(sorted.size() - 1) * share;
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Quartiles quartiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values.size(), quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

std::optional<Interval> median_interval(std::span<const double> sorted) {
  const std::size_t n = sorted.size();
  double one = std::pow(0.5, static_cast<double>(n));  // P(B = i), i from 0
  double below = 0;                                    // P(B < k)
  std::optional<Interval> widest;
  for (std::size_t k = 1; 2 * k <= n; ++k) {
    below += one;
    one *= static_cast<double>(n - k + 1) / static_cast<double>(k);
    if (1 - 2 * below < wanted_coverage) break;
    widest = Interval{sorted[k - 1], sorted[n - k], 1 - 2 * below};
  }
  return widest;
}

std::optional<Interval> share_interval(std::size_t k, std::size_t n) {
  if (n == 0) return std::nullopt;
  const auto count = static_cast<double>(n);
  const double share = static_cast<double>(k) / count;
  const double square = z95 * z95;
  const double middle = share + square / (2 * count);
  const double half = z95 * std::sqrt(share * (1 - share) / count + square / (4 * count * count));
  const double scale = 1 + square / count;
  return Interval{std::max(0.0, (middle - half) / scale), std::min(1.0, (middle + half) / scale),
                  wanted_coverage};
}

std::optional<double> slope(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double sxx = 0;
  double sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (sxx <= 0) return std::nullopt;
  return sxy / sxx;
}

}  // namespace rytme::review
