// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/columns.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>

namespace rytme::journal {
namespace {

std::vector<std::int64_t> integers_through(const std::vector<std::int64_t>& values,
                                           Packing packing = Packing::bytes) {
  ByteWriter out;
  put_integers(out, values, packing);
  ByteReader in(out.bytes());
  auto back = get_integers(in);
  EXPECT_TRUE(in.empty());
  return back;
}

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  bits.reserve(values.size());
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

std::size_t bytes_for(const std::vector<float>& values) {
  ByteWriter out;
  put_floats(out, values);
  ByteReader in(out.bytes());
  EXPECT_EQ(bits_of(get_floats(in)), bits_of(values));
  EXPECT_TRUE(in.empty());
  return out.bytes().size();
}

TEST(IntegerColumn, GivesBackEveryValue) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  for (const std::vector<std::int64_t>& values : {std::vector<std::int64_t>{},
                                                  {0},
                                                  {-7},
                                                  {most, least},
                                                  {least, most, 0, least, least, most},
                                                  {5, 5, 5, 5, 5},
                                                  {1000000, 2000000, 3000000, 4000001},
                                                  {0, 16, -32, 48, 64}}) {
    EXPECT_EQ(integers_through(values), values);
  }
}

TEST(IntegerColumn, ArithmeticPackingGivesBackEveryValueToo) {
  std::mt19937_64 random(7);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 3000; ++i)  // of every size, small ones mostly
    values.push_back(static_cast<std::int64_t>(random()) >> (i % 3 == 0 ? random() % 64 : 58));
  values.push_back(std::numeric_limits<std::int64_t>::min());
  values.push_back(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(integers_through(values, Packing::arithmetic), values);
  EXPECT_EQ(integers_through({1, 2, 3}, Packing::arithmetic), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(IntegerColumn, NoiseTakesAboutItsEntropyInArithmeticPacking) {
  std::mt19937_64 random(7);
  std::geometric_distribution<int> size(0.08);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 4000; ++i) values.push_back((random() % 2 == 0 ? 1 : -1) * size(random));
  ByteWriter out;
  put_integers(out, values, Packing::arithmetic);
  // -log2 of a geometric distribution of p = 0.08, and the sign: 5.01 + 1 bits.
  EXPECT_LT(static_cast<double>(out.bytes().size()), 4000 * 6.01 / 8 * 1.06);
}

TEST(IntegerColumn, ArithmeticPackingOfAnyBytesEnds) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) {
    ByteWriter out;
    put_integers(out, std::vector<std::int64_t>{5, 9, 2, 8, 1, 3, 3, 3, 7, 1, 0, 4, 4, 2, 6, 8, 11, 2},
                 Packing::arithmetic);
    std::string bytes = out.bytes();
    for (std::size_t at = 5; at < bytes.size(); ++at) bytes[at] = static_cast<char>(random());
    ByteReader in(bytes);
    try {
      EXPECT_EQ(get_integers(in).size(), 18U);
    } catch (const BadChunk&) {
    }
  }
}

TEST(IntegerColumn, GivesBackRandomWalks) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> values;
    std::int64_t value = 0;
    values.reserve(static_cast<std::size_t>(round));
    for (int i = 0; i < round; ++i)
      values.push_back(value += static_cast<std::int64_t>(random() % 2001) - 1000);
    EXPECT_EQ(integers_through(values), values);
  }
}

TEST(IntegerColumn, ACounterCostsAByteOrLessPerValueWhateverItsStep) {
  std::vector<std::int64_t> times;
  times.reserve(1000);
  for (std::int64_t i = 0; i < 1000; ++i) times.push_back(123456789 + i * 15625);
  ByteWriter out;
  put_integers(out, times);
  EXPECT_LT(out.bytes().size(), 1020U);
}

TEST(FloatColumn, SensorStepsBecomeSmallCounts) {
  std::vector<float> fractions_of_g, decimals, printed, lsm6;
  for (int i = 0; i < 1000; ++i) {
    const double count = std::round(60 * std::sin(i / 10.0));
    fractions_of_g.push_back(static_cast<float>(count * 9.80665 / 64));
    decimals.push_back(static_cast<float>(count / 100));
    printed.push_back(static_cast<float>(std::round(count * 9.80665 / 64 * 1e4) / 1e4));
    lsm6.push_back(static_cast<float>(count * 61e-6 * 9.80665));
  }
  for (const auto& column : {fractions_of_g, decimals, printed, lsm6}) EXPECT_LT(bytes_for(column), 1020U);
}

TEST(FloatColumn, OddValuesAmongCountsKeepTheirBits) {
  std::vector<float> values(200, 0.25F);
  values[3] = -0.0F;
  values[50] = std::numeric_limits<float>::quiet_NaN();
  values[51] = std::numeric_limits<float>::infinity();
  values[199] = 0.3333333F;
  EXPECT_LT(bytes_for(values), 250U);
}

TEST(FloatColumn, AnyBitsComeBack) {
  std::mt19937 random(7);
  std::vector<float> values;
  values.reserve(500);
  for (int i = 0; i < 500; ++i) values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(random())));
  EXPECT_LE(bytes_for(values), 500U * 4U + 3U);
  EXPECT_LE(bytes_for({}), 16U);
}

TEST(ByteReader, RefusesWhatEndsTooEarly) {
  ByteWriter out;
  put_integers(out, std::vector<std::int64_t>{1, 200, 30000});
  for (std::size_t length = 0; length < out.bytes().size(); ++length) {
    ByteReader in(std::string_view(out.bytes()).substr(0, length));
    EXPECT_THROW(get_integers(in), BadChunk) << length;
  }
}

}  // namespace
}  // namespace rytme::journal
