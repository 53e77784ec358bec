// SPDX-License-Identifier: Apache-2.0
// Against published values and against plain counting.
#include "controller/review/statistics.hpp"

#include <numeric>

#include <gmock/gmock.h>

namespace rytme::review {
namespace {

TEST(Statistics, QuartilesLieBetweenOrderStatistics) {
  const Quartiles of = quartiles({4, 1, 3, 2});
  EXPECT_DOUBLE_EQ(*of.q1, 1.75);
  EXPECT_DOUBLE_EQ(*of.median, 2.5);
  EXPECT_DOUBLE_EQ(*of.q3, 3.25);
  EXPECT_EQ(quartiles({}).median, std::nullopt);
}

// Tables of the sign test: n = 6 takes all (0.969), n = 10 the 2nd to 9th (0.979), n = 20 the 6th to 15th
// (0.959).
TEST(Statistics, TheMediansIntervalIsThatOfTheTables) {
  const auto interval = [](std::size_t n) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    return median_interval(values);
  };
  EXPECT_EQ(interval(5), std::nullopt);
  EXPECT_EQ(interval(0), std::nullopt);
  EXPECT_EQ(interval(6)->low, 1);
  EXPECT_EQ(interval(6)->high, 6);
  EXPECT_NEAR(interval(6)->coverage, 0.96875, 1e-9);
  EXPECT_EQ(interval(10)->low, 2);
  EXPECT_EQ(interval(10)->high, 9);
  EXPECT_NEAR(interval(10)->coverage, 0.978515625, 1e-9);
  EXPECT_EQ(interval(20)->low, 6);
  EXPECT_EQ(interval(20)->high, 15);
  EXPECT_NEAR(interval(20)->coverage, 0.95861, 1e-5);
}

// Newcombe, Statistics in Medicine 17:857 (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
TEST(Statistics, AShareHasWilsonsInterval) {
  const auto near = [](std::size_t k, std::size_t n, double low, double high) {
    EXPECT_NEAR(share_interval(k, n)->low, low, 5e-5) << k << '/' << n;
    EXPECT_NEAR(share_interval(k, n)->high, high, 5e-5) << k << '/' << n;
  };
  near(81, 263, 0.2553, 0.3662);
  near(15, 148, 0.0624, 0.1605);
  near(0, 20, 0.0000, 0.1611);
  near(1, 29, 0.0061, 0.1718);
  EXPECT_EQ(share_interval(0, 0), std::nullopt);
}

TEST(Statistics, SlopeOfALineIsItsOwn) {
  const std::vector<double> x{0, 1, 2, 5};
  const std::vector<double> y{3, 5, 7, 13};
  EXPECT_NEAR(*slope(x, y), 2, 1e-12);
  EXPECT_EQ(slope(std::vector<double>{1, 1}, std::vector<double>{2, 3}), std::nullopt);
}

}  // namespace
}  // namespace rytme::review
