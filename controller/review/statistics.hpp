// SPDX-License-Identifier: Apache-2.0
// Order statistics and intervals of small samples. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace rytme::review {

// Of a stretch of time: with less of it known its median stands for nothing.
inline constexpr double least_valid = 0.5;

// Quantile between order statistics, h = (n - 1) share (definition 7 of Hyndman and Fan, The American
// Statistician 50:361, 1996). nullopt: no values. `sorted` ascends.
std::optional<double> quantile(std::span<const double> sorted, double share);

struct Quartiles {
  std::size_t n{};
  std::optional<double> q1, median, q3;
};
Quartiles quartiles(std::vector<double> values);

struct Interval {
  double low{}, high{};
  double coverage{};  // 0-1, what it has at least
};

// Of the median, free of any distribution: from the k-th smallest to the k-th largest value, k the largest
// for which 1 - 2 P(B < k) >= 0.95 with B binomial(n, 1/2) (Conover, Practical Nonparametric Statistics, 3rd
// ed. 1999, 3.2; Hahn and Meeker, Statistical Intervals, 1991, 5.2). nullopt below six values: even all of
// them do not reach 0.95.
std::optional<Interval> median_interval(std::span<const double> sorted);

// Of a share, k of n: the score interval (Wilson, JASA 22:209, 1927), 95 %. nullopt: n = 0.
std::optional<Interval> share_interval(std::size_t k, std::size_t n);

// Least-squares slope of y over x; nullopt with fewer than two different x. Equal lengths.
std::optional<double> slope(std::span<const double> x, std::span<const double> y);

}  // namespace rytme::review
