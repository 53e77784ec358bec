// SPDX-License-Identifier: Apache-2.0
// What a person who reads a curve expects of fewer points: no extreme lost, no gap bridged, nothing doubtful
// counted as valid.
#include "controller/review/buckets.hpp"

#include <cmath>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

namespace rytme::review {
namespace {

using testing::DoubleNear;

constexpr double hold_s = 10;

// One sample a second.
Buckets seconds(const std::vector<double>& values, double width_s) {
  Buckets buckets(0, static_cast<double>(values.size()), width_s);
  for (std::size_t i = 0; i < values.size(); ++i)
    buckets.add(static_cast<double>(i), values[i], true, hold_s);
  buckets.finish();
  return buckets;
}

std::vector<double> gaps(const Buckets& buckets) {
  std::vector<double> at;
  for (const Bucket& row : buckets.rows())
    if (row.n == 0) at.push_back(row.t_s);
  return at;
}

TEST(Buckets, ASpikeOfOneSampleSurvives) {
  std::vector<double> values(3600, 70);
  values[1234] = 151;
  values[2345] = 41;
  const Buckets buckets = seconds(values, 60);
  ASSERT_EQ(buckets.rows().size(), 60U);
  EXPECT_EQ(buckets.rows()[1234 / 60].max, 151);
  EXPECT_EQ(buckets.rows()[2345 / 60].min, 41);
  EXPECT_EQ(buckets.digest().max, 151);
  EXPECT_EQ(buckets.digest().min, 41);
}

TEST(Buckets, EveryNumberIsThatOfAPlainRecomputation) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> bpm(50, 120);
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(bpm(random));
  const Buckets buckets = seconds(values, 40);
  ASSERT_EQ(buckets.rows().size(), 25U);
  for (std::size_t b = 0; b < 25; ++b) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(b * 40);
    const Bucket& row = buckets.rows()[b];
    EXPECT_EQ(row.t_s, static_cast<double>(b) * 40);
    EXPECT_EQ(row.n, 40U);
    EXPECT_EQ(row.first, *begin);
    EXPECT_EQ(row.last, *(begin + 39));
    EXPECT_EQ(row.min, *std::min_element(begin, begin + 40));
    EXPECT_EQ(row.max, *std::max_element(begin, begin + 40));
    EXPECT_NEAR(row.mean, std::accumulate(begin, begin + 40, 0.0) / 40, 1e-9);
    EXPECT_NEAR(row.valid, 1, 1e-9);
  }
}

TEST(Buckets, ASilenceLongerThanASampleSpeaksForIsAGap) {
  Buckets buckets(0, 120, 10);
  for (int i = 0; i <= 30; ++i) buckets.add(i, 70, true, hold_s);
  for (int i = 65; i <= 120; ++i) buckets.add(i, 90, true, hold_s);
  buckets.finish();
  EXPECT_THAT(gaps(buckets), testing::ElementsAre(40));  // 10 s after the last one
  std::vector<double> at;
  for (const Bucket& row : buckets.rows()) at.push_back(row.t_s);
  EXPECT_THAT(at, testing::ElementsAre(0, 10, 20, 30, 40, 60, 70, 80, 90, 100, 110));
  EXPECT_THAT(*buckets.digest().valid_share, DoubleNear((40 + 55) / 120.0, 1e-9));
  EXPECT_NEAR(buckets.rows()[5].valid, 0.5, 1e-9);  // 60 to 70, known from 65 on
}

TEST(Buckets, AGapBetweenNeighbouringBucketsIsToldToo) {
  Buckets buckets(0, 40, 20);
  buckets.add(5, 70, true, hold_s);
  buckets.add(35, 70, true, hold_s);
  buckets.finish();
  ASSERT_EQ(buckets.rows().size(), 3U);
  EXPECT_EQ(buckets.rows()[1].n, 0U);
  EXPECT_EQ(buckets.rows()[1].t_s, 15);
  EXPECT_TRUE(std::isnan(buckets.rows()[1].mean));
}

TEST(Buckets, AnUnknownReadingIsAGapAtOnce) {
  Buckets buckets(0, 20, 1);
  buckets.add(1, 70, true, hold_s);
  buckets.unknown(3);
  buckets.add(5, 71, true, hold_s);
  buckets.finish();
  EXPECT_THAT(gaps(buckets), testing::ElementsAre(3));
  EXPECT_NEAR(*buckets.digest().valid_share, (2 + 10) / 20.0, 1e-9);
}

TEST(Buckets, FinerThanTheSamplesThereIsNothingBetweenThemAndNoGap) {
  const Buckets buckets = seconds({70, 71, 72, 73}, 0.25);
  EXPECT_EQ(buckets.rows().size(), 4U);
  EXPECT_THAT(gaps(buckets), testing::IsEmpty());
}

TEST(Buckets, DoubtfulSamplesAreShownButNotValid) {
  Buckets buckets(0, 10, 10);
  for (int i = 0; i < 10; ++i) buckets.add(i, i == 4 ? 180 : 70, i != 4 && i != 5, hold_s);
  buckets.finish();
  const Bucket& row = buckets.rows().front();
  EXPECT_EQ(row.max, 180);
  EXPECT_EQ(row.n, 10U);
  EXPECT_EQ(row.n_good, 8U);
  EXPECT_NEAR(row.valid, 0.8, 1e-9);
}

TEST(Buckets, WhatStoodBeforeTheSpanStandsAtItsBeginning) {
  Buckets buckets(100, 200, 10);
  buckets.add(20, 0.3, true, Buckets::until_next);
  buckets.add(150, 0.1, true, Buckets::until_next);
  buckets.finish();
  ASSERT_EQ(buckets.rows().size(), 2U);
  EXPECT_EQ(buckets.rows()[0].t_s, 100);
  EXPECT_EQ(buckets.rows()[0].last, 0.3);
  EXPECT_EQ(buckets.rows()[1].first, 0.1);
  EXPECT_NEAR(*buckets.digest().valid_share, 1, 1e-9);
}

TEST(Buckets, OnlyTheSpanCounts) {
  Buckets buckets(100, 110, 1);
  buckets.add(99, 200, true, hold_s);
  buckets.add(105, 70, true, hold_s);
  buckets.add(111, 300, true, hold_s);
  buckets.add(112, 300, true, hold_s);
  buckets.finish();
  EXPECT_EQ(buckets.digest().n, 1U);
  EXPECT_EQ(buckets.digest().max, 70);
  EXPECT_NEAR(*buckets.digest().valid_share, 1, 1e-9);  // 99 speaks until 105
}

TEST(Buckets, NothingIsUnknownAndNotZero) {
  Buckets buckets(0, 60, 1);
  buckets.finish();
  EXPECT_TRUE(buckets.rows().empty());
  EXPECT_EQ(buckets.digest().min, std::nullopt);
  EXPECT_EQ(*buckets.digest().valid_share, 0);
  Buckets instant(5, 5, 0);
  instant.add(5, 70, true, hold_s);
  instant.finish();
  EXPECT_EQ(instant.digest().n, 1U);
  EXPECT_EQ(instant.digest().valid_share, std::nullopt);
}

}  // namespace
}  // namespace rytme::review
