// SPDX-License-Identifier: Apache-2.0
// A sensor's floats are whole counts of its step, perhaps rounded to decimals on the way here. When such a
// step is found, the counts are kept: fewer bytes, and decoding gives back the same bits. Every value is
// proved on encoding; the few that do not fit (NaN, -0.0) are kept as their bits; a column that does not fit
// at all is kept as bits.
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "controller/journal/columns.hpp"

namespace rytme::journal {
namespace {

constexpr std::uint8_t as_bits = 0xff;
constexpr std::uint8_t no_decimals = 0xff;
constexpr std::size_t exceptions_share = 16;  // at most one value in so many may be an exception

// Families of steps; their numbers and formulas are part of the codec's version.
//   0: 10^-k                   decimal numbers as they are
//   1: 9.80665 m/s² / 2^k      fractions of g (BMA, MPU, ADXL)
//   2: 61 µg * 2^k             LSM6 acceleration, datasheet DS11189 table 3
//   3: 250 deg/s / 2^15 * 2^k  MPU and BMI rotation
//   4: 8.75 mdeg/s * 2^k       LSM6 rotation, datasheet DS11189 table 3
//   5: 9.80665 m/s² / 10^k     decimal fractions of g, as 1 mg (codec version 2)
struct Step {
  std::uint8_t family{};
  std::uint8_t k{};
  std::uint8_t decimals{no_decimals};
};

constexpr std::array<std::uint8_t, 6> family_sizes{7, 15, 4, 4, 4, 5};
constexpr double standard_gravity = 9.80665;
constexpr double radians_per_degree = 3.14159265358979323846 / 180.0;

double width_of(const Step& step) {
  const double power = std::ldexp(1.0, step.k);
  switch (step.family) {
    case 1:
      return standard_gravity / power;
    case 2:
      return 61e-6 * standard_gravity * power;
    case 3:
      return 250.0 / 32768.0 * radians_per_degree * power;
    case 4:
      return 8.75e-3 * radians_per_degree * power;
    case 5:
      return standard_gravity / std::pow(10.0, step.k);
    default:
      return std::pow(10.0, -step.k);
  }
}

// Width and powers worked out once per column.
class Scale {
 public:
  explicit Scale(const Step& step)
      : width_(width_of(step)),
        // 10^k is exact, 10^-k is not: a quotient by it is the double a parser makes of the decimal text.
        ten_(std::pow(10.0, step.family == 0 ? step.k : step.decimals)),
        decimal_(step.family == 0),
        rounded_(step.decimals != no_decimals) {}

  std::int64_t count_of(float value) const {
    const double count = double{value} / width_;
    return std::abs(count) < 1e15 ? std::llround(count) : 0;
  }
  float value_of(std::int64_t count) const {
    const auto number = static_cast<double>(count);
    if (decimal_) return static_cast<float>(number / ten_);
    if (rounded_) return static_cast<float>(std::round(number * width_ * ten_) / ten_);
    return static_cast<float>(number * width_);
  }
  bool gives(float value) const {
    return std::bit_cast<std::uint32_t>(value_of(count_of(value))) == std::bit_cast<std::uint32_t>(value);
  }

 private:
  double width_;
  double ten_;
  bool decimal_;
  bool rounded_;
};

bool fits(const Scale& scale, std::span<const float> values) {
  std::size_t exceptions = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (scale.gives(values[i])) continue;
    if (++exceptions > 2 + i / exceptions_share) return false;
  }
  return exceptions <= values.size() / exceptions_share;
}

// The widest step that fits: fewest different counts.
std::optional<Step> find_step(std::span<const float> values) {
  std::optional<Step> best;
  const auto consider = [&](const Step& step) {
    if ((!best || width_of(step) > width_of(*best)) && fits(Scale(step), values)) best = step;
  };
  for (std::uint8_t family = 0; family < std::uint8_t{family_sizes.size()}; ++family) {
    for (std::uint8_t k = 0; k < family_sizes[family]; ++k) {
      consider({family, k, no_decimals});
      if (family == 0) continue;
      for (std::uint8_t decimals = 2; decimals <= 6; ++decimals)
        if (width_of({family, k, no_decimals}) > std::pow(10.0, -decimals)) consider({family, k, decimals});
    }
  }
  return best;
}

void put_counts(ByteWriter& out, const Step& step, std::span<const float> values) {
  const Scale scale(step);
  std::vector<std::int64_t> counts;
  std::vector<std::size_t> exceptions;
  counts.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool plain = scale.gives(values[i]);
    if (!plain) exceptions.push_back(i);
    counts.push_back(plain ? scale.count_of(values[i]) : (counts.empty() ? 0 : counts.back()));
  }
  out.byte(step.k);
  out.byte(step.decimals);
  put_integers(out, counts);
  out.varint(exceptions.size());
  for (const std::size_t i : exceptions) {
    out.varint(i);
    out.varint(std::bit_cast<std::uint32_t>(values[i]));
  }
}

std::vector<float> get_counts(ByteReader& in, std::uint8_t family) {
  if (family >= family_sizes.size()) throw BadChunk("a chunk names a step that cannot be");
  const std::uint8_t k = in.byte();
  const Scale scale(Step{family, k, in.byte()});
  const std::vector<std::int64_t> counts = get_integers(in);
  std::vector<float> values;
  values.reserve(counts.size());
  for (const std::int64_t count : counts) values.push_back(scale.value_of(count));
  for (std::size_t left = in.count(); left > 0; --left) {
    const std::size_t index = in.count();
    if (index >= values.size()) throw BadChunk("a chunk names a value it does not have");
    values[index] = std::bit_cast<float>(static_cast<std::uint32_t>(in.varint()));
  }
  return values;
}

// The bits, changed ones against the value before, byte by byte in four planes: the upper planes repeat.
void put_bits(ByteWriter& out, std::span<const float> values) {
  out.varint(values.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    std::uint32_t before = 0;
    for (const float value : values) {
      const auto bits = std::bit_cast<std::uint32_t>(value);
      out.byte(static_cast<std::uint8_t>((bits ^ before) >> shift));
      before = bits;
    }
  }
}

std::vector<float> get_bits(ByteReader& in) {
  const std::size_t count = in.count();
  const std::string_view planes = in.raw(count * 4);
  std::vector<float> values;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (unsigned plane = 0; plane < 4; ++plane)
      bits ^= std::uint32_t{static_cast<std::uint8_t>(planes[plane * count + i])} << (plane * 8);
    values.push_back(std::bit_cast<float>(bits));
  }
  return values;
}

}  // namespace

void put_floats(ByteWriter& out, std::span<const float> values) {
  const std::optional<Step> step = find_step(values);
  out.byte(step ? step->family : as_bits);
  if (step) {
    put_counts(out, *step, values);
  } else {
    put_bits(out, values);
  }
}

std::vector<float> get_floats(ByteReader& in) {
  const std::uint8_t family = in.byte();
  return family == as_bits ? get_bits(in) : get_counts(in, family);
}

}  // namespace rytme::journal
